// The controls of the flow with connect tokens: with one protection taken out, what it keeps from happening happens.
import { afterEach, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { loadBroken } from './load-broken-bff.ts'
import { listPosts } from './what-happened.ts'

let stack: Stack
afterEach(() => stack.close())

/** Ann is back from GitHub; nothing is confirmed when her token is over. */
async function comeBack(breakages: readonly Breakage[], isTokenOver: boolean) {
  stack = await startStack({ identity: 'token', build: loadBroken(breakages) })
  const ann = stack.browser()
  ann.token = await stack.signToken('ann')
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  if (isTokenOver) stack.advance(6 * 60_000)
  return { ann, flowId, returnUrl }
}

async function isConnected(browser: TestBrowser, flowId: string): Promise<boolean> {
  browser.token = await stack.signToken('ann')
  const { status } = await browser.waitForEnd(flowId)
  return status === 'connected' && listPosts(stack.sandbox).length === 1
}

it('another browser finishes what was returned, when the flow cookie is not asked for', async () => {
  const from = 'if (!hasFlowCookie(flow, runtime.secrets, request)) return flow'
  const { ann, flowId, returnUrl } = await comeBack([{ file: 'flows/finish-flow.ts', from, to: '' }], true)
  await ann.navigate(returnUrl)
  const elsewhere = stack.browser()
  elsewhere.token = await stack.signToken('ann')
  await elsewhere.fetchJson('POST', `/flows/${flowId}/finish`)
  expect(await isConnected(ann, flowId)).toBe(true)
})

it('a return is bound after the token is over, when nobody looks how long it holds', async () => {
  const from = 'return flow.vouchedUntil > (await runtime.storage.now())'
  const { ann, flowId, returnUrl } = await comeBack(
    [{ file: 'flows/handle-return.ts', from, to: 'return true' }],
    true,
  )
  await ann.navigate(returnUrl)
  expect(await isConnected(ann, flowId)).toBe(true)
})

it('a flow goes on although somebody else signed in, when tokens are not compared with it', async () => {
  const from = 'if (!runtime.usesConnectTokens) return'
  const { ann, flowId, returnUrl } = await comeBack(
    [{ file: 'flows/notice-person.ts', from, to: 'return' }],
    false,
  )
  ann.token = await stack.signToken('cora')
  await ann.getConnection()
  await ann.navigate(returnUrl)
  expect(await isConnected(ann, flowId)).toBe(true)
})
