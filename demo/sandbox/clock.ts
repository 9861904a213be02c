// The sandbox's own time, which the control API can move forward.

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Moves time forward, for instance past the 15 minutes of a state. */
  advance(advanceMs: number): void
  readonly offsetMs: number
}

export function createClock(baseNow: () => number): Clock {
  let offsetMs = 0
  return {
    now: () => baseNow() + offsetMs,
    advance: (advanceMs) => {
      offsetMs += advanceMs
    },
    get offsetMs() {
      return offsetMs
    },
  }
}
