// Changes many rows in several transactions, so that requests are served in between.
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Rows per transaction. */
export const BATCH = 500

/** @param runBatch changes up to `batch` rows in a transaction; how many. Called until it finds fewer. How many in all. */
export async function inBatches(batch: number, runBatch: () => number | Promise<number>): Promise<number> {
  let total = 0
  for (;;) {
    const count = await runBatch()
    total += count
    if (count < batch) return total
    await nextTurn()
  }
}
