// How often Layers is asked whether a connection works: once for any number of questions at once, and never so that somebody waits.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ConnectionView } from '../../bff/contract.ts'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { countGets, INSTALLATION_PATH, listEvents } from './what-happened.ts'

let stack: Stack
let ann: TestBrowser
beforeEach(() => start())

/** Ann's tenant is connected. */
async function start(options: StackOptions = {}): Promise<void> {
  stack = await startStack(options)
  ann = stack.browser('ann')
  const { flow } = await ann.connect()
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
}

afterEach(() => stack.close())

const countChecks = (): number => countGets(stack.sandbox, INSTALLATION_PATH)

/** The first view in which no check is under way. */
async function waitForCheck(): Promise<ConnectionView> {
  let view = await ann.getConnection()
  while (view.refreshing) view = await ann.getConnection()
  return view
}

it('asks once for fifty views at once, whoever of the tenant looks', async () => {
  stack.advance(31_000)
  const browsers = [ann, stack.browser('bob'), stack.browser('vera')]
  await Promise.all(Array.from({ length: 50 }, (_, n) => (browsers[n % 3] ?? ann).getConnection()))
  await waitForCheck()
  expect(countChecks()).toBe(1)
})

it('asks once for a hundred views within 30 s', async () => {
  stack.advance(31_000)
  for (let n = 0; n < 100; n += 1) {
    await waitForCheck()
    stack.advance(290)
  }
  expect(countChecks()).toBe(1)
  stack.advance(1_000)
  await waitForCheck()
  expect(countChecks()).toBe(2)
})

it('asks once for views and lists of repositories at once', async () => {
  stack.advance(31_000)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => ann.send(n % 2 === 0 ? '/connection' : '/repositories')),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(countChecks()).toBe(1)
})

it('leaves Layers alone for 30 s after it has failed, and goes on showing what it said last', async () => {
  stack.sandbox.scenario('fail_next', { route: 'get_installation', status: 500, code: 'INTERNAL', times: 2 })
  for (const [seconds, checks] of [
    [31, 1],
    [29, 1],
    [1, 2],
    [30, 3],
    [1, 3],
  ] as const) {
    stack.advance(seconds * 1000)
    expect(await waitForCheck()).toMatchObject({ status: 'connected', refreshing: false })
    expect(countChecks()).toBe(checks)
  }
  expect(listEvents(stack, 'connection_check_failed')).toMatchObject([
    { code: 'upstream_unavailable', upstreamRequestId: expect.stringMatching(/^req_/) },
    { code: 'upstream_unavailable' },
  ])
})

it('leaves Layers alone for as long as it asks, when that is longer', async () => {
  const limit = { route: 'get_installation', status: 429, code: 'RATE_LIMITED', retryAfterSeconds: 120 }
  stack.sandbox.scenario('fail_next', limit)
  for (const [seconds, checks] of [
    [31, 1],
    [119, 1],
    [1, 2],
  ] as const) {
    stack.advance(seconds * 1000)
    await waitForCheck()
    expect(countChecks()).toBe(checks)
  }
})

it('answers at once while Layers hangs', async () => {
  await stack.close()
  await start({ bff: { upstreamTimeoutMs: 1_000 } })
  stack.sandbox.scenario('delay_next', { route: 'get_installation', delayMs: 60_000 })
  stack.advance(31_000)
  const order: string[] = []
  const list = ann.send('/repositories').then(({ status }) => order.push(`the list: ${status}`))
  for (let n = 0; n < 20; n += 1) {
    expect(await ann.getConnection()).toMatchObject({ status: 'connected', refreshing: true })
    order.push('a view')
  }
  expect(order).toEqual(Array<string>(20).fill('a view'))
  expect(countChecks()).toBe(1)
  // Whoever asked for the list has to wait until the BFF has had enough.
  await list
  expect(order.at(-1)).toBe('the list: 503')
})

it('asks again after the clock has stepped back', async () => {
  stack.advance(-3_600_000)
  await waitForCheck()
  expect(countChecks()).toBe(1)
})

it.each([
  ['active', 'connected', null],
  ['uninstalled', 'reconnect', 'uninstalled'],
  ['suspended', 'reconnect', 'suspended'],
] as const)('%s at Layers is %s', async (change, status, reason) => {
  if (change === 'uninstalled') stack.sandbox.scenario('uninstall', { account: 'acme-coffee' })
  if (change === 'suspended') stack.sandbox.scenario('suspend', { account: 'acme-coffee' })
  stack.advance(31_000)
  expect(await waitForCheck()).toMatchObject({ status, reason })
})

it('is detached when Layers has no binding any more', async () => {
  stack.sandbox.reset()
  stack.advance(31_000)
  expect(await waitForCheck()).toMatchObject({
    status: 'reconnect',
    reason: 'detached',
    account: { login: 'acme-coffee' },
  })
})
