// A queue that grows without end: no flow is started any more, but whoever went to GitHub before is not turned away.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'

let stack: Stack
beforeEach(async () => {
  stack = await startStack({ bff: { limits: { unfinishedBindings: 1 } } })
})
afterEach(() => stack.close())

const RETRY_AFTER_SECONDS = 60

it('refuses starts while too many returns wait for Layers, accepts every return, and starts again afterwards', async () => {
  const [ann, cora] = [stack.browser('ann'), stack.browser('cora')]
  const { flowId } = await cora.startFlow()
  const returnUrl = await cora.submitOnGitHub(await cora.getInstallUrl(flowId), { account: 'nordwind-shop' })
  stack.sandbox.scenario('fail_next', {
    route: 'bind',
    status: 429,
    code: 'RATE_LIMITED',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  })
  const { flow } = await ann.connect()
  await stack.waitForLog((line) => line.includes('"event":"binding_retry"'))

  const refused = await ann.send('/flows', {
    method: 'POST',
    headers: {
      origin: stack.publicOrigin,
      'sec-fetch-site': 'same-origin',
      'x-connect-github': '1',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ flowId: 'A'.repeat(22), mode: 'popup' }),
  })
  expect(refused.status).toBe(503)
  expect(JSON.parse(refused.text)).toMatchObject({ error: { code: 'upstream_unavailable' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(stack.logLines.join('')).toContain('1 accepted returns wait for Layers')

  // The same flow again is not a start, and a return is never refused for this.
  expect(await cora.startFlow({ flowId })).toMatchObject({ flowId, status: 'waiting' })
  expect((await cora.navigate(returnUrl ?? '')).headers.get('location')).toMatch(/\/done$/)

  stack.advance((RETRY_AFTER_SECONDS + 1) * 1000)
  const ends = await Promise.all([ann.waitForEnd(flow.flowId), cora.waitForEnd(flowId)])
  expect(ends).toMatchObject([{ status: 'connected' }, { status: 'connected' }])
  expect(await ann.startFlow()).toMatchObject({ status: 'waiting' })
})
