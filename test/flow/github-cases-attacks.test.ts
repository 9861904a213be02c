// Cases in which somebody tries to connect what is not theirs, or to finish a flow that is not theirs.
//
// What only a real browser can show has its tests in test/browser:
// | case                                                         | where                                      |
// | the popup is closed, or the user cancels                     | lifecycle.spec.ts                          |
// | GitHub cuts the opener, so that the popup looks closed       | connect.spec.ts                            |
// | the popup is blocked                                         | popup-blocked.spec.ts                      |
// | a page sends forged messages                                 | hostile.spec.ts                            |
// | a page of ours is framed, or a name holds markup             | hostile.spec.ts, and the headers test/bff  |
// | the widget lives in a frame on another site                  | not supported: the BFF is on the same site |
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import { watchForChanges } from '../bff/unchanged.ts'
import { buildReturnUrl, getLatestState, listEvents, listPosts, problemOf } from './what-happened.ts'

let stack: Stack
let ann: TestBrowser
beforeEach(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
})
afterEach(() => stack.close())

/** A flow of ann's that GitHub has sent back, but whose return nobody has opened yet. */
async function startAndInstall(account = 'acme-coffee'): Promise<{ flowId: string; returnUrl: string }> {
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  return { flowId, returnUrl }
}

it('binds a swapped installation id when Layers vouches for it, and shows whose it is', async () => {
  stack.sandbox.scenario('foreign_id_next')
  const { flow } = await ann.connect({ account: 'acme-coffee' })
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({
    status: 'connected',
    account: { login: 'initech-labs' },
  })
})

it('makes guessing at installation ids wait after five refused ones, for that tenant only', async () => {
  for (let guess = 1; guess <= 5; guess += 1) {
    const { flowId } = await ann.startFlow()
    const state = getLatestState(stack.sandbox)
    await ann.navigate(
      buildReturnUrl(stack, { state, installation_id: String(guess), setup_action: 'install' }),
    )
    expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'refused', error: 'installation_not_found' })
  }
  const statesBefore = stack.sandbox.states.length
  const refusal = await ann.send('/flows', {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', 'x-connect-github': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ flowId: createFlowId(), mode: 'popup' }),
  })
  expect(refusal.status).toBe(429)
  expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(JSON.parse(refusal.text)).toMatchObject({ error: { code: 'rate_limited' } })
  expect(
    await stack.browser('bob').fetchJson('POST', '/flows', { flowId: createFlowId(), mode: 'popup' }),
  ).toMatchObject({
    status: 429,
  })
  expect(stack.sandbox.states).toHaveLength(statesBefore)
  expect(listEvents(stack, 'failed_bindings_burst')[0]).toMatchObject({ security: true, count: 5 })
  expect(await stack.browser('cora').startFlow()).toMatchObject({ status: 'waiting' })
})

it.each([
  ['a colleague', 'bob'],
  ['somebody of another tenant', 'cora'],
  ['nobody', null],
])("writes nothing when an attacker's return URL is opened in the browser of %s", async (_, person) => {
  const { flowId, returnUrl } = await startAndInstall()
  const checkUnchanged = watchForChanges(stack)
  const victim = stack.browser(person)
  expect(problemOf(await victim.navigate(returnUrl))).toBe('return_other_browser')
  checkUnchanged()
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'waiting', version: 2 })
  expect(listEvents(stack, 'return_in_other_browser')).toMatchObject([{ security: true }])

  await ann.navigate(returnUrl)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})

it.each([
  ['a colleague', 'bob'],
  ['somebody of another tenant', 'cora'],
])('refuses a return after %s has signed in to the same browser', async (_, person) => {
  const { flowId, returnUrl } = await startAndInstall()
  ann.cookies.set('session', person)
  expect(problemOf(await ann.navigate(returnUrl))).toBeUndefined()
  expect(listPosts(stack.sandbox)).toEqual([])

  ann.cookies.set('session', 'ann')
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
  await ann.navigate(returnUrl)
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
  expect(listPosts(stack.sandbox)).toEqual([])
})

it('refuses a return whose user moved to another Layers organization meanwhile', async () => {
  const { flowId, returnUrl } = await startAndInstall()
  stack.people.set('ann', { tenantId: 'northwind', userId: 'ann', canConnect: true })
  await ann.navigate(returnUrl)
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
  expect(listPosts(stack.sandbox)).toEqual([])
})

it('refuses a return whose user has lost the role meanwhile', async () => {
  const { flowId, returnUrl } = await startAndInstall()
  stack.people.set('ann', {
    tenantId: 'northwind',
    userId: 'ann',
    canConnect: false,
    layersOrganization: layersOrganizationOf('ann'),
  })
  await ann.navigate(returnUrl)
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'forbidden' })
  expect(listPosts(stack.sandbox)).toEqual([])
})

it('keeps a return whose user has signed out, posts nothing, and goes on after the next sign-in', async () => {
  const { flowId, returnUrl } = await startAndInstall()
  const identity = stack.people.get('ann') ?? null
  stack.people.set('ann', null)
  expect(problemOf(await ann.navigate(returnUrl))).toBeUndefined()
  const finish = await ann.fetchJson('POST', `/flows/${flowId}/finish`)
  expect(finish).toMatchObject({ status: 401, body: { error: { code: 'session_required' } } })
  expect(listPosts(stack.sandbox)).toEqual([])

  stack.people.set('ann', identity)
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'returned' })
  expect(await ann.fetchJson('POST', `/flows/${flowId}/finish`)).toMatchObject({ status: 200 })
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})

it.each([
  ['somebody else', { userId: 'bob' }, 404],
  ['the same person without the role', { canConnect: false }, 200],
])('binds nothing when %s finishes a return that came without a session', async (_, change, status) => {
  const { flowId, returnUrl } = await startAndInstall()
  const identity = stack.people.get('ann')
  if (identity == null) throw new Error('ann is one of the people')
  stack.people.set('ann', null)
  await ann.navigate(returnUrl)
  stack.people.set('ann', { ...identity, ...change })
  expect(await ann.fetchJson('POST', `/flows/${flowId}/finish`)).toMatchObject({ status })
  expect(listPosts(stack.sandbox)).toEqual([])
})

it('fails closed when the host cannot say who is asking: nothing is written, and the state is not used up', async () => {
  const { flowId, returnUrl } = await startAndInstall()
  const identity = stack.people.get('ann') ?? null
  // What a broken host may answer; the type would not allow it.
  stack.people.set('ann', JSON.parse('{"tenantId":"northwind","userId":7,"canConnect":"yes"}'))
  const checkUnchanged = watchForChanges(stack)
  expect((await ann.navigate(returnUrl)).status).toBe(500)
  checkUnchanged()
  stack.people.set('ann', identity)
  await ann.navigate(returnUrl)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})

it('refuses a used state with another id, keeps the outcome, and raises a security event', async () => {
  const { flowId, returnUrl } = await startAndInstall()
  await ann.navigate(returnUrl)
  const ended = await ann.waitForEnd(flowId)
  const checkUnchanged = watchForChanges(stack)
  const replay = new URL(returnUrl)
  replay.searchParams.set('installation_id', '50291845')
  expect(problemOf(await ann.navigate(replay.href))).toBe('state_replayed')
  checkUnchanged()
  expect(await ann.getFlow(flowId)).toEqual(ended)
  expect(listEvents(stack, 'state_replayed_with_other_installation')).toMatchObject([{ security: true }])
})

it('refuses another id also while the first return waits for its session', async () => {
  const { flowId, returnUrl } = await startAndInstall()
  const identity = stack.people.get('ann') ?? null
  stack.people.set('ann', null)
  await ann.navigate(returnUrl)
  stack.people.set('ann', identity)
  const replay = new URL(returnUrl)
  replay.searchParams.set('installation_id', '50291845')
  expect(problemOf(await ann.navigate(replay.href))).toBe('state_replayed')
  await ann.fetchJson('POST', `/flows/${flowId}/finish`)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ account: { login: 'acme-coffee' } })
})

it('refuses an installation that another tenant has connected, without naming anybody', async () => {
  const { flow: first } = await ann.connect({ account: 'acme-coffee' })
  await ann.waitForEnd(first.flowId)
  const cora = stack.browser('cora')
  const { flow, answer } = await cora.connect({ account: 'acme-coffee' })
  expect(problemOf(answer)).toBeUndefined()
  const ended = await cora.getFlow(flow.flowId)
  expect(ended).toMatchObject({ status: 'refused', error: 'installation_in_use', account: null })
  const donePage = await cora.navigate(answer.headers.get('location') ?? '')
  expect(donePage.text + JSON.stringify(await cora.getConnection())).not.toMatch(/acme|northwind/i)
  expect(listPosts(stack.sandbox)).toHaveLength(1)
})

function layersOrganizationOf(person: string): string | undefined {
  return stack.people.get(person)?.layersOrganization
}
