// Sealed values in PostgreSQL: finding all of them, and replacing them when keys are replaced.
import type { PostgresTransactions } from './postgres-transactions.ts'
import { parseSealedConnection, parseSealedFlow } from './rows.ts'
import type { SealedMethods } from './store-parts.ts'

export function createPostgresSealed(transactions: PostgresTransactions): SealedMethods {
  return {
    findSealedInFlows() {
      return transactions.read(async (queries) => (await queries.all(FIND_IN_FLOWS)).flatMap(parseSealedFlow))
    },

    findSealedInConnections(afterTenantId, limit) {
      return transactions.read(async (queries) => {
        const rows = await queries.all(FIND_IN_CONNECTIONS, { afterTenantId, limit })
        return rows.map(parseSealedConnection)
      })
    },

    replaceSealed(values) {
      return transactions.write(async (tx) => {
        let replaced = 0
        for (const { of, tenantId, flowId, sealed, resealed } of values) {
          const own = { tenantId, sealed, resealed }
          replaced += await (of === 'connection'
            ? tx.run(REPLACE_IN_CONNECTION, own)
            : tx.run(REPLACE_IN_FLOW[of], { ...own, flowId }))
        }
        return replaced
      })
    },
  }
}

// Across tenants: keys are everybody's. That every instant is > 0 leads the planner to the indexes.
const FIND_IN_FLOWS = `
  SELECT * FROM flows
  WHERE status IN ('starting', 'waiting', 'returned', 'authorizing') AND expires_at > 0
  UNION ALL SELECT * FROM flows
  WHERE status = 'awaiting_approval' AND state_sealed IS NOT NULL AND expires_at > 0
  UNION ALL SELECT * FROM flows
  WHERE flow_id IN (SELECT flow_id FROM binding_jobs WHERE available_at > 0)`

// Across tenants: keys are everybody's.
const FIND_IN_CONNECTIONS = `
  SELECT tenant_id, installation_sealed FROM connections
  WHERE tenant_id > @afterTenantId ORDER BY tenant_id LIMIT @limit`

const REPLACE_IN_CONNECTION = `
  UPDATE connections SET installation_sealed = @resealed
  WHERE tenant_id = @tenantId AND installation_sealed = @sealed`

const REPLACE_IN_FLOW = {
  state: `
    UPDATE flows SET state_sealed = @resealed
    WHERE flow_id = @flowId AND tenant_id = @tenantId AND state_sealed = @sealed`,
  'install-url': `
    UPDATE flows SET install_url_sealed = @resealed
    WHERE flow_id = @flowId AND tenant_id = @tenantId AND install_url_sealed = @sealed`,
  installation: `
    UPDATE flows SET installation_sealed = @resealed
    WHERE flow_id = @flowId AND tenant_id = @tenantId AND installation_sealed = @sealed`,
  authorization: `
    UPDATE flows SET authorization_sealed = @resealed
    WHERE flow_id = @flowId AND tenant_id = @tenantId AND authorization_sealed = @sealed`,
}
