// Whether the store can take what is accepted. However many ask, it is asked once a second: with SQLite the question is a write.
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
