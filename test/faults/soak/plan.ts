// What happens when in a soak, long and short.

export interface Plan {
  readonly startsPerSecond: number
  /** What follows are parts of the whole run: when Layers goes down, and when it is back, */
  readonly downAt: number
  readonly upAt: number
  /** how long a customer is on GitHub, at most and at least half of it, */
  readonly onGitHub: number
  /** how soon what waited has to be done, */
  readonly drainWithin: number
  /** and the stretch for which calls are counted. */
  readonly peakWindow: number
  /** After Layers is back, starts may be refused for so long: the circuit breaker lets one call find out now and then. */
  readonly noticedWithinMs: number
  readonly retryPolicy: { readonly baseMs: number; readonly capMs: number }
}

/** Of an hour: down for ten minutes, up to 90 s on GitHub, two minutes to drain, calls counted for 10 s. */
export const LONG: Plan = {
  startsPerSecond: 20,
  downAt: 0.4,
  upAt: 0.4 + 1 / 6,
  onGitHub: 1 / 40,
  drainWithin: 1 / 30,
  peakWindow: 1 / 360,
  noticedWithinMs: 25_000,
  retryPolicy: { baseMs: 500, capMs: 30_000 },
}
/** Enough has to wait that it would be seen if it came at once, and no more than one process can work off at once. */
export const SHORT: Plan = {
  startsPerSecond: 10,
  downAt: 0.4,
  upAt: 0.7,
  onGitHub: 0.33,
  drainWithin: 1,
  peakWindow: 1 / 30,
  noticedWithinMs: 2_000,
  retryPolicy: { baseMs: 50, capMs: 500 },
}
