// People and accounts that change, and what is registered about the two Apps.

import { describe, expect, it } from 'vitest'
import { openPage, pressButton } from './github-pages-client.ts'
import { createRest, exchange, signIn } from './rest-client.ts'
import { installOnGithub, send, startTestSandbox } from './sandbox-client.ts'

const INSTALL_PATH = '/apps/layers-connector/installations/new'
const RENAME = { account: 'acme-coffee', login: 'acme-roasters' }

describe('trent, who belongs to nothing', () => {
  it('can install on the own account only', async () => {
    const { sandbox } = await startTestSandbox()
    const page = await openPage(`${sandbox.githubUrl}${INSTALL_PATH}`, 'sandbox_person=trent')
    const logins = [...page.document.querySelectorAll<HTMLInputElement>('input[name="account"]')]
    expect(logins.map(({ value }) => value)).toEqual(['trent'])
    expect((await pressButton(page, 'Install', 'sandbox_person=trent')).heading).toBe('Installed')
    expect(sandbox.installations).toMatchObject([{ account: { login: 'trent', type: 'User' } }])
  })

  it('sees nothing of an organization', async () => {
    const { sandbox } = await startTestSandbox()
    sandbox.scenario('install', { account: 'acme-coffee' })
    const url = `${sandbox.githubUrl}/organizations/acme-coffee/settings/installations`
    const page = await openPage(url, 'sandbox_person=trent')
    expect(page.text).toContain('You do not belong to it.')
    expect(page.text).not.toContain('Layers Connector')
  })
})

describe('set_membership', () => {
  it('makes an owner of a member, who may install then', async () => {
    const { sandbox } = await startTestSandbox()
    sandbox.scenario('set_membership', { person: 'hubot', account: 'acme-coffee', role: 'owner' })
    const page = await openPage(`${sandbox.githubUrl}${INSTALL_PATH}`, 'sandbox_person=hubot')
    expect(page.buttons).toEqual(['Install', 'Cancel'])
  })

  it.each([
    ['who is only invited', { role: 'owner', state: 'pending' }],
    ['who left', { role: 'none' }],
  ])('takes the pages away from somebody %s', async (_who, membership) => {
    const { sandbox } = await startTestSandbox()
    sandbox.scenario('set_membership', { person: 'mona', account: 'acme-coffee', ...membership })
    const page = await openPage(`${sandbox.githubUrl}/organizations/acme-coffee/settings/installations`)
    expect(page.text).toContain('You do not belong to it.')
  })

  it.each([
    [{ person: 'nobody', account: 'acme-coffee', role: 'owner' }, 'mona, hubot, trent'],
    [{ person: 'mona', account: 'trent', role: 'owner' }, 'acme-coffee, nordwind-shop, initech-labs'],
    [{ person: 'mona', account: 'acme-coffee', role: 'admin' }, 'owner, member, none'],
    [{ person: 'mona', account: 'acme-coffee', role: 'owner', state: 'x' }, 'active, pending'],
  ])('is refused for %j, naming what is allowed', async (params, allowed) => {
    const { sandbox } = await startTestSandbox()
    expect(() => sandbox.scenario('set_membership', params)).toThrow(allowed)
  })
})

describe('rename_account', () => {
  it('changes the login everywhere, and neither the installation nor its id', async () => {
    const test = await startTestSandbox()
    const { sandbox } = test
    const { installationId, state } = await installOnGithub(test)
    await test.bind(installationId, state)
    sandbox.scenario('rename_account', RENAME)
    expect(sandbox.installations).toMatchObject([{ installationId, account: { login: 'acme-roasters' } }])
    expect(sandbox.bindings).toMatchObject([{ installationId, account: { login: 'acme-roasters' } }])
    const bound = await test.call('GET', '/v1/github/installation')
    expect(bound.json).toMatchObject({ orgLogin: 'acme-roasters', githubAccount: { login: 'acme-roasters' } })
    const { json } = await test.call('GET', '/v1/github/repos?limit=1')
    expect(json?.['items']).toMatchObject([{ fullName: 'acme-roasters/beans-api', owner: 'acme-roasters' }])
  })

  it('keeps the number of the account in GitHub’s API, where the old login is 404', async () => {
    const { sandbox } = await startTestSandbox()
    const rest = createRest(sandbox)
    const authorization = await signIn(sandbox)
    sandbox.scenario('rename_account', RENAME)
    const answer = await rest('GET', '/user/memberships/orgs/acme-roasters', authorization)
    expect(answer.json).toMatchObject({ organization: { login: 'acme-roasters', id: 91_000_101 } })
    expect((await rest('GET', '/user/memberships/orgs/acme-coffee', authorization)).status).toBe(404)
  })

  it('leaves selected repositories selected', async () => {
    const { sandbox } = await startTestSandbox()
    const url = `${sandbox.githubUrl}${INSTALL_PATH}`
    const body = new URLSearchParams({
      account: 'acme-coffee',
      repository_selection: 'selected',
      repository: 'acme-coffee/menu-web',
    })
    await send(url, { method: 'POST', body })
    sandbox.scenario('rename_account', RENAME)
    expect(sandbox.installations[0]?.repositories).toEqual(['acme-roasters/menu-web'])
  })

  it.each([
    ['a login that is taken', { ...RENAME, login: 'Nordwind-Shop' }, 'is taken'],
    ['a login that GitHub would not allow', { ...RENAME, login: '-x' }, 'login must be'],
    ['a personal account', { account: 'mona', login: 'lisa' }, 'account must be one of'],
    ['the old login', { account: 'acme-roasters', login: 'x' }, 'account must be one of'],
  ])('is refused for %s', async (_what, params, message) => {
    const { sandbox } = await startTestSandbox()
    expect(() => sandbox.scenario('rename_account', params)).toThrow(message)
  })

  it('is undone by a reset', async () => {
    const { sandbox } = await startTestSandbox()
    sandbox.scenario('rename_account', RENAME)
    sandbox.reset()
    expect(() => sandbox.scenario('install', { account: 'acme-coffee' })).not.toThrow()
  })
})

describe('the Apps', () => {
  it('have defaults, and secrets of their own', async () => {
    const { sandbox } = await startTestSandbox()
    const { connector, partner } = sandbox.apps
    expect(connector).toMatchObject({
      appId: 210_417,
      slug: 'layers-connector',
      callbackUrls: [],
      webhook: null,
    })
    expect(partner).toMatchObject({ appId: 310_982, slug: 'brightline-app' })
    expect(connector.clientSecret).toMatch(/^[\da-f]{40}$/)
    expect(connector.clientSecret).not.toBe(partner.clientSecret)
    expect(connector.privateKeyPem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/)
    expect(connector.privateKeyPem).toBe(connector.privateKeyPem)
  })

  it('take what is given, also the old option for the slug', async () => {
    const { sandbox } = await startTestSandbox({
      appSlug: 'acme-connector',
      apps: { connector: { appId: 7, clientSecret: 'given' }, partner: { slug: 'my-app' } },
    })
    expect(sandbox.apps.connector).toMatchObject({ appId: 7, slug: 'acme-connector', clientSecret: 'given' })
    expect(sandbox.apps.partner.slug).toBe('my-app')
  })

  it('stay as configured through a reset, which ends codes and tokens', async () => {
    const { sandbox } = await startTestSandbox()
    const callbackUrls = ['https://app.example.com/return']
    sandbox.configureApp('partner', { callbackUrls })
    const { clientSecret, privateKeyPem } = sandbox.apps.partner
    const code = sandbox.issueCode({ app: 'partner', person: 'mona' })
    sandbox.reset()
    expect(sandbox.apps.partner).toMatchObject({ callbackUrls, clientSecret, privateKeyPem })
    expect((await exchange(sandbox, { code }, 'partner')).json?.['error']).toBe('bad_verification_code')
    expect(sandbox.userTokens).toEqual([])
  })

  it('are configured and read over HTTP as well', async () => {
    const { sandbox, control } = await startTestSandbox()
    const registered = {
      callbackUrls: ['https://app.example.com/return'],
      requestAuthorizationOnInstall: true,
      webhook: { url: 'http://127.0.0.1:9/hooks', secret: 'shh' },
    }
    const answer = await control('/scenarios', { name: 'configure_app', app: 'connector', ...registered })
    expect(answer.status).toBe(204)
    const { clientId, clientSecret } = sandbox.apps.connector
    expect((await send(`${sandbox.controlUrl}/state`)).json?.['apps']).toMatchObject({
      connector: { appId: 210_417, clientId, clientSecret, ...registered },
      partner: { slug: 'brightline-app' },
    })
    await control('/scenarios', { name: 'configure_app', app: 'connector', webhook: null })
    expect(sandbox.apps.connector.webhook).toBeNull()
    const key = await send(`${sandbox.controlUrl}/apps/connector/private-key.pem`)
    expect(key.text).toBe(sandbox.apps.connector.privateKeyPem)
    expect((await send(`${sandbox.controlUrl}/apps/nobody/private-key.pem`)).status).toBe(404)
  })

  it.each([
    [{ app: 'x' }, 'connector, partner'],
    [{ app: 'partner', callbackUrls: 'https://x.example' }, 'a list of strings'],
    [{ app: 'partner', webhook: { url: 'ftp://x', secret: 's' } }, 'webhook must be'],
    [{ app: 'partner', webhook: { url: 'https://x.example', secret: '' } }, 'webhook must be'],
    [{ app: 'partner', webhook: { url: 'https://x.example', secret: 's', x: 1 } }, 'webhook must be'],
    [{ app: 'partner', requestAuthorizationOnInstall: 'yes' }, 'true or false'],
  ])('are not configured with %j', async (params, message) => {
    const { sandbox } = await startTestSandbox()
    expect(() => sandbox.scenario('configure_app', params)).toThrow(message)
  })
})
