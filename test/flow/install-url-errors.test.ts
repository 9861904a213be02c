// Layers fails when it is asked for the install URL: what the page is told, what the operator is told, and what is asked again.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FlowView, WireError } from '../../bff/contract.ts'
import { DEFAULT_ORGANIZATIONS, type SandboxKey } from '../../demo/sandbox/index.ts'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import { createFlowId } from '../stack/test-browser.ts'
import { INSTALL_URL_REFUSALS, UNREADABLE_SHAPES } from './layers-outages.ts'
import { countGets, expectKeyHidden, INSTALL_URL_PATH, listEvents, listPosts } from './what-happened.ts'

let stack: Stack
beforeEach(async () => {
  stack = await startStack()
})
afterEach(() => stack.close())

/** Starts a flow as the widget does; its id is known even when the answer is an error. */
async function start() {
  const ann = stack.browser('ann')
  const flowId = createFlowId()
  const answer = await ann.fetchJson<FlowView & WireError>('POST', '/flows', { flowId, mode: 'popup' })
  return { ...answer, flow: await ann.getFlow(flowId) }
}

function expectCure(cure: RegExp): void {
  const details = listEvents(stack, 'install_url_failed').map(({ detail }) => String(detail))
  expect(details.join('\n')).toMatch(cure)
  expectKeyHidden(stack)
}

/** The answer of a start that can succeed later: an error now, and a flow that keeps nothing open. */
function expectTryLater({ body, flow }: Awaited<ReturnType<typeof start>>, code: string): void {
  expect(body.error.code).toBe(code)
  expect(flow).toMatchObject({ status: 'cancelled', error: code })
  expect(listPosts(stack.sandbox)).toEqual([])
}

describe('a refusal ends the flow at once, and the log names the cure:', () => {
  it.each(INSTALL_URL_REFUSALS)('$title', async ({ answer, status, error, cure }) => {
    stack.sandbox.scenario('fail_next', { route: 'install_url', ...answer })
    const started = await start()
    expect(started).toMatchObject({ status: 201, flow: { status, error } })
    expect(countGets(stack.sandbox, INSTALL_URL_PATH)).toBe(1)
    expect(listPosts(stack.sandbox)).toEqual([])
    expectCure(cure)
    expect(listEvents(stack, 'install_url_failed')).toMatchObject([
      { code: answer.code, httpStatus: answer.status, upstreamRequestId: expect.stringMatching(/^req_/) },
    ])
  })
})

describe('Layers itself refuses', () => {
  const key = (change: Partial<SandboxKey>, own: string): SandboxKey => ({
    key: own,
    organizationId: DEFAULT_ORGANIZATIONS.parent.id,
    scopes: ['github:admin', 'org:admin'],
    allowedReturnDomains: ['localhost'],
    ...change,
  })
  const PARTNER_KEY = 'lp_test_WRONGSETUP0001_cGFydG5lcktleU9mQVRlc3RUaGF0SXNXcm9uZ2x5U2V0'

  async function startWith(options: StackOptions): Promise<FlowView> {
    await stack.close()
    stack = await startStack({ ...options, bff: { layersApiKey: PARTNER_KEY } })
    return (await start()).flow
  }

  it.each<[string, StackOptions['sandbox'], string]>([
    ['a key it does not know', {}, 'partner_key_refused'],
    ['a key without github:admin', { keys: [key({ scopes: ['org:admin'] }, PARTNER_KEY)] }, 'scope_missing'],
    [
      'a key without org:admin for a tenant of its own',
      { keys: [key({ scopes: ['github:admin'] }, PARTNER_KEY)] },
      'scope_missing',
    ],
    [
      'a return URL on a host that is not listed',
      { keys: [key({ allowedReturnDomains: ['app.example.com'] }, PARTNER_KEY)] },
      'return_url_not_allowed',
    ],
    [
      'a return URL without https',
      { keys: [key({}, PARTNER_KEY)], allowLoopbackHttpReturnUrls: false },
      'return_url_not_allowed',
    ],
  ])('%s', async (_, sandbox = {}, error) => {
    expect(await startWith({ sandbox })).toMatchObject({ status: 'blocked', error })
    expect(listEvents(stack, 'install_url_failed')).toHaveLength(1)
    expect(stack.logLines.join('')).not.toContain(PARTNER_KEY)
  })

  it('everything while its kill switch is on', async () => {
    stack.sandbox.scenario('kill_switch', { on: true })
    expect((await start()).flow).toMatchObject({ status: 'blocked', error: 'kill_switch' })
  })
})

describe('what passes by itself is an error to try again after:', () => {
  it('429, with the time to wait handed on', async () => {
    stack.sandbox.scenario('fail_next', {
      route: 'install_url',
      status: 429,
      code: 'RATE_LIMITED',
      retryAfterSeconds: 7,
    })
    const ann = stack.browser('ann')
    const answer = await ann.send('/flows', {
      method: 'POST',
      headers: {
        'sec-fetch-site': 'same-origin',
        'x-connect-github': '1',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ flowId: createFlowId(), mode: 'popup' }),
    })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('7')
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'upstream_rate_limited' } })
    expect(countGets(stack.sandbox, INSTALL_URL_PATH)).toBe(1)
    expectCure(/it passes by itself/)
  })

  it.each([500, 502, 503, 504])('%i', async (status) => {
    stack.sandbox.scenario('fail_next', { route: 'install_url', status, code: 'UNAVAILABLE' })
    const started = await start()
    expect(started.status).toBe(503)
    expectTryLater(started, 'upstream_unavailable')
    expectCure(/Layers cannot be reached; it passes by itself/)
  })

  it.each(['before', 'after'])('a connection cut twice %s the answer', async (when) => {
    stack.sandbox.scenario('cut_next', { route: 'install_url', when, times: 2 })
    const started = await start()
    expect(started.status).toBe(503)
    expectTryLater(started, 'upstream_unavailable')
    expect(countGets(stack.sandbox, INSTALL_URL_PATH)).toBe(2)
    expectCure(/Layers cannot be reached; it passes by itself/)
  })

  it('no answer in time, which is not asked twice', async () => {
    await stack.close()
    stack = await startStack({ bff: { upstreamTimeoutMs: 1_500 } })
    stack.sandbox.scenario('delay_next', { route: 'install_url', delayMs: 60_000 })
    const started = await start()
    expect(started.status).toBe(503)
    expectTryLater(started, 'upstream_unavailable')
    expect(countGets(stack.sandbox, INSTALL_URL_PATH)).toBe(1)
  })

  it('and the next flow starts', async () => {
    stack.sandbox.scenario('fail_next', { route: 'install_url', status: 500, code: 'INTERNAL' })
    await start()
    expect((await start()).flow).toMatchObject({ status: 'waiting' })
  })
})

describe('a connection cut once is asked again with the same state,', () => {
  it.each(['before', 'after'])('when cut %s the answer', async (when) => {
    stack.sandbox.scenario('cut_next', { route: 'install_url', when })
    expect(await start()).toMatchObject({ status: 201, flow: { status: 'waiting' } })
    const asked = stack.sandbox.requests.filter(({ path }) => path === INSTALL_URL_PATH)
    expect(asked).toHaveLength(2)
    expect(asked[0]?.rawQuery).toBe(asked[1]?.rawQuery)
    expect(stack.sandbox.states).toHaveLength(1)
  })
})

describe('an answer that makes no sense is not used:', () => {
  it.each(UNREADABLE_SHAPES)('%s', async (shape) => {
    stack.sandbox.scenario('wrong_shape_next', { route: 'install_url', shape })
    expect((await start()).flow).toMatchObject({ status: 'blocked', error: 'upstream_invalid' })
    expectCure(/not what its documentation says: check LAYERS_API_URL/)
  })

  it('more than 64 KB', async () => {
    stack.sandbox.scenario('wrong_shape_next', { route: 'install_url', shape: 'huge' })
    expect((await start()).flow).toMatchObject({ status: 'blocked', error: 'upstream_invalid' })
    expect(countGets(stack.sandbox, INSTALL_URL_PATH)).toBe(1)
    expectCure(/not what its documentation says: check LAYERS_API_URL/)
  })

  it('a redirect, which is not followed', async () => {
    stack.sandbox.scenario('wrong_shape_next', { route: 'install_url', shape: 'redirect' })
    expect((await start()).flow).toMatchObject({ status: 'blocked', error: 'upstream_refused' })
    expectCure(/check LAYERS_API_URL/)
  })

  it.each([
    ['other_state', 'echoed state'],
    ['other_host', 'GITHUB_URL'],
    ['expired', 'clock'],
  ])('%s', async (shape, detail) => {
    stack.sandbox.scenario('wrong_shape_next', { route: 'install_url', shape })
    expect((await start()).flow).toMatchObject({ status: 'blocked', error: 'install_url_refused' })
    expect(listEvents(stack, 'install_url_refused')).toMatchObject([
      { security: true, detail: expect.stringContaining(detail) },
    ])
  })
})
