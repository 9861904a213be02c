// Cases of how GitHub sends people back, or does not: without a state, twice, later, from a request, into an old flow.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { watchForChanges } from '../bff/unchanged.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { buildReturnUrl, getLatestState, listEvents, listPosts, problemOf } from './what-happened.ts'

const QUARTER_HOUR_MS = 15 * 60_000

let stack: Stack
let ann: TestBrowser
beforeEach(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
})
afterEach(() => stack.close())

async function startAndSubmit(
  form: Readonly<Record<string, string>> = { account: 'acme-coffee' },
  person: 'mona' | 'hubot' = 'mona',
): Promise<{ flowId: string; returnUrl: string | undefined }> {
  const { flowId } = await ann.startFlow()
  return { flowId, returnUrl: await ann.submitOnGitHub(await ann.getInstallUrl(flowId), form, person) }
}

async function startAndInstall(account = 'acme-coffee'): Promise<{ flowId: string; returnUrl: string }> {
  const { flowId, returnUrl } = await startAndSubmit({ account })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  return { flowId, returnUrl }
}

/** Lets time pass for the BFF and for Layers. */
async function letPass(ms: number): Promise<void> {
  stack.advance(ms)
  const answer = await fetch(`${stack.sandbox.controlUrl}/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advanceMs: ms }),
  })
  expect(answer.status).toBe(204)
}

it.each([
  ['an install from the public page of the App', { installation_id: '61200417', setup_action: 'install' }],
  ['a change in the settings', { installation_id: '61200417', setup_action: 'update' }],
  ['a request', { setup_action: 'request' }],
  ['nothing at all', {}],
])(
  'answers a return without a state from %s with a neutral page and writes nothing',
  async (_, parameters) => {
    const { flowId } = await ann.startFlow()
    const checkUnchanged = watchForChanges(stack)
    const answer = await ann.navigate(buildReturnUrl(stack, parameters))
    expect(problemOf(answer)).toBe('return_unknown')
    const page = await ann.navigate(answer.headers.get('location') ?? '')
    expect(page).toMatchObject({ status: 400, text: expect.stringContaining('press Connect') })
    checkUnchanged()
    expect(await ann.getFlow(flowId)).toMatchObject({ status: 'waiting' })
  },
)

it('answers an unknown state with a neutral page, writes nothing, and logs no state', async () => {
  const state = 'Zm9yZWlnbi1zdGF0ZS1ub2JvZHkta25v'
  const checkUnchanged = watchForChanges(stack)
  const answer = await ann.navigate(
    buildReturnUrl(stack, { state, installation_id: '1', setup_action: 'install' }),
  )
  expect(problemOf(answer)).toBe('return_unknown')
  checkUnchanged()
  expect(listEvents(stack, 'return_without_flow')).toMatchObject([
    { reason: 'unknown state', security: true },
  ])
  expect(stack.logLines.join('')).not.toContain(state)
})

it('ends a flow whose return comes after its time, and posts nothing', async () => {
  const { flowId, returnUrl } = await startAndInstall()
  await letPass(QUARTER_HOUR_MS)
  await ann.navigate(returnUrl)
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'expired', error: 'flow_expired' })
  expect(listPosts(stack.sandbox)).toEqual([])
  expect(await ann.startFlow()).toMatchObject({ status: 'waiting' })
})

it('takes a return shortly before the time is up', async () => {
  const { flowId, returnUrl } = await startAndInstall()
  const { expiresAt } = await ann.getFlow(flowId)
  await letPass(Date.parse(expiresAt) - Date.now() - 2_000)
  await ann.navigate(returnUrl)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})

it('posts replays of one return once and gives each the same outcome', async () => {
  const { flowId, returnUrl } = await startAndInstall()
  const first = await ann.navigate(returnUrl)
  const twoAtOnce = await Promise.all([ann.navigate(returnUrl), ann.navigate(returnUrl)])
  const ended = await ann.waitForEnd(flowId)
  const late = await ann.navigate(returnUrl)
  for (const answer of [...twoAtOnce, late]) {
    expect(answer.headers.get('location')).toBe(first.headers.get('location'))
  }
  expect(await ann.getFlow(flowId)).toEqual(ended)
  expect(ended).toMatchObject({ status: 'connected' })
  expect(listPosts(stack.sandbox)).toHaveLength(1)
})

it.each<[string, string, Record<string, string>]>([
  ['a HEAD request', 'HEAD', {}],
  ['a prefetch', 'GET', { 'sec-purpose': 'prefetch' }],
  ['a prerender', 'GET', { 'sec-purpose': 'prefetch;prerender' }],
  ['a link preview', 'GET', { purpose: 'preview' }],
  ['a frame', 'GET', { 'sec-fetch-dest': 'iframe' }],
  ['an image', 'GET', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ['a script', 'GET', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
])('uses nothing up when the return is opened by %s', async (_, method, headers) => {
  const { flowId, returnUrl } = await startAndInstall()
  const checkUnchanged = watchForChanges(stack)
  const answer = await ann.send(returnUrl.replace(`${stack.publicOrigin}/connect/github`, ''), {
    method,
    headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', ...headers },
  })
  expect(answer.status).toBe(method === 'HEAD' ? 405 : 403)
  checkUnchanged()
  await ann.navigate(returnUrl)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})

it("waits for approval after a member's request, posts nothing, and can be tried again", async () => {
  const { flowId, returnUrl } = await startAndSubmit({ account: 'acme-coffee' }, 'hubot')
  await ann.navigate(returnUrl ?? '')
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'awaiting_approval', error: null })
  expect(await ann.getConnection()).toMatchObject({
    status: 'not_connected',
    flow: { flowId, status: 'awaiting_approval' },
  })
  expect(listPosts(stack.sandbox)).toEqual([])
  const { flow } = await ann.connect({ account: 'nordwind-shop' })
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'superseded' })
})

it('writes nothing when an owner approves later in a browser of their own, and connects on the next try', async () => {
  const { flowId, returnUrl } = await startAndSubmit({ account: 'acme-coffee' }, 'hubot')
  await ann.navigate(returnUrl ?? '')
  stack.sandbox.scenario('approve_request', { account: 'acme-coffee' })
  const installationId = String(stack.sandbox.installations[0]?.installationId)
  const checkUnchanged = watchForChanges(stack)
  const owner = stack.browser(null)
  const approval = buildReturnUrl(stack, { installation_id: installationId, setup_action: 'install' })
  expect(problemOf(await owner.navigate(approval))).toBe('return_unknown')
  checkUnchanged()
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'awaiting_approval' })

  const { flow } = await ann.connect({ account: 'acme-coffee' })
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
})

it('connects the waiting flow when the approval brings the same browser back with its state', async () => {
  const { flowId, returnUrl } = await startAndSubmit({ account: 'acme-coffee' }, 'hubot')
  await ann.navigate(returnUrl ?? '')
  stack.sandbox.scenario('approve_request', { account: 'acme-coffee' })
  const approved = new URL(returnUrl ?? '')
  approved.searchParams.set('setup_action', 'install')
  approved.searchParams.set('installation_id', String(stack.sandbox.installations[0]?.installationId))
  await ann.navigate(approved.href)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})

it('does not go back to awaiting approval when the request is replayed after the flow is connected', async () => {
  const { flowId, returnUrl } = await startAndInstall()
  await ann.navigate(returnUrl)
  const ended = await ann.waitForEnd(flowId)
  const checkUnchanged = watchForChanges(stack)
  await ann.navigate(buildReturnUrl(stack, { state: getLatestState(stack.sandbox), setup_action: 'request' }))
  checkUnchanged()
  expect(await ann.getFlow(flowId)).toEqual(ended)
})

it('expires a flow that GitHub never sends back, while a new one can be started at any time', async () => {
  stack.sandbox.scenario('no_return_next')
  const { flowId, returnUrl } = await startAndSubmit()
  expect(returnUrl).toBeUndefined()
  const waiting = await ann.getFlow(flowId)
  expect(waiting.status).toBe('waiting')
  await letPass(QUARTER_HOUR_MS)
  const ended = await ann.getFlow(flowId, `?after=${waiting.version}&wait=25`)
  expect(ended).toMatchObject({ status: 'expired', error: 'flow_expired' })
  // Installed by now: GitHub calls it an update, and with a return the next try goes through.
  const { flow } = await ann.connect()
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
})

it('takes an update of an existing installation like an install', async () => {
  stack.sandbox.scenario('install', { account: 'acme-coffee' })
  const { flowId, returnUrl } = await startAndInstall()
  expect(new URL(returnUrl).searchParams.get('setup_action')).toBe('update')
  await ann.navigate(returnUrl)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})

it('says that GitHub named no installation when an install comes without one, and uses nothing up', async () => {
  const { flowId, returnUrl } = await startAndInstall()
  const checkUnchanged = watchForChanges(stack)
  const state = getLatestState(stack.sandbox)
  const answer = await ann.navigate(buildReturnUrl(stack, { state, setup_action: 'install' }))
  expect(problemOf(answer)).toBe('missing_installation')
  checkUnchanged()
  await ann.navigate(returnUrl)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})

it.each([
  '0',
  '-1',
  '1e9',
  '0x1',
  '١٢',
  '00000000000000012',
  '12345678901234567',
  '1&installation_id=2',
  '1 ',
])('refuses the installation id %s and uses nothing up', async (id) => {
  const { flowId, returnUrl } = await startAndInstall()
  const checkUnchanged = watchForChanges(stack)
  const spoiled = `/return?setup_action=install&state=${getLatestState(stack.sandbox)}&installation_id=${encodeURI(id)}`
  expect(problemOf(await ann.navigate(spoiled))).toBe('return_malformed')
  checkUnchanged()
  await ann.navigate(returnUrl)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})
