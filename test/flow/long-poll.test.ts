// Waiting for a flow to change: answered at once when there is something new, and not a moment before. Order is measured, not time.
import { request as httpRequest } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FlowView, WireError } from '../../bff/contract.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { listEvents } from './what-happened.ts'

let stack: Stack
let ann: TestBrowser
let flow: FlowView
/** What was answered, in order. */
let order: string[]
beforeEach(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
  flow = await ann.startFlow()
  order = []
})
afterEach(() => stack.close())

/** Asks and notes when the answer came. */
async function wait(name: string, query: string, browser = ann): Promise<FlowView> {
  const view = await browser.getFlow(flow.flowId, query)
  order.push(name)
  return view
}

/** Resolves when whatever was sent before has long been with the BFF: several whole round trips, one after the other. */
async function settle(): Promise<void> {
  for (let trip = 0; trip < 10; trip += 1) await ann.getConnection()
}

describe('a request that waits', () => {
  it('is answered at once when the flow is newer already', async () => {
    const waiting = wait('waiting for a change', `?after=${flow.version}&wait=25`)
    const newer = await wait('newer already', `?after=${flow.version - 1}&wait=25`)
    expect(newer).toEqual(flow)
    expect(order).toEqual(['newer already'])
    await ann.fetchJson('POST', `/flows/${flow.flowId}/cancel`)
    await waiting
  })

  it.each([['?wait=0'], ['?after=0'], ['?wait=25'], ['']])(
    'is answered at once when asked with "%s"',
    async (query) => {
      expect(await ann.getFlow(flow.flowId, query)).toEqual(flow)
    },
  )

  it('waits while nothing changes, and is woken by the change itself', async () => {
    const waiting = wait('the waiting request', `?after=${flow.version}&wait=25`)
    await settle()
    expect(order).toEqual([])
    await ann.fetchJson('POST', `/flows/${flow.flowId}/cancel`)
    expect(await waiting).toMatchObject({ status: 'cancelled', version: flow.version + 1 })
  })

  it('is not woken by what happens to another flow', async () => {
    const waiting = wait('the waiting request', `?after=${flow.version}&wait=25`)
    const { flow: others } = await stack.browser('cora').connect()
    await stack.browser('cora').waitForEnd(others.flowId)
    await settle()
    expect(order).toEqual([])
    await ann.fetchJson('POST', `/flows/${flow.flowId}/cancel`)
    await waiting
  })

  it('is answered when its time is over, with the flow as it is', async () => {
    const longer = wait('five seconds', `?after=${flow.version}&wait=5`)
    expect(await wait('one second', `?after=${flow.version}&wait=1`)).toEqual(flow)
    expect(order).toEqual(['one second'])
    await ann.fetchJson('POST', `/flows/${flow.flowId}/cancel`)
    await longer
  })

  it('is woken together with all others that wait for the same flow', async () => {
    const all = Promise.all(
      Array.from({ length: 20 }, (_, index) => wait(`request ${index}`, `?after=${flow.version}&wait=25`)),
    )
    await settle()
    expect(order).toEqual([])
    await ann.fetchJson('POST', `/flows/${flow.flowId}/cancel`)
    expect(new Set((await all).map(({ status }) => status))).toEqual(new Set(['cancelled']))
  })

  it('misses no change: from the return to the end each version is seen', async () => {
    stack.sandbox.scenario('delay_next', { route: 'bind', delayMs: 200 })
    const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flow.flowId), {
      account: 'acme-coffee',
    })
    const seen: string[] = []
    const following = (async () => {
      for (let view = flow; view.status !== 'connected';) {
        view = await ann.getFlow(flow.flowId, `?after=${view.version}&wait=25`)
        seen.push(`${view.version} ${view.status}`)
      }
    })()
    await settle()
    await ann.navigate(returnUrl ?? '')
    await following
    expect(seen).toEqual(['3 binding', '4 connected'])
  })

  it('is woken when the flow is superseded, and when it expires', async () => {
    const superseded = wait('superseded', `?after=${flow.version}&wait=25`)
    await settle()
    const next = await ann.startFlow()
    expect(await superseded).toMatchObject({ status: 'superseded' })
    stack.advance(15 * 60_000)
    expect(await ann.getFlow(next.flowId, `?after=${next.version}&wait=25`)).toMatchObject({
      status: 'expired',
    })
  })

  it.each([
    '?after=-1',
    '?after=1e3',
    '?after=1&after=2',
    '?after=',
    '?wait=26',
    '?wait=x',
    '?wait=1.5',
    '?after=0&wait=-1',
  ])('is refused with %s', async (query) => {
    const answer = await ann.fetchJson<WireError>('GET', `/flows/${flow.flowId}${query}`)
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } })
  })
})

describe('a browser that goes away', () => {
  // Written when a request is over. Were it waited for, that would be 25 seconds later, and the test's own time is 20.
  const isFlowRequest = (line: string): boolean =>
    line.includes('"request"') && line.includes('"/flows/:flowId"')

  /** Waits as a browser that can be closed. */
  function openAndClose(): { close(): void } {
    const waiting = httpRequest(`${stack.baseUrl}/flows/${flow.flowId}?after=${flow.version}&wait=25`, {
      headers: { cookie: 'session=ann', 'sec-fetch-site': 'same-origin' },
    })
    waiting.on('error', () => undefined)
    waiting.end()
    return { close: () => waiting.destroy() }
  }

  it('is not waited for', async () => {
    const waiting = openAndClose()
    await settle()
    expect(listEvents(stack, 'request').filter(({ route }) => route === '/flows/:flowId')).toEqual([])
    waiting.close()
    expect(await stack.waitForLog(isFlowRequest)).toContain('"httpStatus":')
  })

  it('is not waited for even when it left before the wait began', async () => {
    // The host takes its time to say who is asking; meanwhile the browser leaves.
    let release = (): void => undefined
    const asked = Promise.withResolvers<undefined>()
    const slow = await startStack({
      bff: {
        identify: async ({ url }) => {
          if (url?.includes('wait=25') === true) {
            asked.resolve(undefined)
            await new Promise<void>((resolve) => (release = resolve))
          }
          return { tenantId: 'northwind', userId: 'ann', canConnect: true }
        },
      },
    })
    await stack.close()
    stack = slow
    ann = stack.browser('ann')
    flow = await ann.startFlow()
    const waiting = openAndClose()
    await asked.promise
    waiting.close()
    await settle()
    release()
    expect(await stack.waitForLog(isFlowRequest)).toContain('"httpStatus":')
  })
})

it('is answered when the server stops, and waits again at the next one', async () => {
  const waiting = wait('the waiting request', `?after=${flow.version}&wait=25`)
  await settle()
  expect(order).toEqual([])
  await stack.restart()
  expect(await waiting).toEqual(flow)
  const again = wait('the next request', `?after=${flow.version}&wait=25`)
  await settle()
  await ann.fetchJson('POST', `/flows/${flow.flowId}/cancel`)
  expect(await again).toMatchObject({ status: 'cancelled' })
})
