// Flows in PostgreSQL: creating, offering, finding, ending and expiring them.
import { FLOW_STATUSES } from '../contract.ts'
import { BATCH, inBatches } from './batches.ts'
import type { PostgresTransactions } from './postgres-transactions.ts'
import { createRowReader, parseFlowRow } from './rows.ts'
import type { Flow } from './storage.ts'
import type { FlowMethods } from './store-parts.ts'

export function createPostgresFlows(transactions: PostgresTransactions): FlowMethods {
  const find = (sql: string, values: Readonly<Record<string, string>>): Promise<Flow | undefined> =>
    transactions.read(async (queries) => findFlow(await queries.get(sql, values)))

  return {
    createFlow({ lifetimeMs, ...flow }) {
      return transactions.write(async (tx) => {
        const { flowId, tenantId, userId } = flow
        // The tenant's lock, so that of two flows that a user starts at once one supersedes the other.
        const now = await tx.lock({ flowId, tenantId })
        const found = findFlow(await tx.get(FIND_BY_ID, { flowId }))
        if (found !== undefined) {
          const own = found.tenantId === tenantId && found.userId === userId
          return own ? { outcome: 'existing', flow: found } : { outcome: 'foreign' }
        }
        const superseded = await tx.all(SUPERSEDE, { tenantId, userId, now })
        for (const row of superseded) tx.changed(parseFlowId(row))
        const row = await tx.get(INSERT, { ...flow, now, expiresAt: now + Math.floor(lifetimeMs) })
        tx.changed(flowId)
        return { outcome: 'created', flow: parseFlowRow(row).flow, superseded: superseded.length }
      })
    },

    offerInstallUrl(tenantId, flowId, { installUrlSealed, partnerKey = null, ...offered }) {
      return transactions.write(async (tx) => {
        const now = await tx.readClock()
        const expiresAt = Math.floor(offered.expiresAt)
        const offer = { tenantId, flowId, installUrlSealed, partnerKey, expiresAt, now }
        const flow = findFlow(await tx.get(OFFER, offer))
        if (flow !== undefined) tx.changed(flowId)
        return flow
      })
    },

    findFlow: (tenantId, flowId) => find(FIND, { tenantId, flowId }),
    findFlowById: (flowId) => find(FIND_BY_ID, { flowId }),
    findLatestFlow: (tenantId, userId) => find(FIND_LATEST, { tenantId, userId }),
    findFlowByState: (stateHash) => find(FIND_BY_STATE, { stateHash }),

    async endFlow(tenantId, flowId, { from, status, error }) {
      if (FLOW_STATUSES[status].open) throw new RangeError(`storage: ${status} does not end a flow`)
      return transactions.write(async (tx) => {
        const now = await tx.readClock()
        const flow = findFlow(await tx.get(END, { tenantId, flowId, from, status, error, now }))
        if (flow !== undefined) tx.changed(flowId)
        return flow
      })
    },

    async vouchFlow(tenantId, flowId, until) {
      await transactions.write((tx) => tx.run(VOUCH, { tenantId, flowId, until: Math.floor(until) }))
    },

    async expireFlows() {
      await transactions.write(async (tx) => tx.run(ERASE_UNAPPROVED, { now: await tx.readClock() }))
      return inBatches(BATCH, () =>
        transactions.write(async (tx) => {
          const expired = await tx.all(EXPIRE, { now: await tx.readClock(), limit: BATCH })
          for (const row of expired) tx.changed(parseFlowId(row))
          return expired.length
        }),
      )
    },

    purgeFlows(retentionMs) {
      return inBatches(BATCH, () =>
        transactions.write(async (tx) => {
          const before = (await tx.readClock()) - Math.floor(retentionMs)
          return tx.run(PURGE, { before, limit: BATCH })
        }),
      )
    },
  }
}

function findFlow(row: unknown): Flow | undefined {
  return row === undefined ? undefined : parseFlowRow(row).flow
}

function parseFlowId(row: unknown): string {
  return createRowReader('flows', row).getText('flow_id')
}

const FIND = 'SELECT * FROM flows WHERE flow_id = @flowId AND tenant_id = @tenantId'

// Across tenants: a flow id is unique among all of them, and the popup's pages know nothing but the id.
const FIND_BY_ID = 'SELECT * FROM flows WHERE flow_id = @flowId'

// Across tenants: GitHub's redirect brings the state and nothing else.
const FIND_BY_STATE = `
  SELECT * FROM flows WHERE state_hash = @stateHash
  UNION ALL SELECT * FROM flows WHERE authorize_state_hash = @stateHash LIMIT 1`

const FIND_LATEST = `
  SELECT * FROM flows
  WHERE tenant_id = @tenantId AND user_id = @userId AND status <> 'superseded'
  ORDER BY sequence DESC LIMIT 1`

const VOUCH = `
  UPDATE flows SET vouched_until = @until
  WHERE flow_id = @flowId AND tenant_id = @tenantId AND vouched_until < @until`

const ERASED =
  'state_sealed = NULL, install_url_sealed = NULL, installation_sealed = NULL, authorization_sealed = NULL'

const SUPERSEDE = `
  UPDATE flows
  SET status = 'superseded', error = 'flow_superseded', version = version + 1, updated_at = @now, ${ERASED}
  WHERE tenant_id = @tenantId AND user_id = @userId
    AND status IN ('starting', 'waiting', 'returned', 'authorizing', 'awaiting_approval')
  RETURNING flow_id`

const INSERT = `
  INSERT INTO flows (flow_id, tenant_id, user_id, organization, mode, host_origin, return_to, status, version,
    state_hash, state_sealed, expected_account, vouched_until, locale, theme, created_at, updated_at, expires_at)
  VALUES (@flowId, @tenantId, @userId, @organization, @mode, @hostOrigin, @returnTo, 'starting', 1,
    @stateHash, @stateSealed, @expectedAccount, @vouchedUntil, @locale, @theme, @now, @now, @expiresAt)
  RETURNING *`

const OFFER = `
  UPDATE flows
  SET status = 'waiting', install_url_sealed = @installUrlSealed, partner_key = @partnerKey,
    expires_at = least(expires_at, @expiresAt), version = version + 1, updated_at = @now
  WHERE flow_id = @flowId AND tenant_id = @tenantId AND status = 'starting' AND expires_at > @now
  RETURNING *`

const END = `
  UPDATE flows
  SET status = @status, error = @error, version = version + 1, updated_at = @now,
    state_sealed = CASE @status WHEN 'awaiting_approval' THEN state_sealed END,
    install_url_sealed = CASE @status WHEN 'awaiting_approval' THEN install_url_sealed END,
    installation_sealed = CASE @status WHEN 'awaiting_approval' THEN installation_sealed END,
    authorization_sealed = NULL
  WHERE flow_id = @flowId AND tenant_id = @tenantId AND status = ANY (@from::text[]) AND status <> 'binding'
  RETURNING *`

// Across tenants by nature: time passes for all of them. A row that somebody else is changing is left for the next time, so that no two
// wait for each other's rows. As an array, because the rows of a plain subquery with a limit may be chosen more than once.
const EXPIRE = `
  UPDATE flows
  SET status = 'expired', error = 'flow_expired', version = version + 1, updated_at = @now, ${ERASED}
  WHERE sequence = ANY (ARRAY(
    SELECT sequence FROM flows
    WHERE status IN ('starting', 'waiting', 'returned', 'authorizing') AND expires_at <= @now
    LIMIT @limit FOR UPDATE SKIP LOCKED))
  RETURNING flow_id`

// Across tenants by nature: time passes for all of them.
const ERASE_UNAPPROVED = `
  UPDATE flows SET ${ERASED}
  WHERE sequence = ANY (ARRAY(
    SELECT sequence FROM flows
    WHERE status = 'awaiting_approval' AND state_sealed IS NOT NULL AND expires_at <= @now
    FOR UPDATE SKIP LOCKED))`

// Across tenants by nature: time passes for all of them.
const PURGE = `
  DELETE FROM flows
  WHERE sequence = ANY (ARRAY(
    SELECT sequence FROM flows
    WHERE status NOT IN ('starting', 'waiting', 'returned', 'authorizing', 'binding') AND reduced IN (0, 1) AND updated_at < @before
    LIMIT @limit FOR UPDATE SKIP LOCKED))`
