// The OAuth code that the return of an installation can bring, and the id of somebody else's installation.

import { describe, expect, it } from 'vitest'
import { exchange } from './rest-client.ts'
import { getReturnParameters, startTestSandbox, submitInstallPage } from './sandbox-client.ts'

const AS_HUBOT = { account: 'acme-coffee', cookie: 'sandbox_person=hubot' }

async function startWithCodes() {
  const test = await startTestSandbox({ apps: { connector: { requestAuthorizationOnInstall: true } } })
  const submit = async (choice: Parameters<typeof submitInstallPage>[1]) =>
    getReturnParameters(await submitInstallPage((await test.getInstallUrl()).authUrl, choice))
  return { ...test, submit }
}

async function readPersonOf(sandbox: Parameters<typeof exchange>[0], code: string | undefined) {
  await exchange(sandbox, { code: code ?? '' })
  return sandbox.userTokens.map(({ app, person }) => `${person} through ${app}`)
}

describe('an App that asks for authorization on install', () => {
  it.each([
    ['mona', 'acme-coffee'],
    ['trent', 'trent'],
  ])('brings a code worth a token of %s, who installed', async (person, account) => {
    const { sandbox, submit } = await startWithCodes()
    const { code, ...rest } = await submit({ account, cookie: `sandbox_person=${person}` })
    expect(rest).toMatchObject({ setup_action: 'install', installation_id: '61200417' })
    expect(await readPersonOf(sandbox, code)).toEqual([`${person} through connector`])
  })

  it('brings none with an update', async () => {
    const { sandbox, submit } = await startWithCodes()
    sandbox.scenario('install', { account: 'acme-coffee' })
    const parameters = await submit({ account: 'acme-coffee' })
    expect(parameters['setup_action']).toBe('update')
    expect(parameters).not.toHaveProperty('code')
  })

  it('brings none with a member’s request', async () => {
    const { submit } = await startWithCodes()
    const parameters = await submit(AS_HUBOT)
    expect(parameters['setup_action']).toBe('request')
    expect(parameters).not.toHaveProperty('code')
  })

  it('can be told later, and told otherwise again', async () => {
    const { sandbox, submit } = await startWithCodes()
    sandbox.configureApp('connector', { requestAuthorizationOnInstall: false })
    expect(await submit({ account: 'acme-coffee' })).not.toHaveProperty('code')
    sandbox.scenario('configure_app', { app: 'connector', requestAuthorizationOnInstall: true })
    expect(await submit({ account: 'mona' })).toHaveProperty('code')
  })
})

describe('with_code_next', () => {
  it.each([
    ['an update', { account: 'acme-coffee' }, 'mona'],
    ['a request', AS_HUBOT, 'hubot'],
  ])('brings a code with %s too, worth a token of whoever did it', async (what, choice, person) => {
    const { sandbox, getInstallUrl } = await startTestSandbox()
    if (what === 'an update') sandbox.scenario('install', { account: 'acme-coffee' })
    sandbox.scenario('with_code_next')
    const back = await submitInstallPage((await getInstallUrl()).authUrl, choice)
    const { code } = getReturnParameters(back)
    expect(await readPersonOf(sandbox, code)).toEqual([`${person} through connector`])
  })
})

describe('return_installation_next', () => {
  it('brings the id of the named account, as often as asked', async () => {
    const { sandbox, getInstallUrl } = await startTestSandbox()
    sandbox.scenario('install', { account: 'nordwind-shop' })
    sandbox.scenario('return_installation_next', { account: 'nordwind-shop', times: 2 })
    const ids: (string | undefined)[] = []
    for (let time = 1; time <= 3; time += 1) {
      const back = await submitInstallPage((await getInstallUrl()).authUrl, { account: 'acme-coffee' })
      ids.push(getReturnParameters(back)['installation_id'])
    }
    expect(ids).toEqual(['61200417', '61200417', '61200418'])
  })

  it('installs the App there first when it is not', async () => {
    const { sandbox, getInstallUrl } = await startTestSandbox()
    sandbox.scenario('return_installation_next', { account: 'initech-labs' })
    const back = await submitInstallPage((await getInstallUrl()).authUrl, { account: 'acme-coffee' })
    const installationId = Number(getReturnParameters(back)['installation_id'])
    expect(sandbox.installations).toMatchObject([
      { account: { login: 'acme-coffee' } },
      { account: { login: 'initech-labs' }, installationId },
    ])
  })

  it('waits for a return that has an id', async () => {
    const { sandbox, getInstallUrl } = await startTestSandbox()
    sandbox.scenario('return_installation_next', { account: 'initech-labs' })
    const request = await submitInstallPage((await getInstallUrl()).authUrl, AS_HUBOT)
    expect(getReturnParameters(request)).not.toHaveProperty('installation_id')
    const back = await submitInstallPage((await getInstallUrl()).authUrl, { account: 'mona' })
    expect(getReturnParameters(back)['installation_id']).toBe('61200418')
  })
})
