// Measures the work that is under way in SQLite, by indexes that hold nothing else.
import type Database from 'better-sqlite3'
import { toOpenWork } from './open-work.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import { MAX_COUNTED, type Storage } from './storage.ts'

export function createSqliteOpenWork(
  db: Database.Database,
  transactions: SqliteTransactions,
  now: () => number,
): Pick<Storage, 'measureOpenWork' | 'hasUnfinishedBindings'> {
  const statements = prepareStatements(db)
  return {
    async measureOpenWork() {
      return transactions.read(() =>
        toOpenWork(
          statements.countByStatus.all({ limit: MAX_COUNTED }),
          statements.measureQueue.get({ limit: MAX_COUNTED }),
          now(),
        ),
      )
    },

    async hasUnfinishedBindings(count) {
      return transactions.read(() => statements.findUnfinished.get({ skipped: count - 1 }) !== undefined)
    },
  }
}

function prepareStatements(db: Database.Database) {
  return {
    // Across tenants by nature: how much is under way in all. Every instant is > 0: saying so leads the planner, which
    // has no statistics, to the index that holds nothing else.
    countByStatus: db.prepare(`
      SELECT status, count(*) AS flows FROM (
        SELECT status FROM flows
        WHERE status IN ('starting', 'waiting', 'returned', 'authorizing') AND expires_at > 0 LIMIT @limit)
      GROUP BY status`),
    // Across tenants by nature: how much is under way in all.
    findUnfinished: db.prepare('SELECT 1 FROM binding_jobs WHERE available_at > 0 LIMIT 1 OFFSET @skipped'),
    // Across tenants by nature: how much is under way in all. A flow is changed when its job is queued, and then not before the job ends.
    measureQueue: db.prepare(`
      SELECT
        (SELECT count(*) FROM (SELECT 1 FROM binding_jobs WHERE available_at > 0 LIMIT @limit)) AS jobs,
        (SELECT min(available_at) FROM binding_jobs) AS next_available,
        (SELECT updated_at FROM flows WHERE flow_id =
          (SELECT flow_id FROM binding_jobs WHERE sequence = (SELECT min(sequence) FROM binding_jobs))) AS oldest_accepted`),
  }
}
