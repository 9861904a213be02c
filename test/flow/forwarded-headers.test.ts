// What a browser sends to the BFF stays there: Layers gets the same few headers, whatever came in.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId } from '../stack/test-browser.ts'

let stack: Stack
beforeEach(async () => {
  stack = await startStack()
})
afterEach(() => stack.close())

const MARK = 'must-stay-here'

/** Headers that proxies, frameworks and attackers add; some are ours towards Layers. */
const ODD_HEADERS = Object.fromEntries(
  [
    'x-layers-organization',
    'x-layers-key',
    'x-api-key',
    'api-key',
    'idempotency-key',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-forwarded-authorization',
    'forwarded',
    'x-real-ip',
    'x-client-ip',
    'true-client-ip',
    'cf-connecting-ip',
    'x-original-url',
    'x-rewrite-url',
    'x-http-method-override',
    'x-request-id',
    'x-correlation-id',
    'traceparent',
    'tracestate',
    'baggage',
    'x-amzn-trace-id',
    'x-b3-traceid',
    'x-csrf-token',
    'x-xsrf-token',
    'x-user-id',
    'x-tenant-id',
    'x-host',
    'via',
    'proxy-authorization',
    'accept-language',
    'if-none-match',
    'range',
    'x-github-token',
  ].map((name) => [name, MARK]),
)

it('sends no header of the browser on to Layers', async () => {
  const ann = stack.browser('ann')
  ann.cookies.set('other', MARK)
  const flowId = createFlowId()
  const started = await ann.send('/flows', {
    method: 'POST',
    headers: {
      ...ODD_HEADERS,
      'sec-fetch-site': 'same-origin',
      'x-connect-github': '1',
      'content-type': 'application/json',
      'user-agent': MARK,
      referer: `https://app.example.com/${MARK}`,
    },
    body: JSON.stringify({ flowId, mode: 'popup' }),
  })
  expect(started.status).toBe(201)
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  await ann.navigate(returnUrl ?? '', ODD_HEADERS)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })

  const sent = stack.sandbox.requests
  expect(sent).toHaveLength(2)
  expect(JSON.stringify(sent)).not.toContain(MARK)
  const ofEvery = ['accept', 'accept-encoding', 'authorization', 'connection', 'host', 'user-agent']
  expect(sent.map(({ headers }) => Object.keys(headers).toSorted())).toEqual([
    [...ofEvery, 'x-layers-organization'],
    [...ofEvery, 'content-length', 'content-type', 'x-layers-organization'].toSorted(),
  ])
})
