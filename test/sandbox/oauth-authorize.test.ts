// The page on which a person lets an App know who they are, and where it leads.

import { describe, expect, it } from 'vitest'
import { HUBOT, openPage, pressButton } from './github-pages-client.ts'
import { exchange } from './rest-client.ts'
import { getReturnParameters, send, startTestSandbox } from './sandbox-client.ts'

const CALLBACK = 'https://app.example.com/connect/github/return'
const OTHER_CALLBACK = 'https://app.example.com/other?kept=1'

async function startAuthorize(query: Readonly<Record<string, string>> = {}) {
  const { sandbox } = await startTestSandbox()
  sandbox.configureApp('partner', { callbackUrls: [CALLBACK, OTHER_CALLBACK] })
  const all = { client_id: sandbox.apps.partner.clientId, state: 'st/ate', ...query }
  const url = `${sandbox.githubUrl}/login/oauth/authorize?${new URLSearchParams(all)}`
  const press = (action: string, cookie?: string) =>
    send(url, {
      method: 'POST',
      headers: cookie === undefined ? {} : { Cookie: cookie },
      body: new URLSearchParams({ action }),
    })
  return { sandbox, url, press }
}

describe('the authorize page', () => {
  it('names the App, the person and where it leads, and has two buttons', async () => {
    const { url } = await startAuthorize()
    const page = await openPage(url)
    expect(page.status).toBe(200)
    expect(page.heading).toBe('Authorize Brightline App')
    expect(page.text).toContain('mona')
    expect(page.text).toContain('https://app.example.com')
    expect(page.buttons).toEqual(['Authorize', 'Cancel'])
  })

  it('lets the person be switched, and comes back to itself', async () => {
    const { url } = await startAuthorize()
    const page = await pressButton(await openPage(url), 'Switch to trent')
    expect(page.url).toBe(url)
    expect(page.text).toContain('trent')
  })

  it('leads back with a code and the state, and the code is worth a token of that person', async () => {
    const { sandbox, press } = await startAuthorize()
    const back = await press('authorize', HUBOT)
    expect(back.status).toBe(302)
    expect(back.headers.get('location')?.startsWith(`${CALLBACK}?`)).toBe(true)
    const { code = '', ...rest } = getReturnParameters(back)
    expect(code).toMatch(/^[\da-f]{20}$/)
    expect(rest).toEqual({ state: 'st/ate' })
    expect((await exchange(sandbox, { code }, 'partner')).json).toMatchObject({ token_type: 'bearer' })
    expect(sandbox.userTokens).toMatchObject([{ person: 'hubot', app: 'partner' }])
  })

  it('leads back without a code on Cancel, saying so', async () => {
    const { press } = await startAuthorize()
    expect(getReturnParameters(await press('cancel'))).toEqual({
      error: 'access_denied',
      error_description: 'The user has denied your application access.',
      error_uri: expect.stringContaining('#access-denied'),
      state: 'st/ate',
    })
  })

  it('leads to the URL that was asked for when it is registered, keeping its query', async () => {
    const { press } = await startAuthorize({ redirect_uri: OTHER_CALLBACK })
    const back = await press('authorize')
    expect(back.headers.get('location')).toMatch(/^https:\/\/app\.example\.com\/other\?kept=1&code=/)
  })

  it('leaves out a state that was not sent', async () => {
    const { sandbox } = await startAuthorize()
    const query = new URLSearchParams({ client_id: sandbox.apps.partner.clientId })
    const back = await send(`${sandbox.githubUrl}/login/oauth/authorize?${query}`, {
      method: 'POST',
      body: new URLSearchParams({ action: 'authorize' }),
    })
    expect(Object.keys(getReturnParameters(back))).toEqual(['code'])
  })

  it.each([
    'https://evil.example/',
    `${CALLBACK}/`,
    `${CALLBACK}?x=1`,
    'http://app.example.com/connect/github/return',
    'https://app.example.com/CONNECT/github/return',
    '',
  ])('is an error page for the redirect_uri "%s", and leads nowhere', async (redirectUri) => {
    const { sandbox, url, press } = await startAuthorize({ redirect_uri: redirectUri })
    const page = await openPage(url)
    expect([page.status, page.heading]).toEqual([400, 'Be careful!'])
    const answer = await press('authorize')
    expect(answer.status).toBe(400)
    expect(answer.headers.get('location')).toBeNull()
    expect(sandbox.userTokens).toEqual([])
  })

  it('is an error page for an App without any callback URL', async () => {
    const { sandbox } = await startTestSandbox()
    const query = new URLSearchParams({ client_id: sandbox.apps.partner.clientId })
    expect((await send(`${sandbox.githubUrl}/login/oauth/authorize?${query}`)).status).toBe(400)
  })

  it('is 404 for an unknown client', async () => {
    const { url } = await startAuthorize({ client_id: 'Iv23liNobody00000000' })
    expect((await send(url)).status).toBe(404)
  })

  it.each([
    [{ code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }],
    [{ code_challenge: 'x'.repeat(43) }],
    [{ code_challenge_method: 'S256' }],
  ])('leads back with an error for the challenge %j', async (query) => {
    const { url } = await startAuthorize(query)
    expect(getReturnParameters(await send(url))).toMatchObject({ error: 'invalid_request', state: 'st/ate' })
  })

  it('carries the headers of the other pages', async () => {
    const { sandbox, url } = await startAuthorize()
    sandbox.scenario('coop', { value: 'unsafe-none' })
    const { headers } = await send(url)
    expect(headers.get('cross-origin-opener-policy')).toBe('unsafe-none')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('cache-control')).toBe('no-store')
  })
})
