// Counts a tenant's bindings that failed the way guesses do, and tells when it has no further try.
import type Database from 'better-sqlite3'
import type { FailureLimit } from './storage.ts'

export interface SqliteFailures {
  countFailed(tenantId: string, windowMs: number): number
  /** For use inside a write transaction: no other binding can be queued until that ends. */
  isLimitReached(tenantId: string, limit: FailureLimit): boolean
}

export function createSqliteFailures(db: Database.Database, now: () => number): SqliteFailures {
  const failed = db
    .prepare(
      `SELECT count(*) FROM flows
      WHERE tenant_id = @tenantId AND updated_at > @after
        AND error IN ('installation_not_found', 'already_bound', 'installation_in_use', 'account_mismatch',
          'ownership_not_proved')`,
    )
    .pluck()
  const unfinished = db.prepare('SELECT count(*) FROM binding_jobs WHERE tenant_id = @tenantId').pluck()

  function countFailed(tenantId: string, windowMs: number): number {
    return Number(failed.get({ tenantId, after: now() - windowMs }))
  }

  return {
    countFailed,
    // An unfinished binding may still fail, so any number of returns at once get no more tries than one after another.
    isLimitReached: (tenantId, { count, windowMs }) =>
      countFailed(tenantId, windowMs) + Number(unfinished.get({ tenantId })) >= count,
  }
}
