// How many retries a process may make: a part of its first tries, so that an upstream in trouble is not troubled by us as well.

export interface RetryBudgetSettings {
  /** Retries for each first try of the last minute; 0 ≤ x. Default 0.1. */
  readonly share: number
  /** Retries in a minute that are always allowed, so that a quiet process can retry at all. Default 30. */
  readonly floor: number
}

/**
 * With the floor, fifty returns that all failed once are through two minutes after the upstream has recovered, even when nobody
 * presses Connect meanwhile.
 */
export const DEFAULT_RETRY_BUDGET: RetryBudgetSettings = { share: 0.1, floor: 30 }

export interface RetryBudget {
  noteFirstTry(): void
  /** Takes a retry when there is one left, and returns 0; otherwise how long to wait before asking again, in milliseconds. */
  takeRetry(): number
}

const WINDOW_SLOTS = 60
const SLOT_MS = 1_000

interface Slot {
  readonly second: number
  firstTries: number
  retries: number
}

/** @param now a clock in milliseconds that never goes back, with any beginning. */
export function createRetryBudget({ share, floor }: RetryBudgetSettings, now: () => number): RetryBudget {
  /** What the last minute had, oldest first: one for each second in which something was tried. */
  const slots: Slot[] = []

  function currentSlot(): Slot {
    const second = Math.floor(now() / SLOT_MS)
    while (slots[0] !== undefined && slots[0].second <= second - WINDOW_SLOTS) slots.shift()
    const last = slots.at(-1)
    if (last?.second === second) return last
    const slot = { second, firstTries: 0, retries: 0 }
    slots.push(slot)
    return slot
  }

  return {
    noteFirstTry() {
      currentSlot().firstTries += 1
    },
    takeRetry() {
      const slot = currentSlot()
      const firstTries = slots.reduce((sum, each) => sum + each.firstTries, 0)
      const retries = slots.reduce((sum, each) => sum + each.retries, 0)
      if (retries < floor + share * firstTries) {
        slot.retries += 1
        return 0
      }
      // The next that can change is the oldest retry's leaving the minute; with none allowed at all, the minute itself.
      const oldest = slots.find((each) => each.retries > 0) ?? slot
      return (oldest.second + WINDOW_SLOTS) * SLOT_MS - now()
    },
  }
}
