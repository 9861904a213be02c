// identify() names another Layers organization in mid-flow: the flow ends, and nothing is posted in either of the two.
import { afterEach, describe, expect, it } from 'vitest'
import type { FlowView } from '../../bff/contract.ts'
import { ORGANIZATIONS, startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import { loadBroken } from './load-broken-bff.ts'
import { INSTALL_URL_PATH, listEvents, listPosts } from './what-happened.ts'

let stack: Stack
let ann: TestBrowser
afterEach(() => stack.close())

const { northwind, globex } = ORGANIZATIONS
const MOVES: readonly [from: string, to: string, before: string | undefined, after: string | undefined][] = [
  ['its own', 'another', northwind.id, globex.id],
  ['its own', 'none', northwind.id, undefined],
  ['none', 'its own', undefined, northwind.id],
]

async function start(organization: string | undefined, options: StackOptions = {}): Promise<void> {
  stack = await startStack(options)
  moveTo(organization)
  ann = stack.browser('ann')
  if (options.identity === 'token') ann.token = await stack.signToken('ann')
}

function moveTo(layersOrganization: string | undefined): void {
  stack.people.set('ann', { tenantId: 'northwind', userId: 'ann', canConnect: true, layersOrganization })
}

async function goToGitHub(): Promise<{ flowId: string; returnUrl: string }> {
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  return { flowId, returnUrl }
}

/** Comes back with no session to be seen, as with a cookie of SameSite=Strict. */
async function returnUnseen(returnUrl: string): Promise<void> {
  const person = stack.people.get('ann') ?? null
  stack.people.set('ann', null)
  await ann.navigate(returnUrl)
  stack.people.set('ann', person)
}

const MISMATCH = { status: 'refused', error: 'session_mismatch' }

function expectNothingPosted(event: string): void {
  expect(listPosts(stack.sandbox)).toEqual([])
  expect(stack.sandbox.bindings).toEqual([])
  expect(listEvents(stack, event)).toMatchObject([{ security: true, code: 'session_mismatch' }])
}

const organizationsAsked = () => stack.sandbox.requests.map(({ headers }) => headers['x-layers-organization'])

describe.each(MOVES)('a tenant that moves from %s organization to %s', (_from, _to, before, after) => {
  it('before it comes back from GitHub has to start again', async () => {
    await start(before)
    const { flowId, returnUrl } = await goToGitHub()
    moveTo(after)
    await ann.navigate(returnUrl)
    expect(await ann.getFlow(flowId)).toMatchObject(MISMATCH)
    expectNothingPosted('return_refused')
    expect(organizationsAsked()).toEqual([before])
    // Moving back does not bring it to life again.
    moveTo(before)
    await ann.navigate(returnUrl)
    expect(await ann.waitForEnd(flowId)).toMatchObject(MISMATCH)
    expect(listPosts(stack.sandbox)).toEqual([])
  })

  it('between its return and the confirmation has to start again', async () => {
    await start(before)
    const { flowId, returnUrl } = await goToGitHub()
    await returnUnseen(returnUrl)
    expect(await ann.getFlow(flowId)).toMatchObject({ status: 'returned' })
    moveTo(after)
    expect(await ann.fetchJson<FlowView>('POST', `/flows/${flowId}/finish`)).toMatchObject({ body: MISMATCH })
    expectNothingPosted('finish_refused')
  })

  it('while GitHub asks who it is has to start again', async () => {
    await start(before, { ownership: 'own-app' })
    const { flowId, returnUrl } = await goToGitHub()
    await ann.navigate(returnUrl)
    const url = await ann.getInstallUrl(flowId)
    expect(await ann.getFlow(flowId)).toMatchObject({ status: 'authorizing' })
    moveTo(after)
    await ann.navigate(await ann.authorizeOnGitHub(url))
    expect(await ann.getFlow(flowId)).toMatchObject(MISMATCH)
    expectNothingPosted('return_refused')
    expect(stack.sandbox.userTokens).toEqual([])
  })

  it('by a connect token that is seen on the way has to start again', async () => {
    await start(before, { identity: 'token' })
    const { flowId, returnUrl } = await goToGitHub()
    moveTo(after)
    ann.token = await stack.signToken('ann')
    await ann.getConnection()
    expect(await ann.getFlow(flowId)).toMatchObject(MISMATCH)
    await ann.navigate(returnUrl)
    expect(await ann.getFlow(flowId)).toMatchObject(MISMATCH)
    expectNothingPosted('person_changed')
  })

  it('without a connect token that says so is bound where it started, and has to connect again', async () => {
    await start(before, { identity: 'token' })
    const { flowId, returnUrl } = await goToGitHub()
    moveTo(after)
    await ann.navigate(returnUrl)
    expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
    expect(organizationsAsked()).toEqual([before, before])
    ann.token = await stack.signToken('ann')
    expect(await ann.getConnection()).toMatchObject({ status: 'reconnect', reason: 'detached' })
  })

  it('while its binding is tried again is bound where it started', async () => {
    await start(before)
    stack.sandbox.scenario('fail_next', { route: 'bind', status: 503, code: 'UNAVAILABLE', times: 3 })
    const { flow } = await ann.connect({ account: 'acme-coffee' })
    moveTo(after)
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
    expect(new Set(organizationsAsked())).toEqual(new Set([before]))
    expect(stack.sandbox.bindings).toMatchObject([{ organizationId: before ?? ORGANIZATIONS.parent.id }])
    expect(await ann.getConnection()).toMatchObject({ status: 'reconnect', reason: 'detached' })
  })

  it('while its start is under way gets the install URL of where it started, and cannot use it', async () => {
    await start(before)
    stack.sandbox.scenario('delay_next', { route: 'install_url', delayMs: 200 })
    const flowId = createFlowId()
    const first = ann.startFlow({ flowId })
    await stack.waitForLog((line) => line.includes('"flow_created"'))
    moveTo(after)
    const repeated = await ann.startFlow({ flowId })
    expect([await first, repeated]).toMatchObject([{ status: 'waiting' }, { status: 'waiting' }])
    expect(stack.sandbox.requests.map(({ path }) => path)).toEqual([INSTALL_URL_PATH])
    expect(organizationsAsked()).toEqual([before])
    const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
    await ann.navigate(returnUrl ?? '')
    expect(await ann.getFlow(flowId)).toMatchObject(MISMATCH)
    expectNothingPosted('return_refused')
  })
})

it('is bound when nobody compares the organizations, so these tests would notice', async () => {
  const file = 'flows/person-problem.ts'
  const from = '(person.layersOrganization ?? null) !== flow.organization'
  await start(northwind.id, { build: loadBroken([{ file, from, to: 'false' }]) })
  const { flowId, returnUrl } = await goToGitHub()
  moveTo(globex.id)
  await ann.navigate(returnUrl)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})
