// Whether the store answers and would let this process write. However many ask, it is asked once a second: with SQLite the question
// takes the write lock. A full disk is not noticed here; requests that meet it are answered by our own 503, which a balancer would hide.
import type { Storage } from './storage/storage.ts'

const FRESH_MS = 1_000

export interface Readiness {
  /** At most a second old. Never rejects: why not is in the log of whatever request met it. */
  canStore(): Promise<boolean>
}

/** @param elapsedMs a clock that is never set back. Default `performance.now`. */
export function createReadiness(
  storage: Pick<Storage, 'check'>,
  elapsedMs: () => number = () => performance.now(),
): Readiness {
  let asked: { readonly at: number; readonly answer: Promise<boolean> } | undefined
  let isAsking = false

  async function ask(): Promise<boolean> {
    isAsking = true
    try {
      await storage.check()
      return true
    } catch {
      return false
    } finally {
      isAsking = false
    }
  }

  return {
    canStore() {
      // A store that takes long to answer is not asked a second time meanwhile.
      if (asked === undefined || (!isAsking && elapsedMs() - asked.at >= FRESH_MS))
        asked = { at: elapsedMs(), answer: ask() }
      return asked.answer
    },
  }
}
