// Members and owners on GitHub, and where the pages may lead back to.

import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import {
  getReturnParameters,
  readFields,
  RETURN_URL,
  send,
  startTestSandbox,
  submitInstallPage,
  type Answer,
} from './sandbox-client.ts'

const HUBOT = 'sandbox_person=hubot'

function readPage(answer: Answer): { heading: string; text: string; buttons: string[] } {
  const { document } = new JSDOM(answer.text).window
  return {
    heading: document.querySelector('h1')?.textContent ?? '',
    text: document.body.textContent ?? '',
    buttons: [...document.querySelectorAll('button')].map((button) => button.textContent ?? ''),
  }
}

describe('a member', () => {
  it('can only request, and comes back without an id', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    const { authUrl, state } = await getInstallUrl()
    const back = await submitInstallPage(authUrl, {
      account: 'acme-coffee',
      button: 'Request',
      cookie: HUBOT,
    })
    expect(back.status).toBe(302)
    expect(getReturnParameters(back)).toEqual({ setup_action: 'request', state })
    expect(sandbox.installations).toEqual([])
    expect(sandbox.pendingRequests).toMatchObject([{ account: 'acme-coffee', requestedBy: 'hubot' }])
  })

  it('is told when the App is there already, and not led back', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    sandbox.scenario('install', { account: 'acme-coffee' })
    const { authUrl } = await getInstallUrl()
    expect(readPage(await send(authUrl, { headers: { Cookie: HUBOT } })).buttons).toEqual([
      'Switch to mona',
      'Switch to trent',
      'Cancel',
    ])
    const answer = await send(authUrl, {
      method: 'POST',
      headers: { Cookie: HUBOT },
      body: new URLSearchParams({ account: 'acme-coffee', action: 'install' }),
    })
    expect(answer.status).toBe(200)
    expect(readPage(answer).heading).toBe('Already installed')
  })

  it('cannot install by sending the button of an owner', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    const { authUrl } = await getInstallUrl()
    await send(authUrl, {
      method: 'POST',
      headers: { Cookie: HUBOT },
      body: new URLSearchParams({ account: 'acme-coffee', action: 'install' }),
    })
    expect(sandbox.installations).toEqual([])
  })

  it('has the request granted by an owner who installs', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    await submitInstallPage((await getInstallUrl()).authUrl, { account: 'acme-coffee', cookie: HUBOT })
    const { authUrl } = await getInstallUrl()
    expect(readPage(await send(authUrl)).text).toContain('hubot has asked for this App')
    await submitInstallPage(authUrl, { account: 'acme-coffee' })
    expect(sandbox.pendingRequests).toEqual([])
    expect(sandbox.installations).toHaveLength(1)
  })
})

describe('switching the person', () => {
  it('is done by the form in the header and comes back to the same page', async () => {
    const { getInstallUrl } = await startTestSandbox()
    const { authUrl } = await getInstallUrl()
    const { window } = new JSDOM((await send(authUrl)).text, { url: authUrl })
    const form = window.document.querySelector<HTMLFormElement>('form.person')
    if (!form) throw new Error('no form to switch the person')
    const fields = readFields(new window.FormData(form))
    const answer = await send(form.action, { method: 'POST', body: new URLSearchParams(fields) })
    expect(answer.status).toBe(303)
    expect(new URL(answer.headers.get('location') ?? '', authUrl).href).toBe(authUrl)
    expect(answer.headers.get('set-cookie')).toMatch(
      /^sandbox_person=hubot; path=\/; samesite=lax; httponly$/,
    )
  })

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example'])(
    'never leads to %s',
    async (back) => {
      const { sandbox } = await startTestSandbox()
      const body = new URLSearchParams({ person: 'hubot', back })
      const answer = await send(`${sandbox.githubUrl}/switch-person`, { method: 'POST', body })
      expect(answer.headers.get('location')).toBe('/')
    },
  )
})

describe('the way back', () => {
  it('does not exist after Cancel, which shows GitHub’s own page and changes nothing', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    const answer = await submitInstallPage((await getInstallUrl()).authUrl, {
      account: 'acme-coffee',
      button: 'Cancel',
    })
    expect(answer.status).toBe(200)
    expect(readPage(answer).heading).toBe('Nothing was changed')
    expect(sandbox.installations).toEqual([])
  })

  it('does not exist from the App’s public page, which has neither state nor return URL', async () => {
    const { sandbox } = await startTestSandbox()
    const publicPage = `${sandbox.githubUrl}/apps/layers-connector/installations/new`
    const answer = await submitInstallPage(publicPage, { account: 'acme-coffee' })
    expect(answer.status).toBe(200)
    expect(readPage(answer).heading).toBe('Installed')
    expect(sandbox.installations).toHaveLength(1)
  })

  it.each([
    ['another redirect_uri', (url: URL) => url.searchParams.set('redirect_uri', 'https://evil.example/')],
    [
      'a redirect_uri that only begins the same',
      (url: URL) => url.searchParams.set('redirect_uri', `${RETURN_URL}/x`),
    ],
    ['no redirect_uri', (url: URL) => url.searchParams.delete('redirect_uri')],
    ['an unknown state', (url: URL) => url.searchParams.set('state', 'made-up')],
    ['no state', (url: URL) => url.searchParams.delete('state')],
  ])('is refused with an error page for %s, so the sandbox is no open redirector', async (_what, change) => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    const url = new URL((await getInstallUrl()).authUrl)
    change(url)
    expect((await send(url.href)).status).toBe(400)
    const answer = await send(url.href, {
      method: 'POST',
      body: new URLSearchParams({ account: 'acme-coffee' }),
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('location')).toBeNull()
    expect(sandbox.installations).toEqual([])
  })
})
