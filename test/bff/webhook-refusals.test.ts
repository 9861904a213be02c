// Webhooks that are not GitHub's, or cannot be read: refused without a row written, counted by address, and told apart in the log only.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listEvents } from '../flow/what-happened.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { watchForChanges } from './unchanged.ts'
import { deliver as deliverTo, REMOVED, SECRET, sign, type Delivery } from './webhook-sender.ts'

let stack: Stack
let checkUnchanged: () => void
beforeEach(async () => {
  stack = await startStack({ bff: { githubWebhookSecret: [SECRET] } })
  checkUnchanged = watchForChanges(stack)
})
afterEach(() => stack.close())

const deliver = (delivery?: Delivery) => deliverTo(stack, delivery)

const NOT_TRUSTED = { status: 403, code: 'request_not_trusted' }

it('accepts a delivery as GitHub sends it', async () => {
  expect(await deliver()).toEqual({ status: 204, code: undefined })
  expect(checkUnchanged).toThrow('to deeply equal')
})

describe('refuses as not trusted', () => {
  it.each<[string, string, () => Delivery]>([
    ['no signature', 'no signature', () => ({ headers: { 'x-hub-signature-256': undefined } })],
    [
      'a signature of SHA-1 alone',
      'no signature',
      () => ({ headers: { 'x-hub-signature-256': undefined, 'x-hub-signature': `sha1=${'a'.repeat(40)}` } }),
    ],
    [
      'another scheme',
      'no signature',
      () => ({ headers: { 'x-hub-signature-256': `sha1=${'a'.repeat(40)}` } }),
    ],
    [
      'a wrong signature',
      'wrong signature',
      () => ({ headers: { 'x-hub-signature-256': `sha256=${'a'.repeat(64)}` } }),
    ],
    [
      'a signature with another secret',
      'wrong signature',
      () => ({ headers: { 'x-hub-signature-256': sign(REMOVED, 'some-other-webhook-secret') } }),
    ],
    [
      'a body that was changed',
      'wrong signature',
      () => ({
        body: REMOVED.replace('417', '418'),
        headers: { 'x-hub-signature-256': sign(REMOVED) },
      }),
    ],
    [
      'no body',
      'wrong signature',
      () => ({ body: Buffer.alloc(0), headers: { 'x-hub-signature-256': `sha256=${'a'.repeat(64)}` } }),
    ],
  ])('%s', async (_, reason, make) => {
    expect(await deliver(make())).toEqual(NOT_TRUSTED)
    expect(listEvents(stack, 'webhook_refused')).toMatchObject([{ security: true, reason }])
    checkUnchanged()
  })
})

describe('answers what GitHub signed, but cannot be read, with', () => {
  const signed = (body: string, headers: Delivery['headers'] = {}): Delivery => ({
    body,
    headers: { 'x-hub-signature-256': sign(body), ...headers },
  })
  it.each<[number, string, string, () => Delivery]>([
    [400, 'invalid_request', 'no delivery id', () => signed(REMOVED, { 'x-github-delivery': undefined })],
    [400, 'invalid_request', 'an odd delivery id', () => signed(REMOVED, { 'x-github-delivery': '../../x' })],
    [400, 'invalid_request', 'no event', () => signed(REMOVED, { 'x-github-event': undefined })],
    [400, 'invalid_request', 'an odd event', () => signed(REMOVED, { 'x-github-event': 'Installation!' })],
    [400, 'invalid_request', 'no JSON', () => signed('{')],
    [400, 'invalid_request', 'no installation', () => signed('{"action":"deleted"}')],
    [
      400,
      'invalid_request',
      'an installation without an id',
      () => signed('{"action":"deleted","installation":{}}'),
    ],
    [
      415,
      'unsupported_media_type',
      'a form',
      () => signed('payload=%7B%7D', { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    [415, 'unsupported_media_type', 'no content type', () => signed(REMOVED, { 'content-type': undefined })],
  ])('%i %s: %s', async (status, code, _, make) => {
    expect(await deliver(make())).toEqual({ status, code })
    expect(listEvents(stack, 'request_refused')).toMatchObject([{ code, detail: expect.any(String) }])
    checkUnchanged()
  })

  it('413 payload_too_large: more than 5 MB, and 204 up to that', async () => {
    const fill = (size: number) => `${REMOVED.slice(0, -1)},"x":"${'x'.repeat(size - REMOVED.length - 7)}"}`
    const most = 5 * 1024 * 1024
    expect(fill(most)).toHaveLength(most)
    expect(await deliver({ body: fill(most + 1) })).toEqual({ status: 413, code: 'payload_too_large' })
    checkUnchanged()
    expect(await deliver({ body: fill(most) })).toEqual({ status: 204, code: undefined })
  })
})

it('answers 204 to events that tell nothing about an installation, and writes nothing', async () => {
  for (const [event, payload] of [
    ['ping', { zen: 'Keep it logically awesome.', hook_id: 1 }],
    ['installation', { action: 'created', installation: { id: 7 } }],
    ['installation_repositories', { action: 'added', installation: { id: 7 } }],
    ['some_event_yet_to_come', []],
  ] as const) {
    const body = JSON.stringify(payload)
    expect(await deliver({ body, headers: { 'x-github-event': event } })).toMatchObject({ status: 204 })
  }
  checkUnchanged()
})

it('is 404 while there is no secret, whatever is sent', async () => {
  await stack.close()
  stack = await startStack()
  expect(await deliver()).toEqual({ status: 404, code: 'not_found' })
  expect(await deliver({ headers: { 'x-hub-signature-256': undefined } })).toMatchObject({ status: 404 })
  expect(listEvents(stack, 'webhook_refused')).toEqual([])
})

it('answers a flood from one address with 429 and stops logging it', async () => {
  await stack.close()
  stack = await startStack({
    bff: { githubWebhookSecret: [SECRET], limits: { refusedWebhooksPerAddress: 3 } },
  })
  const statuses: number[] = []
  for (let count = 0; count < 6; count += 1)
    statuses.push((await deliver({ headers: { 'x-hub-signature-256': undefined } })).status)
  expect(statuses).toEqual([403, 403, 403, 429, 429, 429])
  expect(listEvents(stack, 'webhook_refused')).toHaveLength(3)
})

it('says nothing of what was sent in the log, and nothing of the secret', async () => {
  await deliver()
  await deliver({ headers: { 'x-hub-signature-256': `sha256=${'a'.repeat(64)}` } })
  expect(listEvents(stack, 'webhook_received')).toMatchObject([{ reason: 'installation.deleted' }])
  const log = stack.logLines.join('')
  for (const text of [SECRET, '61200417', 'Hookshot', 'a'.repeat(64)]) expect(log).not.toContain(text)
})
