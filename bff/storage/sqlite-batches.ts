// Changes many rows of SQLite in several transactions, so that requests are served in between.
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Rows per transaction. */
export const BATCH = 500

/** @param runBatch changes up to {@link BATCH} rows in a transaction; how many. Called until it finds fewer. How many in all. */
export async function inBatches(runBatch: () => number): Promise<number> {
  let total = 0
  for (;;) {
    const count = runBatch()
    total += count
    if (count < BATCH) return total
    await nextTurn()
  }
}
