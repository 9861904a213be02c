// Nobody can take up the room that a customer needs: not by opening the return page at will, not by waiting in many tabs.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { FlowView } from '../../bff/contract.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { listPosts, problemOf } from './what-happened.ts'

const STRAY_RETURNS = 120
const PLACES_PER_PERSON = 30

let stack: Stack
beforeEach(async () => {
  stack = await startStack()
})
afterEach(() => stack.close())

it('lets a customer’s return through after 120 stray ones from the same address', async () => {
  const ann = stack.browser('ann')
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  const crowd = stack.browser(null)
  const stray = `/return?state=${'x'.repeat(32)}&installation_id=1&setup_action=install`
  const answers = await Promise.all(Array.from({ length: STRAY_RETURNS }, () => crowd.navigate(stray)))
  expect(new Set(answers.map(problemOf))).toEqual(new Set(['return_unknown']))
  const refused = await crowd.navigate(stray)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('location')).toBeNull()

  expect(problemOf(await ann.navigate(returnUrl ?? ''))).toBeUndefined()
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  expect(listPosts(stack.sandbox)).toHaveLength(1)
})

it('answers at once where one person waits in more than 30 requests, and lets the others wait', async () => {
  const [ann, bob] = [stack.browser('ann'), stack.browser('bob')]
  const flow = await ann.startFlow()
  const bobs = await bob.startFlow()
  const query = `?after=${flow.version}&wait=25`
  const answered: FlowView[] = []
  const { promise: tenAnswered, resolve } = Promise.withResolvers<void>()
  const wait = async (browser: TestBrowser, flowId: string): Promise<void> => {
    answered.push(await browser.getFlow(flowId, query))
    if (answered.length === 10) resolve()
  }
  const all = Array.from({ length: PLACES_PER_PERSON + 10 }, () => wait(ann, flow.flowId))
  const colleague = wait(bob, bobs.flowId)
  await tenAnswered
  for (let trip = 0; trip < 10; trip += 1) await ann.getConnection()
  expect(answered).toEqual(Array.from({ length: 10 }, () => flow))

  await ann.fetchJson('POST', `/flows/${flow.flowId}/cancel`)
  await bob.fetchJson('POST', `/flows/${bobs.flowId}/cancel`)
  await Promise.all([...all, colleague])
  expect(answered).toHaveLength(PLACES_PER_PERSON + 11)
  expect(new Set(answered.slice(10).map(({ status }) => status))).toEqual(new Set(['cancelled']))
})

it('gives the places back when the waiting is over', async () => {
  const ann = stack.browser('ann')
  const flow = await ann.startFlow()
  const wait = (after: number) =>
    Promise.all(
      Array.from({ length: PLACES_PER_PERSON }, () => ann.getFlow(flow.flowId, `?after=${after}&wait=1`)),
    )
  expect(new Set((await wait(flow.version)).map(({ version }) => version))).toEqual(new Set([flow.version]))
  const again = wait(flow.version)
  await ann.getConnection()
  await ann.fetchJson('POST', `/flows/${flow.flowId}/cancel`)
  expect(new Set((await again).map(({ status }) => status))).toEqual(new Set(['cancelled']))
})
