// How long a binding waits before it is tried again.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_RETRY_POLICY, getRetryDelayMs } from '../../bff/delivery/retry-policy.ts'

const attempts = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(1e6, Number.MAX_SAFE_INTEGER))
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

describe('the delay', () => {
  it('is never negative and never above the cap, without Retry-After', () => {
    fc.assert(
      fc.property(
        attempts,
        random,
        fc.nat({ max: 60_000 }),
        fc.nat({ max: 60_000 }),
        (count, chance, baseMs, capMs) => {
          const delay = getRetryDelayMs(count, undefined, { baseMs, capMs, random: () => chance })
          expect(delay).toBeGreaterThanOrEqual(0)
          expect(delay).toBeLessThanOrEqual(capMs)
          expect(Number.isInteger(delay)).toBe(true)
        },
      ),
    )
  })

  it('is never below Retry-After, and above it only within the cap', () => {
    fc.assert(
      fc.property(attempts, random, fc.nat({ max: 900_000 }), (count, chance, retryAfterMs) => {
        const delay = getRetryDelayMs(count, retryAfterMs, { ...DEFAULT_RETRY_POLICY, random: () => chance })
        expect(delay).toBeGreaterThanOrEqual(retryAfterMs)
        expect(delay).toBeLessThanOrEqual(Math.max(retryAfterMs, DEFAULT_RETRY_POLICY.capMs))
      }),
    )
  })

  it('doubles up to the cap when chance takes the longest', () => {
    const policy = { baseMs: 500, capMs: 30_000, random: () => 0.999999 }
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((count) => getRetryDelayMs(count, undefined, policy))
    expect(delays).toEqual([499, 999, 1999, 3999, 7999, 15_999, 29_999, 29_999, 29_999])
  })

  it('is spread over the whole step, so that many do not come back at once', () => {
    const delays = Array.from({ length: 2000 }, () => getRetryDelayMs(7, undefined, DEFAULT_RETRY_POLICY))
    for (const third of [0, 10_000, 20_000]) {
      const share = delays.filter((delay) => delay >= third && delay < third + 10_000).length
      expect(share).toBeGreaterThan(500)
    }
  })
})
