// The second visit of a return URL, for the scenario `return_twice_next`.

import { BoundedMap } from '../bounded-map.ts'

const CAPACITY = 1_000
const LONGEST_WAIT_MS = 10_000

export interface ReturnsAgain {
  /** Remembers where a submitted install page was sent. */
  add(ticket: string, location: string): void
  /** The location of a ticket, as soon as it is known; undefined when it does not come within ten seconds. */
  waitFor(ticket: string, stopped: AbortSignal): Promise<string | undefined>
}

/**
 * The install page is submitted into a new tab while its own tab asks for the same redirect with a ticket. So one click
 * makes two tabs visit the return page, which no server could do alone.
 */
export function createReturnsAgain(): ReturnsAgain {
  const locations = new BoundedMap<string, string>(CAPACITY)
  const waiting = new Set<() => void>()

  return {
    add(ticket, location) {
      locations.set(ticket, location)
      for (const wake of waiting) wake()
    },
    async waitFor(ticket, stopped) {
      const deadline = AbortSignal.any([stopped, AbortSignal.timeout(LONGEST_WAIT_MS)])
      while (!locations.has(ticket) && !deadline.aborted) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake)
            deadline.removeEventListener('abort', wake)
            resolve()
          }
          waiting.add(wake)
          deadline.addEventListener('abort', wake)
        })
      }
      return locations.get(ticket)
    },
  }
}
