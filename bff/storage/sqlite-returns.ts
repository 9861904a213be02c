// Accepts returns from GitHub in SQLite: uses the state once, keeps tenants apart, queues the binding.
import type Database from 'better-sqlite3'
import type { ErrorCode } from '../contract.ts'
import type { SqliteClaims } from './sqlite-claims.ts'
import { parseFlowRow } from './sqlite-rows.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import type { Flow, Storage } from './storage.ts'

type ReturnMethods = Pick<Storage, 'acceptReturn' | 'confirmReturn'>

export function createSqliteReturns(
  db: Database.Database,
  transactions: SqliteTransactions,
  claims: SqliteClaims,
  now: () => number,
): ReturnMethods {
  const statements = prepareStatements(db)

  function queueJob(
    flow: Flow,
    installationIndex: string,
    idempotencyKey: string,
    availableAt: number,
  ): void {
    const { flowId, tenantId, organization } = flow
    statements.queue.run({ flowId, tenantId, organization, installationIndex, idempotencyKey, availableAt })
  }

  return {
    async acceptReturn({ stateHash, installation, confirmed, idempotencyKey }) {
      return transactions.write((changed) => {
        const row = statements.findByState.get({ stateHash })
        if (row === undefined)
          throw new Error('storage: no flow has this state; find the flow before accepting')
        const { flow, usedIndex } = parseFlowRow(row)
        if (usedIndex !== null) {
          return { outcome: usedIndex === installation.index ? 'repeated' : 'replayed', flow }
        }
        const acceptedAt = now()
        const accepting = flow.status === 'waiting' || flow.status === 'awaiting_approval'
        if (!accepting || acceptedAt >= flow.expiresAt) return { outcome: 'ended', flow }

        changed(flow.flowId)
        const { tenantId, flowId, organization } = flow
        const obstacle = claims.findObstacle(tenantId, organization, installation.index)
        const accept = { tenantId, flowId, now: acceptedAt, index: installation.index }
        if (obstacle !== undefined) {
          const refused = statements.accept.get({ ...accept, ...obstacle, sealed: null })
          return { outcome: 'taken', flow: parseFlowRow(refused).flow }
        }
        const status = confirmed ? 'binding' : 'returned'
        const accepted = statements.accept.get({
          ...accept,
          status,
          error: null satisfies ErrorCode | null,
          sealed: installation.sealed,
        })
        if (confirmed) queueJob(flow, installation.index, idempotencyKey, acceptedAt)
        return { outcome: 'accepted', flow: parseFlowRow(accepted).flow }
      })
    },

    async confirmReturn(tenantId, flowId, { idempotencyKey }) {
      return transactions.write((changed) => {
        const confirmedAt = now()
        const row = statements.findReturned.get({ tenantId, flowId, now: confirmedAt })
        if (row === undefined) return undefined
        const { flow, usedIndex } = parseFlowRow(row)
        if (usedIndex === null) throw new Error('storage: a returned flow has no installation')

        changed(flowId)
        const obstacle = claims.findObstacle(tenantId, flow.organization, usedIndex)
        const sealed = obstacle === undefined ? (flow.installation?.sealed ?? null) : null
        const confirmed = statements.accept.get({
          tenantId,
          flowId,
          now: confirmedAt,
          index: usedIndex,
          sealed,
          ...(obstacle ?? { status: 'binding', error: null }),
        })
        if (obstacle === undefined) queueJob(flow, usedIndex, idempotencyKey, confirmedAt)
        return parseFlowRow(confirmed).flow
      })
    },
  }
}

function prepareStatements(db: Database.Database) {
  return {
    // Across tenants: GitHub's redirect brings the state and nothing else.
    findByState: db.prepare('SELECT * FROM flows WHERE state_hash = @stateHash'),
    findReturned: db.prepare(`
      SELECT * FROM flows
      WHERE flow_id = @flowId AND tenant_id = @tenantId AND status = 'returned' AND expires_at > @now`),
    // The index stays when the flow ends, so that a replay can still be told from a repeat.
    accept: db.prepare(`
      UPDATE flows
      SET status = @status, error = @error, installation_index = @index, installation_sealed = @sealed,
        state_sealed = iif(@status IN ('returned', 'binding'), state_sealed, NULL),
        install_url_sealed = iif(@status IN ('returned', 'binding'), install_url_sealed, NULL),
        version = version + 1, updated_at = @now
      WHERE flow_id = @flowId AND tenant_id = @tenantId
      RETURNING *`),
    queue: db.prepare(`
      INSERT INTO binding_jobs
        (flow_id, tenant_id, organization, installation_index, idempotency_key, available_at)
      VALUES (@flowId, @tenantId, @organization, @installationIndex, @idempotencyKey, @availableAt)`),
  }
}
