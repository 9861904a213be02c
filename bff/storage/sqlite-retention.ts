// Takes out of ended flows in SQLite what tells who they were.
import type Database from 'better-sqlite3'
import { BATCH, inBatches } from './batches.ts'
import { parseReducibleRow } from './rows.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import type { RetentionMethods } from './store-parts.ts'

export function createSqliteRetention(
  db: Database.Database,
  transactions: SqliteTransactions,
  now: () => number,
): RetentionMethods {
  const statements = prepareStatements(db)
  return {
    reduceFlows({ endedMs, awaitingMs }, hashOf) {
      const before = now() - endedMs
      const awaitingBefore = now() - awaitingMs
      return inBatches(BATCH, () =>
        transactions.write(() => {
          const rows = statements.find.all({ before, awaitingBefore, limit: BATCH }).map(parseReducibleRow)
          for (const { sequence, flowId, tenantId, userId } of rows) {
            statements.reduce.run({
              sequence,
              flowHash: hashOf(flowId),
              tenantHash: hashOf(tenantId),
              userHash: hashOf(userId),
            })
          }
          return rows.length
        }),
      )
    },
  }
}

function prepareStatements(db: Database.Database) {
  return {
    // Across tenants by nature: time passes for all of them.
    find: db.prepare(`
      SELECT sequence, flow_id, tenant_id, user_id FROM flows
      WHERE status NOT IN ('starting', 'waiting', 'returned', 'authorizing', 'binding')
        AND reduced = 0 AND updated_at < @before
        AND (status <> 'awaiting_approval' OR updated_at < @awaitingBefore)
      LIMIT @limit`),
    // Across tenants: the row was found by its age, whosever it is. The state's hash has to be unique, and nothing more.
    reduce: db.prepare(`
      UPDATE flows
      SET reduced = 1, flow_id = @flowHash, tenant_id = @tenantHash, user_id = @userHash, state_hash = @flowHash,
        organization = NULL, host_origin = '', return_to = '', locale = NULL, theme = NULL, account_login = NULL, account_type = NULL,
        expected_account = NULL, vouched_until = NULL, authorize_state_hash = NULL, proved_login = NULL,
        partner_key = NULL, state_sealed = NULL, install_url_sealed = NULL, installation_sealed = NULL,
        authorization_sealed = NULL
      WHERE sequence = @sequence`),
  }
}
