// Accepts returns from GitHub in PostgreSQL: uses the state once, keeps tenants apart, queues the binding.
import { findObstacle, isLimitReached } from './postgres-claims.ts'
import type { PostgresTransaction, PostgresTransactions } from './postgres-transactions.ts'
import { parseFlowRow } from './rows.ts'
import type { ConfirmReturnOutcome, Flow, StoredInstallation } from './storage.ts'
import type { ReturnMethods, NextStep } from './store-parts.ts'

export function createPostgresReturns(transactions: PostgresTransactions): ReturnMethods {
  /** Moves a flow that waits in `from` on; its installation is fixed already. */
  function proceed(
    key: { readonly tenantId: string; readonly flowId: string; readonly from: 'returned' | 'authorizing' },
    toNext: (flow: Flow) => Omit<NextStep, 'authorizeStateHash' | 'at'>,
  ): Promise<ConfirmReturnOutcome | undefined> {
    return transactions.write(async (tx) => {
      const seen = await tx.get(FIND_IN, key)
      if (seen === undefined) return undefined
      const { flow: before } = parseFlowRow(seen)
      if (before.installation === null) throw new Error(`storage: a flow in ${key.from} has no installation`)
      const at = await lockFor(tx, before, before.installation)
      const row = await tx.get(FIND_IN_UNEXPIRED, { ...key, now: at })
      if (row === undefined) return undefined
      const { flow } = parseFlowRow(row)
      return moveOn(tx, flow, before.installation, { ...toNext(flow), authorizeStateHash: null, at })
    })
  }

  return {
    acceptReturn({
      stateHash,
      installation,
      next,
      authorizationSealed,
      authorizeStateHash,
      failureLimit,
      requestId,
    }) {
      return transactions.write(async (tx) => {
        const seen = await tx.get(FIND_BY_STATE, { stateHash })
        if (seen === undefined)
          throw new Error('storage: no flow has this state; find the flow before accepting')
        const at = await lockFor(tx, parseFlowRow(seen).flow, installation)
        const { flow, usedIndex } = parseFlowRow(await tx.get(FIND_BY_STATE_LOCKED, { stateHash }))
        if (usedIndex !== null) {
          return { outcome: usedIndex === installation.index ? 'repeated' : 'replayed', flow }
        }
        const accepting = flow.status === 'waiting' || flow.status === 'awaiting_approval'
        if (!accepting || at >= flow.expiresAt) return { outcome: 'ended', flow }
        const step = { status: next, failureLimit, authorizationSealed, authorizeStateHash, requestId, at }
        return moveOn(tx, flow, installation, step)
      })
    },

    confirmReturn(tenantId, flowId, { next, failureLimit, requestId }) {
      return proceed({ tenantId, flowId, from: 'returned' }, ({ authorizationSealed }) => ({
        status: next,
        failureLimit,
        authorizationSealed,
        requestId,
      }))
    },

    acceptAuthorization(tenantId, flowId, { next, authorizationSealed, failureLimit, requestId }) {
      const step = { status: next, failureLimit, authorizationSealed, requestId }
      return proceed({ tenantId, flowId, from: 'authorizing' }, () => step)
    },
  }
}

/** Whoever decides whether a tenant may have an organization and an installation decides alone. */
function lockFor(
  tx: PostgresTransaction,
  { tenantId, organization }: Flow,
  { index }: StoredInstallation,
): Promise<number> {
  return tx.lock({ tenantId, organization, installations: [index] })
}

/** Moves the flow on, with a job when that is `binding`, unless the tenant's limit or another tenant forbids it. */
async function moveOn(
  tx: PostgresTransaction,
  flow: Flow,
  { sealed, index }: StoredInstallation,
  next: NextStep,
): Promise<ConfirmReturnOutcome> {
  const { tenantId, flowId, organization } = flow
  // Before the claims are asked: a flow that finds one taken has learnt something, which is what the limit is for.
  if (await isLimitReached(tx, tenantId, next.failureLimit, next.at)) return { outcome: 'limited', flow }
  const obstacle = await findObstacle(tx, { tenantId, organization, installationIndex: index })
  const isTaken = obstacle !== undefined
  const { status, error } = obstacle ?? { status: next.status, error: null }
  const key = { tenantId, flowId, now: next.at }
  const row = isTaken
    ? await tx.get(REFUSE, { ...key, status, error, index })
    : await tx.get(MOVE_ON, {
        ...key,
        status,
        index,
        sealed,
        authorizationSealed: next.authorizationSealed,
        authorizeStateHash: next.authorizeStateHash,
      })
  const { requestId = null } = next
  if (status === 'binding') await tx.run(QUEUE, { ...key, organization, index, requestId })
  tx.changed(flowId)
  return { outcome: isTaken ? 'taken' : 'accepted', flow: parseFlowRow(row).flow }
}

// Across tenants: GitHub's redirect brings the state and nothing else.
const FIND_BY_STATE = 'SELECT * FROM flows WHERE state_hash = @stateHash'

// Across tenants: GitHub's redirect brings the state and nothing else.
const FIND_BY_STATE_LOCKED = 'SELECT * FROM flows WHERE state_hash = @stateHash FOR UPDATE'

const FIND_IN = 'SELECT * FROM flows WHERE flow_id = @flowId AND tenant_id = @tenantId AND status = @from'

const FIND_IN_UNEXPIRED = `
  SELECT * FROM flows
  WHERE flow_id = @flowId AND tenant_id = @tenantId AND status = @from AND expires_at > @now
  FOR UPDATE`

const MOVE_ON = `
  UPDATE flows
  SET status = @status, error = NULL, installation_index = @index, installation_sealed = @sealed,
    authorization_sealed = @authorizationSealed,
    authorize_state_hash = coalesce(@authorizeStateHash, authorize_state_hash),
    version = version + 1, updated_at = @now
  WHERE flow_id = @flowId AND tenant_id = @tenantId
  RETURNING *`

// The index stays, so that a replay can still be told from a repeat.
const REFUSE = `
  UPDATE flows
  SET status = @status, error = @error, installation_index = @index, installation_sealed = NULL,
    state_sealed = NULL, install_url_sealed = NULL, authorization_sealed = NULL,
    version = version + 1, updated_at = @now
  WHERE flow_id = @flowId AND tenant_id = @tenantId
  RETURNING *`

const QUEUE = `
  INSERT INTO binding_jobs (flow_id, tenant_id, organization_key, installation_index, request_id, available_at)
  VALUES (@flowId, @tenantId, coalesce(@organization, ''), @index, @requestId, @now)`
