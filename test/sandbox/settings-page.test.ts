// The settings pages of GitHub: what is installed on an account, and what its owners can do about it.

import { describe, expect, it } from 'vitest'
import { HUBOT, openPage, postForm, pressButton, startOnSettings } from './github-pages-client.ts'
import { installOnGithub, startTestSandbox, submitInstallPage } from './sandbox-client.ts'

const DAY_MS = 24 * 60 * 60_000

describe('the settings page of an organization', () => {
  it('says so when nothing is installed, and offers no button', async () => {
    const { settingsUrl } = await startOnSettings()
    const page = await openPage(settingsUrl)
    expect(page.status).toBe(200)
    expect(page.heading).toBe('Installed GitHub Apps')
    expect(page.text).toContain('No GitHub Apps are installed on acme-coffee.')
    expect(page.buttons).toEqual([])
  })

  it('lists the App with its repositories and since when it is installed', async () => {
    const { sandbox, settingsUrl, pass } = await startOnSettings()
    sandbox.scenario('install', { account: 'acme-coffee' })
    pass(3 * DAY_MS)
    const page = await openPage(settingsUrl)
    expect(page.text).toContain('Layers Connector')
    expect(page.text).toContain('All repositories.')
    expect(page.text).toContain('Installed on July 2, 2026.')
    expect(page.document.querySelector('time')?.dateTime).toBe('2026-07-02T10:30:00.250Z')
    expect(page.text).not.toContain('Suspended')
    expect(page.buttons).toEqual(['Configure', 'Suspend', 'Uninstall'])
  })

  it('names the repositories when only some were selected', async () => {
    const { getInstallUrl, settingsUrl } = await startOnSettings()
    const repositories = ['acme-coffee/menu-web', 'acme-coffee/beans-api']
    await submitInstallPage((await getInstallUrl()).authUrl, { account: 'acme-coffee', repositories })
    expect((await openPage(settingsUrl)).text).toContain(
      'Only selected repositories: acme-coffee/beans-api, acme-coffee/menu-web.',
    )
  })

  it('shows what is installed on this account only', async () => {
    const { sandbox, settingsUrl } = await startOnSettings('nordwind-shop')
    sandbox.scenario('install', { account: 'acme-coffee' })
    expect((await openPage(settingsUrl)).buttons).toEqual([])
  })

  it('is the page that the header’s switch of the person comes back to', async () => {
    const { settingsUrl } = await startOnSettings()
    const page = await pressButton(await openPage(settingsUrl), 'Switch to hubot')
    expect(page.url).toBe(settingsUrl)
    expect(page.text).toContain('Only owners of acme-coffee can change')
  })

  it.each(['nobody', 'mona', 'ACME', '%00', '..%2f..'])(
    'is 404 for %s, which is no organization',
    async (name) => {
      const { settingsUrl } = await startOnSettings(name)
      expect((await openPage(settingsUrl)).status).toBe(404)
      expect((await postForm(settingsUrl, new URLSearchParams({ action: 'uninstall' }))).status).toBe(404)
    },
  )
})

describe('an owner', () => {
  it('suspends and unsuspends, which Layers sees', async () => {
    const { call, bind, getInstallUrl, settingsUrl, pass } = await startOnSettings()
    const { installationId, state } = await installOnGithub({ getInstallUrl })
    await bind(installationId, state)
    const readStatus = async () => (await call('GET', '/v1/github/installation')).json?.['status']
    pass(DAY_MS)
    const suspended = await pressButton(await openPage(settingsUrl), 'Suspend')
    expect(suspended.url).toBe(settingsUrl)
    expect(suspended.text).toContain('Suspended since July 3, 2026')
    expect(suspended.buttons).toEqual(['Configure', 'Unsuspend', 'Uninstall'])
    expect(await readStatus()).toBe('suspended')
    const active = await pressButton(suspended, 'Unsuspend')
    expect(active.text).not.toContain('Suspended')
    expect(active.buttons).toEqual(['Configure', 'Suspend', 'Uninstall'])
    expect(await readStatus()).toBe('active')
  })

  it('uninstalls', async () => {
    const { sandbox, settingsUrl } = await startOnSettings()
    for (const account of ['acme-coffee', 'mona']) sandbox.scenario('install', { account })
    const page = await pressButton(await openPage(settingsUrl), 'Uninstall')
    expect(page.text).toContain('No GitHub Apps are installed on acme-coffee.')
    expect(sandbox.installations).toMatchObject([{ account: { login: 'mona' } }])
  })

  it('configures on the install page, which shows this account first and stays on GitHub after Save', async () => {
    const { sandbox, settingsUrl } = await startOnSettings('nordwind-shop')
    sandbox.scenario('install', { account: 'nordwind-shop' })
    const page = await pressButton(await openPage(settingsUrl), 'Configure')
    expect(new URL(page.url).pathname).toBe('/apps/layers-connector/installations/new')
    expect(page.document.querySelector<HTMLInputElement>('input[name="account"]:checked')?.value).toBe(
      'nordwind-shop',
    )
    const repositories = ['nordwind-shop/catalog']
    const choice = { account: 'nordwind-shop', button: 'Save', repositories }
    const saved = await submitInstallPage(page.url, choice)
    expect(saved.status).toBe(200)
    expect(saved.text).toContain('<h1>Settings saved</h1>')
    expect(sandbox.installations).toMatchObject([{ installationId: 61_200_417, repositories }])
  })

  it('approves a request as it was made, and stays on GitHub’s page', async () => {
    const { sandbox, settingsUrl, requestAsMember } = await startOnSettings()
    const repositories = ['acme-coffee/menu-web']
    await requestAsMember(repositories)
    const pending = await openPage(settingsUrl)
    expect(pending.text).toContain('Pending request: hubot asked for it on July 2, 2026.')
    expect(pending.text).toContain('Only selected repositories: acme-coffee/menu-web.')
    expect(pending.buttons).toEqual(['Approve', 'Deny'])
    const approved = await pressButton(pending, 'Approve')
    expect(approved.url).toBe(settingsUrl)
    expect(approved.text).toContain('as hubot had asked')
    expect(approved.buttons).toEqual(['Configure', 'Suspend', 'Uninstall'])
    expect(sandbox.pendingRequests).toEqual([])
    expect(sandbox.installations).toMatchObject([{ requestedBy: 'hubot', repositories }])
  })

  it('denies a request, after which nothing is left of it', async () => {
    const { sandbox, settingsUrl, requestAsMember } = await startOnSettings()
    await requestAsMember()
    const denied = await pressButton(await openPage(settingsUrl), 'Deny')
    expect(denied.text).toContain('No GitHub Apps are installed')
    expect(sandbox.pendingRequests).toEqual([])
    expect(sandbox.installations).toEqual([])
  })

  it.each(['Suspend', 'Uninstall'])('is told when %s comes too late', async (button) => {
    const { sandbox, settingsUrl } = await startOnSettings()
    sandbox.scenario('install', { account: 'acme-coffee' })
    const page = await openPage(settingsUrl)
    sandbox.scenario('uninstall', { account: 'acme-coffee' })
    const late = await pressButton(page, button)
    expect(late.status).toBe(422)
    expect(late.problem).toBe('Layers Connector is not installed on acme-coffee any more.')
  })

  it.each(['Approve', 'Deny'])('is told when %s comes after another owner decided', async (button) => {
    const { sandbox, settingsUrl, requestAsMember } = await startOnSettings()
    await requestAsMember()
    const page = await openPage(settingsUrl)
    sandbox.scenario('approve_request', { account: 'acme-coffee' })
    const late = await pressButton(page, button)
    expect(late.status).toBe(422)
    expect(late.problem).toBe('Nobody is asking for Layers Connector on acme-coffee any more.')
    expect(sandbox.installations).toHaveLength(1)
  })

  it.each(['', 'install', 'toString', '__proto__'])('is refused the action "%s"', async (action) => {
    const { sandbox, settingsUrl } = await startOnSettings()
    sandbox.scenario('install', { account: 'acme-coffee' })
    const before = sandbox.installations
    expect((await postForm(settingsUrl, new URLSearchParams({ action }))).status).toBe(422)
    expect(sandbox.installations).toEqual(before)
  })
})

describe('the settings page of a personal account', () => {
  it('is the signed-in person’s own, with the same buttons', async () => {
    const { sandbox } = await startTestSandbox()
    const url = `${sandbox.githubUrl}/settings/installations`
    for (const account of ['acme-coffee', 'mona']) sandbox.scenario('install', { account })
    const page = await openPage(url)
    expect(page.text).toContain('mona')
    expect(page.text).toContain('Your personal account')
    const gone = await pressButton(await pressButton(page, 'Suspend'), 'Uninstall')
    expect(gone.url).toBe(url)
    expect(gone.text).toContain('No GitHub Apps are installed on mona.')
    expect(sandbox.installations).toMatchObject([{ account: { login: 'acme-coffee' }, suspendedAt: null }])
  })

  it('is not another person’s: hubot sees and changes nothing of mona’s', async () => {
    const { sandbox } = await startTestSandbox()
    const url = `${sandbox.githubUrl}/settings/installations`
    sandbox.scenario('install', { account: 'mona' })
    expect((await openPage(url, HUBOT)).text).toContain('No GitHub Apps are installed on hubot.')
    expect((await postForm(url, new URLSearchParams({ action: 'uninstall' }), HUBOT)).status).toBe(422)
    expect(sandbox.installations).toHaveLength(1)
  })
})
