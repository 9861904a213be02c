// Proof of ownership in the whole flow, against the sandbox's GitHub: who is let through, who is told what, and what is posted.
import { afterEach, describe, expect, it } from 'vitest'
import type { FlowView } from '../../bff/contract.ts'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import type { SandboxPerson, TestBrowser } from '../stack/test-browser.ts'
import { listEvents, listPosts } from './what-happened.ts'

let stack: Stack
afterEach(() => stack.close())

async function start(ownership: 'own-app' | 'partner-app', options: StackOptions = {}): Promise<TestBrowser> {
  stack = await startStack({ ownership, ...options })
  return stack.browser('ann')
}

/** From the click to GitHub's return, which the flow then answers with a page of its own. */
async function install(ann: TestBrowser, account: string, person: SandboxPerson = 'mona'): Promise<FlowView> {
  const flow = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flow.flowId), { account }, person)
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  expect((await ann.navigate(returnUrl)).status).toBe(303)
  return ann.getFlow(flow.flowId)
}

/** The second trip to GitHub, where it says who the customer is. */
async function authorize(
  ann: TestBrowser,
  flow: FlowView,
  person: SandboxPerson = 'mona',
  action: 'authorize' | 'cancel' = 'authorize',
): Promise<FlowView> {
  const answer = await ann.launch(flow.flowId)
  if (answer.status !== 'ready') throw new Error('the authorize page is not ready')
  const returnUrl = await ann.authorizeOnGitHub(answer.url, action, person)
  const page = await ann.navigate(returnUrl)
  expect(page.headers.get('location')).toBe(`${stack.publicUrl}/flows/${flow.flowId}/done`)
  return ann.waitForEnd(flow.flowId)
}

describe.each(['own-app', 'partner-app'] as const)('with OWNERSHIP=%s', (ownership) => {
  it('an owner connects, after GitHub said who it is', async () => {
    const ann = await start(ownership)
    const installed = await install(ann, 'acme-coffee')
    expect(installed.status).toBe('authorizing')
    expect(listPosts(stack.sandbox)).toEqual([])
    expect(await authorize(ann, installed)).toMatchObject({
      status: 'connected',
      account: { login: 'acme-coffee', type: 'Organization' },
    })
    expect(listPosts(stack.sandbox)).toHaveLength(1)
    expect(listEvents(stack, 'ownership_proved')).toHaveLength(1)
  })

  it('a page says why there is a second step, and leads on', async () => {
    const ann = await start(ownership)
    const flow = await install(ann, 'acme-coffee')
    const page = await ann.navigate(`${stack.publicUrl}/flows/${flow.flowId}/done`)
    expect(page.text).toContain('One more step on GitHub')
    expect(page.text).toContain('only an owner of the account can connect it')
    expect(page.text).toContain(`href="${stack.publicUrl}/flows/${flow.flowId}/launch"`)
  })

  it.each([
    ['a read-only member', 'hubot'],
    ['a stranger', 'trent'],
  ] as const)(
    '%s who brings an owner’s installation is refused, and nothing is posted',
    async (_who, person) => {
      const ann = await start(ownership)
      stack.sandbox.scenario('install', { account: 'acme-coffee' })
      stack.sandbox.scenario('return_installation_next', { account: 'acme-coffee' })
      const installed = await install(
        ann,
        person === 'trent' ? 'trent' : 'acme-coffee',
        person === 'trent' ? 'trent' : 'mona',
      )
      const ended = await authorize(ann, installed, person)
      expect(ended).toMatchObject({ status: 'refused', error: 'ownership_not_proved', account: null })
      expect(listPosts(stack.sandbox)).toEqual([])
      expect(listEvents(stack, 'ownership_refused')).toMatchObject([
        { security: true, code: 'ownership_not_proved' },
      ])
      expect(await ann.getConnection()).toMatchObject({ status: 'not_connected' })
    },
  )

  it('the user token is revoked afterwards, and is in no log line', async () => {
    const ann = await start(ownership)
    await authorize(ann, await install(ann, 'acme-coffee'))
    const tokens = stack.sandbox.userTokens
    expect(tokens).toHaveLength(1)
    for (const { token, revokedAt } of tokens) {
      expect(revokedAt).not.toBeNull()
      expect(stack.logLines.join('')).not.toContain(token)
    }
  })

  it('whoever declines on GitHub is told that nothing was connected', async () => {
    const ann = await start(ownership)
    const ended = await authorize(ann, await install(ann, 'acme-coffee'), 'mona', 'cancel')
    expect(ended).toMatchObject({ status: 'refused', error: 'ownership_declined' })
    expect(listPosts(stack.sandbox)).toEqual([])
    expect(stack.sandbox.userTokens).toEqual([])
  })

  it('GitHub’s answer is used once: the same return again changes nothing', async () => {
    const ann = await start(ownership)
    const flow = await install(ann, 'acme-coffee')
    const answer = await ann.launch(flow.flowId)
    if (answer.status !== 'ready') throw new Error('the authorize page is not ready')
    const returnUrl = await ann.authorizeOnGitHub(answer.url)
    await Promise.all(Array.from({ length: 20 }, () => ann.navigate(returnUrl)))
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
    expect(listPosts(stack.sandbox)).toHaveLength(1)
    expect(stack.sandbox.userTokens).toHaveLength(1)
  })

  it('an installation that the authorize page’s return brings along is not looked at', async () => {
    const ann = await start(ownership)
    stack.sandbox.scenario('install', { account: 'initech-labs' })
    const foreign = stack.sandbox.installations.find(({ account }) => account.login === 'initech-labs')
    const flow = await install(ann, 'acme-coffee')
    const answer = await ann.launch(flow.flowId)
    if (answer.status !== 'ready') throw new Error('the authorize page is not ready')
    const returnUrl = await ann.authorizeOnGitHub(answer.url)
    await ann.navigate(`${returnUrl}&installation_id=${foreign?.installationId}&setup_action=install`)
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ account: { login: 'acme-coffee' } })
  })

  it('a GitHub that does not answer leads to no binding, and to a code that says so', async () => {
    const ann = await start(ownership)
    const flow = await install(ann, 'acme-coffee')
    stack.sandbox.scenario('fail_next', { route: 'github_token', status: 500 })
    expect(await authorize(ann, flow)).toMatchObject({ status: 'refused', error: 'ownership_unavailable' })
    expect(listPosts(stack.sandbox)).toEqual([])
  })

  it('wrong credentials are the partner’s to mend, and the log says how', async () => {
    const ann = await start(ownership, { bff: { githubClientSecret: 'not-the-secret-of-this-app' } })
    expect(await authorize(ann, await install(ann, 'acme-coffee'))).toMatchObject({
      status: 'blocked',
      error: 'ownership_misconfigured',
    })
    expect(listEvents(stack, 'ownership_failed')[0]?.['detail']).toContain('GITHUB_CLIENT_SECRET')
    expect(listPosts(stack.sandbox)).toEqual([])
  })

  it('another account than the expected one is refused before anything is posted', async () => {
    const ann = await start(ownership)
    const ofAnn = stack.people.get('ann')
    if (ofAnn === null || ofAnn === undefined) throw new Error('ann is missing')
    stack.people.set('ann', { ...ofAnn, expectedAccount: 'nordwind-shop' })
    const ended = await authorize(ann, await install(ann, 'acme-coffee'))
    expect(ended.status).toBe('refused')
    expect(['account_mismatch', 'ownership_not_proved']).toContain(ended.error)
    expect(listPosts(stack.sandbox)).toEqual([])
  })

  it('a restart between the two trips to GitHub loses nothing', async () => {
    const ann = await start(ownership)
    const flow = await install(ann, 'acme-coffee')
    await stack.restart()
    expect(await authorize(ann, flow)).toMatchObject({ status: 'connected' })
  })

  it('a post that Layers refuses for now is repeated without asking GitHub again', async () => {
    const ann = await start(ownership)
    const flow = await install(ann, 'acme-coffee')
    stack.sandbox.scenario('fail_next', { route: 'bind', status: 500, code: 'INTERNAL', times: 2 })
    expect(await authorize(ann, flow)).toMatchObject({ status: 'connected' })
    expect(listPosts(stack.sandbox)).toHaveLength(3)
    expect(stack.sandbox.userTokens).toHaveLength(1)
  })
})

describe('with the installed App itself', () => {
  it('the code of the install is enough, without a second trip', async () => {
    const ann = await start('own-app')
    stack.sandbox.configureApp('connector', { requestAuthorizationOnInstall: true })
    const flow = await install(ann, 'acme-coffee')
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
  })

  it.each([
    ['access_denied', 'refused', 'ownership_declined'],
    ['temporarily_unavailable', 'refused', 'ownership_unavailable'],
    ['redirect_uri_mismatch', 'blocked', 'ownership_misconfigured'],
  ])('an install that comes back with %s ends the flow as %s with %s', async (error, status, code) => {
    const ann = await start('own-app')
    const { flowId } = await ann.startFlow()
    const state = new URL(await ann.getInstallUrl(flowId)).searchParams.get('state') ?? ''
    await ann.navigate(`${stack.publicUrl}/return?${new URLSearchParams({ state, error }).toString()}`)
    expect(await ann.getFlow(flowId)).toMatchObject({ status, error: code })
    expect(listPosts(stack.sandbox)).toEqual([])
  })

  it('somebody else’s id with one’s own code is refused', async () => {
    const ann = await start('own-app')
    stack.sandbox.configureApp('connector', { requestAuthorizationOnInstall: true })
    stack.sandbox.scenario('install', { account: 'initech-labs' })
    stack.sandbox.scenario('return_installation_next', { account: 'initech-labs' })
    const flow = await install(ann, 'acme-coffee')
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({
      status: 'refused',
      error: 'ownership_not_proved',
    })
    expect(listPosts(stack.sandbox)).toEqual([])
  })
})

describe('the partner’s own function', () => {
  it.each([
    ['says no', 'ownership_not_proved', () => false],
    ['throws', 'ownership_unavailable', () => Promise.reject(new Error('the directory is down'))],
  ])('that %s ends the flow with %s, and nothing is posted', async (_what, error, proveOwnership) => {
    stack = await startStack({ bff: { proveOwnership } })
    const ann = stack.browser('ann')
    const { flow } = await ann.connect()
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'refused', error })
    expect(listPosts(stack.sandbox)).toEqual([])
  })

  it('that says yes lets the binding through', async () => {
    stack = await startStack({ bff: { proveOwnership: ({ tenantId }) => tenantId === 'northwind' } })
    const ann = stack.browser('ann')
    const { flow } = await ann.connect()
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
  })
})
