// Layers fails when the binding is posted: what becomes of the flow, what is posted again, and what the operator is told.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FlowView } from '../../bff/contract.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { BINDING_REFUSALS, UNREADABLE_SHAPES } from './layers-outages.ts'
import {
  countGets,
  expectKeyHidden,
  getLatestState,
  INSTALLATION_PATH,
  listEvents,
  listPosts,
} from './what-happened.ts'

let stack: Stack
beforeEach(async () => {
  stack = await startStack()
})
afterEach(() => stack.close())

/** Connects, waits for the end, and checks that nothing but this installation and state was ever posted. */
async function connect(): Promise<FlowView> {
  const ann = stack.browser('ann')
  const { flow } = await ann.connect()
  const ended = await ann.waitForEnd(flow.flowId)
  const [installation] = stack.sandbox.installations
  const expected = { installationId: installation?.installationId, state: getLatestState(stack.sandbox) }
  const posts = listPosts(stack.sandbox)
  expect(posts.map(({ body }) => body)).toEqual(posts.map(() => expected))
  expect(posts).not.toEqual([])
  return ended
}

function expectCure(cure: RegExp): void {
  const details = listEvents(stack, 'binding_failed').map(({ detail }) => String(detail))
  expect(details.join('\n')).toMatch(cure)
  expectKeyHidden(stack)
}

const countPosts = (): number => listPosts(stack.sandbox).length
const countAsked = (): number => countGets(stack.sandbox, INSTALLATION_PATH)

describe('a refusal is posted once, ends the flow, and the log names the cure:', () => {
  it.each(BINDING_REFUSALS)('$title', async ({ answer, status, error, cure }) => {
    stack.sandbox.scenario('fail_next', { route: 'bind', ...answer })
    expect(await connect()).toMatchObject({ status, error, account: null })
    expect(countPosts()).toBe(1)
    expect(stack.sandbox.bindings).toEqual([])
    expectCure(cure)
    expect(listEvents(stack, 'binding_failed')).toMatchObject([
      { level: 'error', code: answer.code, upstreamRequestId: expect.stringMatching(/^req_/) },
    ])
  })

  it('and the next flow connects', async () => {
    stack.sandbox.scenario('fail_next', { route: 'bind', status: 401, code: 'UNAUTHENTICATED' })
    await connect()
    const ann = stack.browser('ann')
    const { flow } = await ann.connect()
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
  })
})

it('is connected when Layers calls its own binding of this installation a conflict', async () => {
  stack.sandbox.scenario('cut_next', { route: 'bind', when: 'after' })
  stack.sandbox.scenario('fail_next', { route: 'get_installation', status: 404, code: 'NOT_FOUND' })
  stack.sandbox.scenario('fail_next', { route: 'bind', status: 409, code: 'CONFLICT' })
  expect(await connect()).toMatchObject({ status: 'connected', account: { login: 'acme-coffee' } })
})

it('ends in a conflict without a name when Layers does not say what is bound', async () => {
  stack.sandbox.scenario('fail_next', { route: 'bind', status: 409, code: 'CONFLICT' })
  stack.sandbox.scenario('fail_next', { route: 'get_installation', status: 500, code: 'INTERNAL' })
  expect(await connect()).toMatchObject({ status: 'conflict', error: 'already_bound', account: null })
})

describe('what passes by itself is posted again until it is bound:', () => {
  it('429, not before the time that Layers names', async () => {
    stack.sandbox.scenario('fail_next', {
      route: 'bind',
      status: 429,
      code: 'RATE_LIMITED',
      retryAfterSeconds: 1,
    })
    expect(await connect()).toMatchObject({ status: 'connected', error: null })
    const [first, second, ...more] = listPosts(stack.sandbox)
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1000)
    expect(more).toEqual([])
    // A refusal tells that nothing happened, so there is nothing to ask.
    expect(countAsked()).toBe(0)
    expectCure(/rate limit is used up; it passes by itself/)
  })

  it.each([500, 502, 503, 504])('%i, asking first whether it took effect', async (status) => {
    stack.sandbox.scenario('fail_next', { route: 'bind', status, code: 'UNAVAILABLE' })
    expect(await connect()).toMatchObject({ status: 'connected' })
    expect(countPosts()).toBe(2)
    expect(countAsked()).toBe(1)
    expectCure(/Layers cannot be reached; it passes by itself/)
    expect(listEvents(stack, 'binding_failed')).toMatchObject([{ level: 'warn' }])
  })

  it('a connection cut before it took effect', async () => {
    stack.sandbox.scenario('cut_next', { route: 'bind', when: 'before' })
    expect(await connect()).toMatchObject({ status: 'connected' })
    expect(countPosts()).toBe(2)
  })

  it('five failures in a row', async () => {
    stack.sandbox.scenario('fail_next', { route: 'bind', status: 500, code: 'INTERNAL', times: 5 })
    expect(await connect()).toMatchObject({ status: 'connected' })
    expect(countPosts()).toBe(6)
  })

  it('also when Layers cannot be asked in between', async () => {
    stack.sandbox.scenario('cut_next', { route: 'bind', when: 'after' })
    stack.sandbox.scenario('fail_next', {
      route: 'get_installation',
      status: 500,
      code: 'INTERNAL',
      times: 2,
    })
    expect(await connect()).toMatchObject({ status: 'connected', account: { login: 'acme-coffee' } })
    expect(countPosts()).toBe(1)
  })
})

describe('a lost answer is settled by asking, and the installation is bound once:', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['the connection was cut', 'cut_next', { when: 'after' }],
    ['the answer was more than 64 KB', 'wrong_shape_next', { shape: 'huge' }],
    ['the answer names another installation', 'wrong_shape_next', { shape: 'other_installation' }],
    ...UNREADABLE_SHAPES.map((shape): [string, string, Record<string, unknown>] => [
      `the answer was of the shape ${shape}`,
      'wrong_shape_next',
      { shape },
    ]),
  ])('%s', async (_, scenario, parameters) => {
    stack.sandbox.scenario(scenario, { route: 'bind', ...parameters })
    expect(await connect()).toMatchObject({
      status: 'connected',
      account: { login: 'acme-coffee', type: 'Organization' },
    })
    expect(countAsked()).toBeGreaterThan(0)
    expect(stack.sandbox.bindings).toMatchObject([{ account: { login: 'acme-coffee' } }])
    expect(new Set(stack.sandbox.bindings.map(({ registeredAt }) => registeredAt)).size).toBe(1)
  })
})

it('settles by asking when the answer comes too late', async () => {
  await stack.close()
  stack = await startStack({ bff: { upstreamTimeoutMs: 1_500 } })
  stack.sandbox.scenario('delay_next', { route: 'bind', delayMs: 2_000 })
  expect(await connect()).toMatchObject({ status: 'connected' })
  expect(stack.sandbox.bindings).toHaveLength(1)
  expectCure(/Layers cannot be reached; it passes by itself/)
})

it('follows no redirect with the state in the body', async () => {
  stack.sandbox.scenario('wrong_shape_next', { route: 'bind', shape: 'redirect' })
  expect(await connect()).toMatchObject({ status: 'blocked', error: 'upstream_refused' })
  expect(countPosts()).toBe(1)
  expectCure(/check LAYERS_API_URL/)
})

it('is blocked when Layers gives only answers that make no sense', async () => {
  stack.sandbox.scenario('wrong_shape_next', { route: 'bind', shape: 'html', times: 10 })
  stack.sandbox.scenario('wrong_shape_next', { route: 'get_installation', shape: 'html', times: 10 })
  expect(await connect()).toMatchObject({ status: 'blocked', error: 'upstream_invalid' })
  expectCure(/not what its documentation says: check LAYERS_API_URL/)
})

it('shows that it is still finishing while Layers is down, and gives up when the flow’s time is up', async () => {
  stack.sandbox.scenario('fail_next', { route: 'bind', status: 500, code: 'INTERNAL', times: 1000 })
  const ann = stack.browser('ann')
  const { flow } = await ann.connect()
  await stack.waitForLog((line) => line.includes('"binding_retry"'))
  expect(await ann.getFlow(flow.flowId)).toMatchObject({ status: 'binding', error: null })
  stack.advance(15 * 60_000)
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({
    status: 'expired',
    error: 'upstream_unavailable',
  })
  expect(stack.sandbox.bindings).toEqual([])
})

it('is connected even after its time when Layers had taken the binding before', async () => {
  stack.sandbox.scenario('cut_next', { route: 'bind', when: 'after' })
  const ann = stack.browser('ann')
  const { flow } = await ann.connect()
  await stack.waitForLog((line) => line.includes('"binding_retry"'))
  stack.advance(15 * 60_000)
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
})
