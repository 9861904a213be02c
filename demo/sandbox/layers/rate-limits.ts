// Request budgets per key and class (https://developers.layers.com/docs/api/operational/rate-limits).

import type { Tier } from '../options.ts'
import type { Clock } from '../clock.ts'
import { LayersError } from './errors.ts'

/** `long-running` exists in the documentation too, but starts jobs, which the sandbox has none of. */
export type EndpointClass = 'read-light' | 'write-light'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** A number, because the headers have to tell one. */
const UNLIMITED = 1_000_000_000

interface Budget {
  readonly limit: number
  readonly windowMs: number
}

const BUDGETS: Record<Tier, Record<EndpointClass, readonly [Budget, ...Budget[]]>> = {
  standard: createBudgets(120, 60, 10_000),
  pilot: createBudgets(1_200, 600, 100_000),
  partner: createBudgets(6_000, 3_000, 500_000),
  unlimited: createBudgets(UNLIMITED, UNLIMITED, UNLIMITED),
}

function createBudgets(readsPerMinute: number, writesPerMinute: number, writesPerDay: number) {
  return {
    'read-light': [{ limit: readsPerMinute, windowMs: MINUTE_MS }],
    'write-light': [
      { limit: writesPerMinute, windowMs: MINUTE_MS },
      { limit: writesPerDay, windowMs: DAY_MS },
    ],
  } as const
}

interface Window {
  startedAt: number
  used: number
}

export interface RateLimits {
  /**
   * Counts one request and returns the headers that tell the state of its bucket.
   * @throws LayersError RATE_LIMITED with `Retry-After` when the minute's or the day's budget is used up
   */
  charge(key: string, tier: Tier, endpointClass: EndpointClass): Record<string, string>
}

export function createRateLimits(clock: Clock): RateLimits {
  const windows = new Map<string, Window>()

  function openWindow(name: string, windowMs: number): Window {
    const now = clock.now()
    const current = windows.get(name)
    if (current && now < current.startedAt + windowMs) return current
    const fresh = { startedAt: now, used: 0 }
    windows.set(name, fresh)
    return fresh
  }

  return {
    charge(key, tier, endpointClass) {
      const buckets = BUDGETS[tier][endpointClass].map((budget) => ({
        ...budget,
        window: openWindow(`${key} ${endpointClass} ${budget.windowMs}`, budget.windowMs),
      }))
      const spent = buckets.findLast((bucket) => bucket.window.used >= bucket.limit)
      if (!spent) for (const bucket of buckets) bucket.window.used += 1
      // The minute's bucket, which comes first, is the one reported unless another one is what refuses.
      const [minute] = buckets
      const reported = spent ?? minute
      if (!reported) throw new Error(`no budget for ${endpointClass}`)
      const endsAt = reported.window.startedAt + reported.windowMs
      // Unverified names: the page says that each response tells the state of the bucket; the header list could not be read.
      const headers = {
        'X-RateLimit-Limit': String(reported.limit),
        'X-RateLimit-Remaining': String(Math.max(0, reported.limit - reported.window.used)),
        'X-RateLimit-Reset': String(Math.ceil(endsAt / 1000)),
      }
      if (!spent) return headers
      const retryAfterSeconds = Math.max(1, Math.ceil((endsAt - clock.now()) / 1000))
      throw new LayersError('RATE_LIMITED', `The ${endpointClass} budget of this key is used up.`, {
        headers: { ...headers, 'Retry-After': String(retryAfterSeconds) },
      })
    },
  }
}
