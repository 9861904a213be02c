// GitHub's primary rate limit: 5,000 calls an hour for each caller, counted in the headers of every answer.

import { BoundedMap } from '../../bounded-map.ts'
import type { Clock } from '../../clock.ts'

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const LIMIT = 5_000
const HOUR_MS = 60 * 60_000
const CAPACITY = 10_000

export interface RateCharge {
  readonly isExceeded: boolean
  readonly headers: Readonly<Record<string, string>>
}

export interface RateBudget {
  /** Counts a call of whoever has these credentials; callers without any share one budget. */
  charge(caller: string): RateCharge
}

export function createRateBudget(clock: Clock): RateBudget {
  const windows = new BoundedMap<string, { used: number; resetsAt: number }>(CAPACITY)
  return {
    charge(caller) {
      const now = clock.now()
      const current = windows.get(caller)
      const window = current && now < current.resetsAt ? current : { used: 0, resetsAt: now + HOUR_MS }
      const isExceeded = window.used >= LIMIT
      const used = isExceeded ? LIMIT : window.used + 1
      windows.set(caller, { ...window, used })
      return { isExceeded, headers: createRateHeaders(used, window.resetsAt) }
    },
  }
}

/** The headers of a caller whose hour is used up, for the scenario `rate_limit_next`. */
export function createExhaustedHeaders(now: number): Readonly<Record<string, string>> {
  return createRateHeaders(LIMIT, now + HOUR_MS)
}

function createRateHeaders(used: number, resetsAt: number): Record<string, string> {
  return {
    'X-RateLimit-Limit': String(LIMIT),
    'X-RateLimit-Remaining': String(LIMIT - used),
    'X-RateLimit-Used': String(used),
    'X-RateLimit-Reset': String(Math.ceil(resetsAt / 1_000)),
    'X-RateLimit-Resource': 'core',
  }
}
