// What both stores measure of the work that is under way, from the rows of their statements.
import { createRowReader } from './rows.ts'
import type { OpenStatus, OpenWork } from './storage.ts'

/** All but `binding`: those flows are the jobs. */
const STATUSES = { starting: true, waiting: true, returned: true, authorizing: true }

/**
 * @param byStatus rows of `status` and `flows`.
 * @param queue a row of `jobs`, `next_available` and `oldest_accepted`; the instants are null when there is no job.
 */
export function toOpenWork(byStatus: readonly unknown[], queue: unknown, now: number): OpenWork {
  const flows: Record<OpenStatus, number> = {
    starting: 0,
    waiting: 0,
    returned: 0,
    authorizing: 0,
    binding: 0,
  }
  for (const value of byStatus) {
    const row = createRowReader('flows', value)
    flows[row.getKey('status', STATUSES)] = row.getInteger('flows')
  }
  const row = createRowReader('binding_jobs', queue)
  flows.binding = row.getInteger('jobs')
  const ageOf = (instant: number | null): number => (instant === null ? 0 : Math.max(0, now - instant))
  return {
    flows,
    jobs: flows.binding,
    oldestDueMs: ageOf(row.findInteger('next_available')),
    oldestJobMs: ageOf(row.findInteger('oldest_accepted')),
  }
}
