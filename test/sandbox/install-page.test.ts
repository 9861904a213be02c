// The install page and who sees what on it.

import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import {
  getReturnParameters,
  RETURN_URL,
  send,
  startTestSandbox,
  submitInstallPage,
  type Answer,
} from './sandbox-client.ts'

function readPage(answer: Answer): { heading: string; text: string; buttons: string[] } {
  const { document } = new JSDOM(answer.text).window
  return {
    heading: document.querySelector('h1')?.textContent ?? '',
    text: document.body.textContent ?? '',
    buttons: [...document.querySelectorAll('button')].map((button) => button.textContent ?? ''),
  }
}

describe('the install page', () => {
  it('offers each account of the person, by its login, and the button that fits', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    sandbox.scenario('install', { account: 'nordwind-shop' })
    const page = await send((await getInstallUrl()).authUrl)
    const { document } = new JSDOM(page.text).window
    const names = [...document.querySelectorAll('input[name="account"]')].map(
      (radio) => document.getElementById(radio.getAttribute('aria-labelledby') ?? '')?.textContent,
    )
    expect(names).toEqual(['acme-coffee', 'nordwind-shop', 'mona'])
    expect(readPage(page).buttons).toEqual([
      'Switch to hubot',
      'Switch to trent',
      'Install',
      'Cancel',
      'Save',
      'Cancel',
      'Install',
      'Cancel',
    ])
  })

  it('says that it is a sandbox', async () => {
    const { getInstallUrl } = await startTestSandbox()
    const page = readPage(await send((await getInstallUrl()).authUrl))
    expect(page.heading).toBe('Install Layers Connector')
    expect(page.text).toContain('Nothing on this page reaches github.com')
  })

  it('is cut off from its opener, never stored and never framed', async () => {
    const { getInstallUrl } = await startTestSandbox()
    const { headers } = await send((await getInstallUrl()).authUrl)
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it('works without script: there is none', async () => {
    const { getInstallUrl } = await startTestSandbox()
    expect((await send((await getInstallUrl()).authUrl)).text).not.toContain('<script')
  })

  it('is 404 for another App', async () => {
    const { getInstallUrl } = await startTestSandbox()
    const { authUrl } = await getInstallUrl()
    expect((await send(authUrl.replace('layers-connector', 'other-app'))).status).toBe(404)
  })

  it('escapes what comes from the URL', async () => {
    const { getInstallUrl } = await startTestSandbox()
    const { authUrl } = await getInstallUrl({ state: '"><script>alert(1)</script>' })
    const page = await send(authUrl.replaceAll('%22', '"').replaceAll('%3E', '>').replaceAll('%3C', '<'))
    expect(page.text).not.toContain('<script')
    expect(page.status).toBe(200)
  })
})

describe('installing', () => {
  it('leads back with installation_id, setup_action and state, and nothing else', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    const { authUrl, state } = await getInstallUrl()
    const back = await submitInstallPage(authUrl, { account: 'acme-coffee', button: 'Install' })
    expect(back.status).toBe(302)
    expect(back.headers.get('location')).toBe(
      `${RETURN_URL}?installation_id=61200417&setup_action=install&state=${state}`,
    )
    expect(sandbox.installations).toMatchObject([
      {
        installationId: 61_200_417,
        account: { login: 'acme-coffee', type: 'Organization' },
        repositorySelection: 'all',
      },
    ])
  })

  it('gives out ids in sequence, and never the same one twice', async () => {
    const { sandbox } = await startTestSandbox()
    for (const account of ['acme-coffee', 'mona']) sandbox.scenario('install', { account })
    sandbox.scenario('uninstall', { account: 'mona' })
    sandbox.scenario('install', { account: 'mona' })
    expect(sandbox.installations.map(({ installationId }) => installationId)).toEqual([
      61_200_417, 61_200_419,
    ])
  })

  it('keeps the query of the return URL', async () => {
    const { getInstallUrl } = await startTestSandbox()
    const { authUrl } = await getInstallUrl({ returnUrl: `${RETURN_URL}?tenant=a%20b` })
    const back = await submitInstallPage(authUrl, { account: 'acme-coffee' })
    expect(getReturnParameters(back)).toMatchObject({ tenant: 'a b', setup_action: 'install' })
  })

  it('on selected repositories remembers which', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    const repositories = ['acme-coffee/menu-web']
    await submitInstallPage((await getInstallUrl()).authUrl, { account: 'acme-coffee', repositories })
    expect(sandbox.installations).toMatchObject([{ repositorySelection: 'selected', repositories }])
  })

  it('on none of the repositories is refused on the page', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    const answer = await submitInstallPage((await getInstallUrl()).authUrl, {
      account: 'acme-coffee',
      repositories: [],
    })
    expect(answer.status).toBe(422)
    expect(readPage(answer).text).toContain('Choose at least one repository')
    expect(sandbox.installations).toEqual([])
  })

  it('needs no more than the account, for clients without a browser', async () => {
    const { getInstallUrl } = await startTestSandbox()
    const { authUrl } = await getInstallUrl()
    const back = await send(authUrl, { method: 'POST', body: new URLSearchParams({ account: 'mona' }) })
    expect(getReturnParameters(back)).toMatchObject({ installation_id: '61200417' })
  })

  it.each(['initech-labs', 'nobody', ''])(
    'is refused for the account "%s", which is not one of the person’s',
    async (account) => {
      const { getInstallUrl, sandbox } = await startTestSandbox()
      const { authUrl } = await getInstallUrl()
      const answer = await send(authUrl, { method: 'POST', body: new URLSearchParams({ account }) })
      expect(answer.status).toBe(422)
      expect(sandbox.installations).toEqual([])
    },
  )

  it('leads back after the state expired as well, because GitHub does not know', async () => {
    const { getInstallUrl, pass } = await startTestSandbox()
    const { authUrl, state } = await getInstallUrl()
    pass(60 * 60_000)
    expect(getReturnParameters(await submitInstallPage(authUrl, { account: 'mona' }))).toMatchObject({
      state,
    })
  })
})

describe('configuring', () => {
  it('keeps the id and leads back with setup_action=update', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    sandbox.scenario('install', { account: 'acme-coffee' })
    const { authUrl, state } = await getInstallUrl()
    const repositories = ['acme-coffee/pos-android']
    const back = await submitInstallPage(authUrl, { account: 'acme-coffee', button: 'Save', repositories })
    expect(getReturnParameters(back)).toEqual({ installation_id: '61200417', setup_action: 'update', state })
    expect(sandbox.installations).toMatchObject([{ installationId: 61_200_417, repositories }])
  })

  it('starts from what is selected', async () => {
    const { getInstallUrl } = await startTestSandbox()
    const repositories = ['acme-coffee/menu-web']
    await submitInstallPage((await getInstallUrl()).authUrl, { account: 'acme-coffee', repositories })
    const { document } = new JSDOM((await send((await getInstallUrl()).authUrl)).text).window
    const checked = [...document.querySelectorAll<HTMLInputElement>('[data-panel="0"] input:checked')]
    expect(checked.map(({ value }) => value)).toEqual(['selected', 'acme-coffee/menu-web'])
  })

  it('of a suspended installation shows a notice and still saves', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    sandbox.scenario('install', { account: 'acme-coffee' })
    sandbox.scenario('suspend', { account: 'acme-coffee' })
    const { authUrl } = await getInstallUrl()
    expect(readPage(await send(authUrl)).text).toContain('This installation is suspended')
    const back = await submitInstallPage(authUrl, { account: 'acme-coffee', button: 'Save' })
    expect(getReturnParameters(back)).toMatchObject({ setup_action: 'update' })
    expect(sandbox.installations[0]?.suspendedAt).not.toBeNull()
  })
})
