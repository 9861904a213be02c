// Accepts returns from GitHub in SQLite: uses the state once, keeps tenants apart, queues the binding.
import type Database from 'better-sqlite3'
import type { SqliteClaims } from './sqlite-claims.ts'
import type { SqliteFailures } from './sqlite-failures.ts'
import { parseFlowRow } from './rows.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import type { ConfirmReturnOutcome, Flow, StoredInstallation } from './storage.ts'
import type { ReturnMethods, NextStep } from './store-parts.ts'

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

  /** Moves the flow on, with a job when that is `binding`, unless the tenant's limit or another tenant forbids it. */
  function moveOn(flow: Flow, installation: StoredInstallation, next: NextStep): ConfirmReturnOutcome {
    // Before the claims are asked: a flow that finds one taken has learnt something, which is what the limit is for.
    if (failures.isLimitReached(flow.tenantId, next.failureLimit)) return { outcome: 'limited', flow }
    const { tenantId, flowId, organization } = flow
    const obstacle = claims.findObstacle(tenantId, organization, installation.index)
    const { status, error } = obstacle ?? { status: next.status, error: null }
    const isTaken = obstacle !== undefined
    const row = statements.moveOn.get({
      tenantId,
      flowId,
      status,
      error,
      sealed: isTaken ? null : installation.sealed,
      index: installation.index,
      authorizationSealed: isTaken ? null : next.authorizationSealed,
      authorizeStateHash: next.authorizeStateHash,
      isTaken: isTaken ? 1 : 0,
      now: next.at,
    })
    const { index } = installation
    const { at, requestId = null } = next
    if (status === 'binding')
      statements.queue.run({ flowId, tenantId, organization, index, requestId, now: at })
    return { outcome: isTaken ? 'taken' : 'accepted', flow: parseFlowRow(row).flow }
  }

  /** Moves a flow that waits in `from` on; its installation is fixed already. */
  function proceed(
    key: { readonly tenantId: string; readonly flowId: string; readonly from: 'returned' | 'authorizing' },
    toNext: (flow: Flow, at: number) => NextStep,
  ): ConfirmReturnOutcome | undefined {
    return transactions.write((changed) => {
      const at = now()
      const row = statements.findIn.get({ ...key, now: at })
      if (row === undefined) return undefined
      const { flow } = parseFlowRow(row)
      if (flow.installation === null) throw new Error(`storage: a flow in ${key.from} has no installation`)
      const moved = moveOn(flow, flow.installation, toNext(flow, at))
      if (moved.outcome !== 'limited') changed(key.flowId)
      return moved
    })
  }

  return {
    async acceptReturn({
      stateHash,
      installation,
      next,
      authorizationSealed,
      authorizeStateHash,
      failureLimit,
      requestId,
    }) {
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
        const step = { status: next, failureLimit, authorizationSealed, authorizeStateHash, requestId, at }
        const moved = moveOn(flow, installation, step)
        if (moved.outcome !== 'limited') changed(flow.flowId)
        return moved
      })
    },

    async confirmReturn(tenantId, flowId, { next, failureLimit, requestId }) {
      return proceed({ tenantId, flowId, from: 'returned' }, ({ authorizationSealed }, at) => ({
        status: next,
        failureLimit,
        authorizationSealed,
        authorizeStateHash: null,
        requestId,
        at,
      }))
    },

    async acceptAuthorization(tenantId, flowId, { next, authorizationSealed, failureLimit, requestId }) {
      return proceed({ tenantId, flowId, from: 'authorizing' }, (_flow, at) => ({
        status: next,
        failureLimit,
        authorizationSealed,
        authorizeStateHash: null,
        requestId,
        at,
      }))
    },
  }
}

function prepareStatements(db: Database.Database) {
  return {
    // Across tenants: GitHub's redirect brings the state and nothing else.
    findByState: db.prepare('SELECT * FROM flows WHERE state_hash = @stateHash'),
    findIn: db.prepare(`
      SELECT * FROM flows
      WHERE flow_id = @flowId AND tenant_id = @tenantId AND status = @from AND expires_at > @now`),
    // The index stays when the flow ends, so that a replay can still be told from a repeat.
    moveOn: db.prepare(`
      UPDATE flows
      SET status = @status, error = @error, installation_index = @index, installation_sealed = @sealed,
        state_sealed = iif(@isTaken, NULL, state_sealed),
        install_url_sealed = iif(@isTaken, NULL, install_url_sealed),
        authorization_sealed = @authorizationSealed,
        authorize_state_hash = coalesce(@authorizeStateHash, authorize_state_hash),
        version = version + 1, updated_at = @now
      WHERE flow_id = @flowId AND tenant_id = @tenantId
      RETURNING *`),
    queue: db.prepare(`
      INSERT INTO binding_jobs
        (flow_id, tenant_id, organization_key, installation_index, request_id, available_at)
      VALUES (@flowId, @tenantId, coalesce(@organization, ''), @index, @requestId, @now)`),
  }
}
