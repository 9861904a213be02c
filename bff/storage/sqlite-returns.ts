// Accepts returns from GitHub in SQLite: uses the state once, keeps tenants apart, queues the binding.
import type Database from 'better-sqlite3'
import type { SqliteClaims } from './sqlite-claims.ts'
import type { SqliteFailures } from './sqlite-failures.ts'
import { parseFlowRow } from './sqlite-rows.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import type { ConfirmReturnOutcome, FailureLimit, Flow, Storage, StoredInstallation } from './storage.ts'

type ReturnMethods = Pick<Storage, 'acceptReturn' | 'confirmReturn'>

export interface SqliteReturnsOptions {
  readonly db: Database.Database
  readonly transactions: SqliteTransactions
  readonly claims: SqliteClaims
  readonly failures: SqliteFailures
  readonly now: () => number
}

export function createSqliteReturns(options: SqliteReturnsOptions): ReturnMethods {
  const { db, transactions, claims, failures, now } = options
  const statements = prepareStatements(db)

  /** Moves the flow on to `status`, with a job when that is `binding`, unless the tenant's limit or another tenant forbids it. */
  function moveOn(
    flow: Flow,
    installation: StoredInstallation,
    to: { readonly status: 'returned' | 'binding'; readonly failureLimit: FailureLimit; readonly at: number },
  ): ConfirmReturnOutcome {
    // Before the claims are asked: a flow that finds one taken has learnt something, which is what the limit is for.
    if (failures.isLimitReached(flow.tenantId, to.failureLimit)) return { outcome: 'limited', flow }
    const { tenantId, flowId, organization } = flow
    const obstacle = claims.findObstacle(tenantId, organization, installation.index)
    const { status, error } = obstacle ?? { status: to.status, error: null }
    const sealed = obstacle === undefined ? installation.sealed : null
    const { index } = installation
    const row = statements.moveOn.get({ tenantId, flowId, status, error, sealed, index, now: to.at })
    if (status === 'binding') statements.queue.run({ flowId, tenantId, organization, index, now: to.at })
    return { outcome: obstacle === undefined ? 'accepted' : 'taken', flow: parseFlowRow(row).flow }
  }

  return {
    async acceptReturn({ stateHash, installation, confirmed, failureLimit }) {
      return transactions.write((changed) => {
        const row = statements.findByState.get({ stateHash })
        if (row === undefined)
          throw new Error('storage: no flow has this state; find the flow before accepting')
        const { flow, usedIndex } = parseFlowRow(row)
        if (usedIndex !== null) {
          return { outcome: usedIndex === installation.index ? 'repeated' : 'replayed', flow }
        }
        const at = now()
        const accepting = flow.status === 'waiting' || flow.status === 'awaiting_approval'
        if (!accepting || at >= flow.expiresAt) return { outcome: 'ended', flow }
        const status = confirmed ? 'binding' : 'returned'
        const moved = moveOn(flow, installation, { status, failureLimit, at })
        if (moved.outcome !== 'limited') changed(flow.flowId)
        return moved
      })
    },

    async confirmReturn(tenantId, flowId, { failureLimit }) {
      return transactions.write((changed) => {
        const at = now()
        const row = statements.findReturned.get({ tenantId, flowId, now: at })
        if (row === undefined) return undefined
        const { flow } = parseFlowRow(row)
        if (flow.installation === null) throw new Error('storage: a returned flow has no installation')
        const moved = moveOn(flow, flow.installation, { status: 'binding', failureLimit, at })
        if (moved.outcome !== 'limited') changed(flowId)
        return moved
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
    moveOn: db.prepare(`
      UPDATE flows
      SET status = @status, error = @error, installation_index = @index, installation_sealed = @sealed,
        state_sealed = iif(@status IN ('returned', 'binding'), state_sealed, NULL),
        install_url_sealed = iif(@status IN ('returned', 'binding'), install_url_sealed, NULL),
        version = version + 1, updated_at = @now
      WHERE flow_id = @flowId AND tenant_id = @tenantId
      RETURNING *`),
    queue: db.prepare(`
      INSERT INTO binding_jobs
        (flow_id, tenant_id, organization_key, installation_index, available_at)
      VALUES (@flowId, @tenantId, coalesce(@organization, ''), @index, @now)`),
  }
}
