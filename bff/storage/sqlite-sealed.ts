// Sealed values in SQLite: finding all of them, and replacing them when keys are replaced.
import type Database from 'better-sqlite3'
import { parseSealedConnection, parseSealedFlow } from './rows.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import type { SealedMethods } from './store-parts.ts'

export function createSqliteSealed(db: Database.Database, transactions: SqliteTransactions): SealedMethods {
  const statements = prepareStatements(db)
  return {
    async findSealedInFlows() {
      return transactions.read(() => statements.findInFlows.all().flatMap(parseSealedFlow))
    },

    async findSealedInConnections(afterTenantId, limit) {
      return transactions.read(() =>
        statements.findInConnections.all({ afterTenantId, limit }).map(parseSealedConnection),
      )
    },

    async replaceSealed(values) {
      return transactions.write(() => {
        let replaced = 0
        for (const { of, tenantId, flowId, sealed, resealed } of values) {
          const own = { tenantId, sealed, resealed }
          const { changes } =
            of === 'connection'
              ? statements.replaceInConnection.run(own)
              : statements.replaceInFlow[of].run({ ...own, flowId })
          replaced += changes
        }
        return replaced
      })
    },
  }
}

function prepareStatements(db: Database.Database) {
  return {
    // Across tenants: keys are everybody's. That every instant is > 0 leads the planner to the indexes.
    findInFlows: db.prepare(`
      SELECT * FROM flows
      WHERE status IN ('starting', 'waiting', 'returned', 'authorizing') AND expires_at > 0
      UNION ALL SELECT * FROM flows
      WHERE status = 'awaiting_approval' AND state_sealed IS NOT NULL AND expires_at > 0
      UNION ALL SELECT * FROM flows
      WHERE flow_id IN (SELECT flow_id FROM binding_jobs WHERE available_at > 0)`),
    // Across tenants: keys are everybody's.
    findInConnections: db.prepare(`
      SELECT tenant_id, installation_sealed FROM connections
      WHERE tenant_id > @afterTenantId ORDER BY tenant_id LIMIT @limit`),
    replaceInConnection: db.prepare(`
      UPDATE connections SET installation_sealed = @resealed
      WHERE tenant_id = @tenantId AND installation_sealed = @sealed`),
    replaceInFlow: {
      state: db.prepare(`
        UPDATE flows SET state_sealed = @resealed
        WHERE flow_id = @flowId AND tenant_id = @tenantId AND state_sealed = @sealed`),
      'install-url': db.prepare(`
        UPDATE flows SET install_url_sealed = @resealed
        WHERE flow_id = @flowId AND tenant_id = @tenantId AND install_url_sealed = @sealed`),
      installation: db.prepare(`
        UPDATE flows SET installation_sealed = @resealed
        WHERE flow_id = @flowId AND tenant_id = @tenantId AND installation_sealed = @sealed`),
      authorization: db.prepare(`
        UPDATE flows SET authorization_sealed = @resealed
        WHERE flow_id = @flowId AND tenant_id = @tenantId AND authorization_sealed = @sealed`),
    },
  }
}
