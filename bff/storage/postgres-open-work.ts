// Measures the work that is under way in PostgreSQL, by indexes that hold nothing else.
import { toOpenWork } from './open-work.ts'
import { NOW, nowOf, readNow, type PostgresTransactions } from './postgres-transactions.ts'
import { MAX_COUNTED, type Storage } from './storage.ts'

export function createPostgresOpenWork(
  transactions: PostgresTransactions,
  now: (() => number) | undefined,
): Pick<Storage, 'measureOpenWork' | 'hasUnfinishedBindings'> {
  return {
    measureOpenWork() {
      return transactions.read(async (queries) => {
        const byStatus = await queries.all(COUNT_BY_STATUS, { limit: MAX_COUNTED })
        const queue = await queries.get(MEASURE_QUEUE, { limit: MAX_COUNTED, now: nowOf(now) })
        return toOpenWork(byStatus, queue, readNow(queue))
      })
    },

    hasUnfinishedBindings(count) {
      return transactions.read(
        async (queries) => (await queries.get(FIND_UNFINISHED, { skipped: count - 1 })) !== undefined,
      )
    },
  }
}

// Across tenants by nature: how much is under way in all. Every instant is > 0: saying so leads the planner to the index that
// holds nothing else, also before it has statistics.
const COUNT_BY_STATUS = `
  SELECT status, count(*) AS flows FROM (
    SELECT status FROM flows
    WHERE status IN ('starting', 'waiting', 'returned', 'authorizing') AND expires_at > 0 LIMIT @limit) AS open
  GROUP BY status`

// Across tenants by nature: how much is under way in all.
const FIND_UNFINISHED = 'SELECT 1 FROM binding_jobs WHERE available_at > 0 LIMIT 1 OFFSET @skipped'

// Across tenants by nature: how much is under way in all. A flow is changed when its job is queued, and then not before the job ends.
const MEASURE_QUEUE = `
  SELECT ${NOW} AS now,
    (SELECT count(*) FROM (SELECT 1 FROM binding_jobs WHERE available_at > 0 LIMIT @limit) AS counted) AS jobs,
    (SELECT min(available_at) FROM binding_jobs) AS next_available,
    (SELECT updated_at FROM flows WHERE flow_id =
      (SELECT flow_id FROM binding_jobs WHERE sequence = (SELECT min(sequence) FROM binding_jobs))) AS oldest_accepted`
