// A request that an owner has to approve: whose it is, how often it counts, and how long it is shown.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { listEvents, listPosts } from './what-happened.ts'

const WEEK_MS = 7 * 24 * 60 * 60_000

let stack: Stack
let ann: TestBrowser
beforeEach(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
})
afterEach(() => stack.close())

/** A flow of ann's in which a member has asked an owner on GitHub, before anybody opened the return. */
async function request(): Promise<{ flowId: string; returnUrl: string }> {
  const { flowId } = await ann.startFlow()
  const installUrl = await ann.getInstallUrl(flowId)
  const returnUrl = await ann.submitOnGitHub(installUrl, { account: 'acme-coffee' }, 'hubot')
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  expect(new URL(returnUrl).searchParams.get('setup_action')).toBe('request')
  return { flowId, returnUrl }
}

async function requestAndReturn(): Promise<string> {
  const { flowId, returnUrl } = await request()
  await ann.navigate(returnUrl)
  expect(await ann.getConnection()).toMatchObject({ flow: { flowId, status: 'awaiting_approval' } })
  return flowId
}

it.each([
  ['a colleague', 'bob'],
  ['somebody of another tenant', 'cora'],
])('refuses a request that comes back in the session of %s', async (_, person) => {
  const { flowId, returnUrl } = await request()
  ann.cookies.set('session', person)
  await ann.navigate(returnUrl)
  ann.cookies.set('session', 'ann')
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
  expect(listEvents(stack, 'return_refused')).toMatchObject([{ security: true, code: 'session_mismatch' }])
  expect(listEvents(stack, 'return_awaits_approval')).toEqual([])

  await ann.navigate(returnUrl)
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
  expect(listPosts(stack.sandbox)).toEqual([])
})

it('changes the flow once, however often the same request comes back', async () => {
  const { flowId, returnUrl } = await request()
  const { version } = await ann.getFlow(flowId)
  const first = await ann.navigate(returnUrl)
  const awaiting = await ann.getFlow(flowId)
  expect(awaiting).toMatchObject({ status: 'awaiting_approval', version: version + 1 })
  const second = await ann.navigate(returnUrl)
  expect(second.headers.get('location')).toBe(first.headers.get('location'))
  expect(await ann.getFlow(flowId)).toEqual(awaiting)
  expect(listEvents(stack, 'return_awaits_approval')).toHaveLength(1)
})

it('shows a user no request any more once a colleague has connected', async () => {
  const flowId = await requestAndReturn()
  const bob = stack.browser('bob')
  const { flow } = await bob.connect({ account: 'nordwind-shop' })
  await bob.waitForEnd(flow.flowId)
  expect(await ann.getConnection()).toMatchObject({
    status: 'connected',
    account: { login: 'nordwind-shop' },
    flow: null,
  })
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'awaiting_approval' })
})

it('shows a request for a week, and then offers to connect again', async () => {
  const flowId = await requestAndReturn()
  stack.advance(WEEK_MS - 60_000)
  expect(await ann.getConnection()).toMatchObject({ flow: { flowId, status: 'awaiting_approval' } })
  stack.advance(60_000)
  expect(await ann.getConnection()).toMatchObject({ status: 'not_connected', flow: null })
})
