// Deletes the counts of limits whose time is over; they are written by rate-limiter-flexible.
import type { Pool } from 'pg'

/** @param now epoch milliseconds, by the clock that the counts were made with: each process's own. */
export async function deleteOldCounts(pool: Pool, now: number): Promise<void> {
  await pool.query('DELETE FROM rate_limits WHERE expire < $1', [now])
}
