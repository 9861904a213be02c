// Layers is down: who presses Connect is told so at once, and what GitHub sent back is accepted, waits, and is finished.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { loadBroken } from './load-broken-bff.ts'
import { listEvents, listPosts } from './what-happened.ts'

const FAILURES = 3
const OPEN_MS = 20_000
const OPTIONS: StackOptions = { bff: { circuitBreaker: { failures: FAILURES, openMs: OPEN_MS } } }

let stack: Stack
beforeEach(async () => {
  stack = await startStack(OPTIONS)
})
afterEach(() => stack.close())

/** As the widget does. */
function pressConnect(person: string) {
  return stack.browser(person).send('/flows', {
    method: 'POST',
    headers: {
      'sec-fetch-site': 'same-origin',
      'x-connect-github': '1',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ flowId: createFlowId(), mode: 'popup' }),
  })
}

/** A customer on GitHub's page, who can come back. */
async function goToGitHub(person: string, account: string) {
  const browser = stack.browser(person)
  const { flowId } = await browser.startFlow()
  const returnUrl = await browser.submitOnGitHub(await browser.getInstallUrl(flowId), { account })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  return { browser, flowId, returnUrl }
}

/** Presses of somebody else that fail, until nothing is sent any more. */
async function goDown(): Promise<void> {
  stack.sandbox.scenario('fail_next', {
    route: 'install_url',
    status: 500,
    code: 'INTERNAL',
    times: FAILURES,
  })
  for (let failure = 1; failure <= FAILURES; failure += 1) {
    expect([failure, (await pressConnect('bob')).status]).toEqual([failure, 503])
  }
  expect(listEvents(stack, 'upstream_circuit_opened')).toMatchObject([{ level: 'warn' }])
}

async function comeBack({
  browser,
  flowId,
  returnUrl,
}: {
  browser: TestBrowser
  flowId: string
  returnUrl: string
}) {
  expect((await browser.navigate(returnUrl)).status).toBe(303)
  return browser.getFlow(flowId)
}

it('answers a click at once, with the time after which trying again can help, and calls nobody', async () => {
  await goDown()
  const calls = stack.sandbox.requests.length
  const answer = await pressConnect('ann')
  expect(answer.status).toBe(503)
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'upstream_unavailable' } })
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(OPEN_MS / 1000 - 10)
  expect(stack.sandbox.requests).toHaveLength(calls)
  expect(listEvents(stack, 'install_url_failed').at(-1)).toMatchObject({
    detail: expect.stringContaining('it passes by itself'),
  })
})

it('accepts a return, lets it wait without a call, and finishes it when Layers is back', async () => {
  const ann = await goToGitHub('ann', 'acme-coffee')
  const cora = await goToGitHub('cora', 'nordwind-shop')
  await goDown()
  const calls = stack.sandbox.requests.length
  expect(await comeBack(ann)).toMatchObject({ status: 'binding' })
  await stack.waitForLog((line) => line.includes('binding_postponed'))
  expect(listEvents(stack, 'binding_postponed')).toMatchObject([{ reason: 'circuit_open' }])
  expect(listEvents(stack, 'binding_failed')).toEqual([])
  expect(stack.sandbox.requests).toHaveLength(calls)

  stack.advance(3 * OPEN_MS)
  // Her return wakes whoever works on the queue.
  await comeBack(cora)
  expect(await ann.browser.waitForEnd(ann.flowId)).toMatchObject({ status: 'connected' })
  expect(await cora.browser.waitForEnd(cora.flowId)).toMatchObject({ status: 'connected' })
  expect(listEvents(stack, 'upstream_circuit_closed')).toHaveLength(1)
  expect(listPosts(stack.sandbox)).toHaveLength(2)
})

/** A return whose only claim met a Layers that was left alone, and whose time is up when the BFF gets to it again. */
async function playOverdue() {
  const ann = await goToGitHub('ann', 'acme-coffee')
  await goDown()
  await comeBack(ann)
  await stack.waitForLog((line) => line.includes('binding_postponed'))
  stack.advance(16 * 60_000)
  await stack.restart()
  return ann.browser.waitForEnd(ann.flowId)
}

it('tries a return once that only ever met a Layers that was down, however late', async () => {
  expect(await playOverdue()).toMatchObject({ status: 'connected' })
})

it('would let it expire untried if waiting counted as trying', async () => {
  const counted: Breakage = { file: 'delivery/dispatcher.ts', from: 'wasTried: false', to: 'wasTried: true' }
  await stack.close()
  stack = await startStack({ ...OPTIONS, build: loadBroken([counted]) })
  expect(await playOverdue()).toMatchObject({ status: 'expired' })
  expect(listPosts(stack.sandbox)).toEqual([])
})

it('retries no more than the budget allows, and loses nothing over it', async () => {
  await stack.close()
  stack = await startStack({ bff: { retryBudget: { floor: 1, share: 0 } } })
  stack.sandbox.scenario('fail_next', { route: 'bind', status: 500, code: 'INTERNAL', times: 2 })
  const ann = await goToGitHub('ann', 'acme-coffee')
  await comeBack(ann)
  await stack.waitForLog((line) => line.includes('"reason":"retry_budget"'))
  expect(listPosts(stack.sandbox)).toHaveLength(2)
  expect(await ann.browser.getFlow(ann.flowId)).toMatchObject({ status: 'binding' })
  stack.advance(2 * 60_000)
  await comeBack(await goToGitHub('cora', 'nordwind-shop'))
  expect(await ann.browser.waitForEnd(ann.flowId)).toMatchObject({ status: 'connected' })
})

it('uses up none of the budget on what is not sent', async () => {
  await stack.close()
  stack = await startStack({
    bff: { circuitBreaker: { failures: 1, openMs: OPEN_MS }, retryBudget: { floor: 1, share: 0 } },
  })
  const ann = await goToGitHub('ann', 'acme-coffee')
  const cora = await goToGitHub('cora', 'nordwind-shop')
  stack.sandbox.scenario('fail_next', { route: 'bind', status: 500, code: 'INTERNAL' })
  await comeBack(ann)
  await stack.waitForLog((line) => line.includes('binding_postponed'))
  stack.advance(3 * OPEN_MS)
  await comeBack(cora)
  expect(await ann.browser.waitForEnd(ann.flowId)).toMatchObject({ status: 'connected' })
  const reasons = listEvents(stack, 'binding_postponed').map(({ reason }) => reason)
  expect(new Set(reasons)).toEqual(new Set(['circuit_open']))
})
