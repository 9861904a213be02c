// Nobody without the secret keeps GitHub's webhooks out: whoever floods or drips is stopped by address, and unread.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LimitOptions } from '../../bff/index.ts'
import { listEvents } from '../flow/what-happened.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import {
  BEHIND_PROXY,
  deliver,
  deliverForged,
  dropHeldWebhooks,
  holdWebhook,
  REMOVED,
  sign,
} from './webhook-sender.ts'

const GITHUB = '192.30.252.1'
const ATTACKER = '203.0.113.66'
const RATE_LIMITED = { status: 429, code: 'rate_limited' }
const ACCEPTED = { status: 204, code: undefined }
const NOT_TRUSTED = { status: 403, code: 'request_not_trusted' }

let stack: Stack
const start = async (limits: LimitOptions = {}): Promise<void> => {
  stack = await startStack({ bff: { ...BEHIND_PROXY, limits } })
}
afterEach(async () => {
  dropHeldWebhooks()
  await stack.close()
})

describe('of one address, two bodies are read at once, and', () => {
  beforeEach(() => start())

  it('further ones are refused unread, while others are accepted', async () => {
    const held = [await holdWebhook(stack, ATTACKER), await holdWebhook(stack, ATTACKER)]
    for (let count = 0; count < 6; count += 1) {
      const { answer } = await holdWebhook(stack, ATTACKER)
      expect(await answer).toEqual(RATE_LIMITED)
    }
    expect(await deliver(stack, { address: GITHUB })).toEqual(ACCEPTED)
    for (const { finish, answer } of held) {
      finish()
      expect(await answer).toEqual(NOT_TRUSTED)
    }
  })

  it('a right signature is no exception, until a place is free again', async () => {
    const signature = sign(REMOVED)
    const first = await holdWebhook(stack, GITHUB, { signature })
    await holdWebhook(stack, GITHUB, { signature })
    expect(await deliver(stack, { address: GITHUB })).toEqual(RATE_LIMITED)
    first.finish()
    expect(await first.answer).toEqual(ACCEPTED)
    expect(await deliver(stack, { address: GITHUB })).toEqual(ACCEPTED)
  })

  it('the log warns of it, and names the cure', async () => {
    await holdWebhook(stack, ATTACKER)
    await holdWebhook(stack, ATTACKER)
    await deliver(stack, { address: ATTACKER })
    expect(listEvents(stack, 'webhook_busy')).toMatchObject([
      { level: 'warn', reason: 'address', detail: expect.stringContaining('TRUSTED_PROXIES') },
    ])
    expect(listEvents(stack, 'request_failed')).toEqual([])
    expect(stack.logLines.join('')).not.toContain(ATTACKER)
  })
})

it('reads as many at once of one address as is configured', async () => {
  await start({ webhooksAtOncePerAddress: 3 })
  for (let count = 0; count < 3; count += 1) await holdWebhook(stack, GITHUB)
  expect(await deliver(stack, { address: GITHUB })).toEqual(RATE_LIMITED)
})

/** Four addresses have all eight places. */
async function takeAllPlaces(): Promise<void> {
  for (let count = 0; count < 8; count += 1) await holdWebhook(stack, `203.0.113.${count % 4}`)
}

it('warns, and does not call it a failure, when as many are read as may be', async () => {
  await start()
  await takeAllPlaces()
  expect(await deliver(stack, { address: GITHUB })).toEqual(RATE_LIMITED)
  expect(listEvents(stack, 'webhook_busy')).toMatchObject([{ level: 'warn', reason: 'process' }])
  expect(listEvents(stack, 'request_failed')).toEqual([])
})

describe('an address without a refused webhook left', () => {
  it('is refused before the body is asked for or read, rightly signed or not; others are not', async () => {
    await start({ refusedWebhooksPerAddress: 1 })
    expect(await deliverForged(stack, ATTACKER)).toEqual(NOT_TRUSTED)
    const { answer } = await holdWebhook(stack, ATTACKER)
    expect(await answer).toEqual(RATE_LIMITED)
    expect(await deliver(stack, { address: ATTACKER })).toEqual(RATE_LIMITED)
    expect(await deliver(stack, { address: GITHUB })).toEqual(ACCEPTED)
    expect(listEvents(stack, 'webhook_refused')).toHaveLength(1)
  })

  it('is not reached by looking: what is rightly signed is accepted as often as it comes', async () => {
    await start({ refusedWebhooksPerAddress: 1 })
    for (let count = 0; count < 5; count += 1)
      expect(await deliver(stack, { address: GITHUB })).toEqual(ACCEPTED)
  })

  it('is not what an address becomes that found all places taken by others', async () => {
    await start({ refusedWebhooksPerAddress: 1 })
    const taken = Array.from({ length: 8 }, (_, count) => holdWebhook(stack, `203.0.113.${count % 4}`))
    const held = await Promise.all(taken)
    for (let count = 0; count < 3; count += 1)
      expect(await deliver(stack, { address: GITHUB })).toEqual(RATE_LIMITED)
    for (const { finish } of held) finish()
    await Promise.all(held.map(({ answer }) => answer))
    expect(await deliver(stack, { address: GITHUB })).toEqual(ACCEPTED)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['a wrong signature', () => deliverForged(stack, ATTACKER)],
    [
      'no signature',
      () => deliver(stack, { address: ATTACKER, headers: { 'x-hub-signature-256': undefined } }),
    ],
    [
      'a body that is too large',
      () => deliver(stack, { address: ATTACKER, body: 'x'.repeat(5 * 1024 * 1024 + 1) }),
    ],
    [
      'a body that is too slow',
      async () => {
        vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
        try {
          const { answer } = await holdWebhook(stack, ATTACKER)
          vi.advanceTimersByTime(10_000)
          expect(await answer).toEqual(NOT_TRUSTED)
        } finally {
          vi.useRealTimers()
        }
      },
    ],
    [
      'a body that is cut off',
      async () => {
        const { drop } = await holdWebhook(stack, ATTACKER)
        drop()
        await stack.waitForLog((line) => line.includes('webhook_refused'))
      },
    ],
    [
      'a third body at once',
      async () => {
        const held = [await holdWebhook(stack, ATTACKER), await holdWebhook(stack, ATTACKER)]
        await deliverForged(stack, ATTACKER)
        for (const { finish, answer } of held) {
          finish()
          // These are refused as well, and counted after the third: what they count for is used up.
          expect(await answer).toEqual(RATE_LIMITED)
        }
      },
    ],
  ])('has used it up by %s', async (_, use) => {
    await start({ refusedWebhooksPerAddress: 1 })
    await use()
    const { answer } = await holdWebhook(stack, ATTACKER)
    expect(await answer).toEqual(RATE_LIMITED)
    // Refused for what was counted, not for want of a place: that would be in the log.
    expect(
      listEvents(stack, 'webhook_busy').length + listEvents(stack, 'webhook_refused').length,
    ).toBeLessThan(2)
  })
})
