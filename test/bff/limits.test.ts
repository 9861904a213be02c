// How often is too often, and what is said then.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectError } from '../../bff/errors.ts'
import { createLimits } from '../../bff/limits.ts'
import { startStack } from '../stack/start-stack.ts'
import { createFlowId } from '../stack/test-browser.ts'

/** How many of `count` calls are let through; the seconds to wait after the last refusal. */
async function tryOften(
  call: () => Promise<void>,
  count: number,
): Promise<{ passed: number; waitSeconds: number | undefined }> {
  let passed = 0
  let waitSeconds: number | undefined
  for (let index = 0; index < count; index += 1) {
    try {
      await call()
      passed += 1
    } catch (error) {
      if (!(error instanceof ConnectError) || error.code !== 'rate_limited') throw error
      waitSeconds = error.retryAfterSeconds
    }
  }
  return { passed, waitSeconds }
}

describe('within five minutes', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('one user starts 20 flows, and 20 more in the next five minutes', async () => {
    const limits = createLimits()
    const start = () => limits.checkStart('northwind', 'ann')
    expect(await tryOften(start, 30)).toEqual({ passed: 20, waitSeconds: 300 })
    vi.advanceTimersByTime(299_000)
    expect(await tryOften(start, 1)).toEqual({ passed: 0, waitSeconds: 1 })
    vi.advanceTimersByTime(1001)
    expect((await tryOften(start, 30)).passed).toBe(20)
  })

  it('one tenant starts 60 flows, however many users it has', async () => {
    const limits = createLimits()
    let user = 0
    expect((await tryOften(() => limits.checkStart('northwind', `user-${(user += 1)}`), 100)).passed).toBe(60)
    expect((await tryOften(() => limits.checkStart('globex', 'cora'), 5)).passed).toBe(5)
  })

  it('a user of one tenant is not the user of the same name of another', async () => {
    const limits = createLimits({ startsPerUser: 1 })
    expect((await tryOften(() => limits.checkStart('a', 'b'), 2)).passed).toBe(1)
    expect((await tryOften(() => limits.checkStart('a","b', ''), 1)).passed).toBe(1)
    expect((await tryOften(() => limits.checkStart('b', 'b'), 1)).passed).toBe(1)
  })

  it('one address opens the return page 120 times without a flow', async () => {
    const limits = createLimits()
    expect(await tryOften(() => limits.checkStrayReturn('192.0.2.1'), 130)).toEqual({
      passed: 120,
      waitSeconds: 300,
    })
    expect((await tryOften(() => limits.checkStrayReturn('192.0.2.2'), 1)).passed).toBe(1)
  })
})

describe('over HTTP', () => {
  it('too many starts are 429 with Retry-After, and cost no call to Layers', async () => {
    const stack = await startStack({ bff: { limits: { startsPerUser: 2 } } })
    try {
      const ann = stack.browser('ann')
      await ann.startFlow()
      await ann.startFlow()
      const calls = stack.sandbox.requests.length
      const { status, body } = await ann.fetchJson('POST', '/flows', {
        flowId: createFlowId(),
        mode: 'popup',
      })
      expect(status).toBe(429)
      expect(body).toMatchObject({ error: { code: 'rate_limited' } })
      expect(stack.sandbox.requests).toHaveLength(calls)
      expect((await stack.browser('bob').startFlow()).status).toBe('waiting')
    } finally {
      await stack.close()
    }
  })

  it('too many stray returns from one address are 429 where they are, and a real one from it is let through', async () => {
    const stack = await startStack({ bff: { limits: { strayReturnsPerAddress: 3 } } })
    try {
      const ann = stack.browser('ann')
      for (let count = 0; count < 10; count += 1) await ann.navigate('/problem/return_unknown')
      const { returnUrl } = await ann.connect()
      const answers: number[] = []
      for (let count = 0; count < 5; count += 1) {
        // A spoofed address buys nothing, because no proxy is listed.
        const { status } = await ann.navigate('/return?state=x', { 'x-forwarded-for': `192.0.2.${count}` })
        answers.push(status)
      }
      expect(answers).toEqual([303, 303, 303, 429, 429])
      const refused = await ann.navigate('/return?state=x')
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      // The crowd is nobody's browser with a flow; whoever has one is not counted among them.
      expect((await ann.navigate(returnUrl)).headers.get('location')).toContain('/done')
    } finally {
      await stack.close()
    }
  })
})
