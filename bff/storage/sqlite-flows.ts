// Flows in SQLite: creating, offering, finding, ending and expiring them.
import type Database from 'better-sqlite3'
import { FLOW_STATUSES } from '../contract.ts'
import { BATCH, inBatches } from './batches.ts'
import { parseFlowRow, parseText } from './rows.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import type { Flow } from './storage.ts'
import type { FlowMethods } from './store-parts.ts'

export function createSqliteFlows(
  db: Database.Database,
  transactions: SqliteTransactions,
  now: () => number,
): FlowMethods {
  const statements = prepareStatements(db)

  return {
    async createFlow(flow) {
      return transactions.write((changed) => {
        const found = findFlow(statements.findById.get({ flowId: flow.flowId }))
        if (found !== undefined) {
          const own = found.tenantId === flow.tenantId && found.userId === flow.userId
          return own ? { outcome: 'existing', flow: found } : { outcome: 'foreign' }
        }
        const createdAt = now()
        const superseded = statements.supersede.all({
          tenantId: flow.tenantId,
          userId: flow.userId,
          now: createdAt,
        })
        for (const flowId of superseded) changed(parseText(flowId))
        const expiresAt = createdAt + Math.floor(flow.lifetimeMs)
        const row = statements.insert.get({ ...flow, now: createdAt, expiresAt })
        changed(flow.flowId)
        return { outcome: 'created', flow: parseFlowRow(row).flow, superseded: superseded.length }
      })
    },

    async offerInstallUrl(tenantId, flowId, offer) {
      return transactions.write((changed) => {
        const expiresAt = Math.floor(offer.expiresAt)
        const { installUrlSealed, partnerKey = null } = offer
        const offered = { tenantId, flowId, installUrlSealed, partnerKey, expiresAt, now: now() }
        const flow = findFlow(statements.offer.get(offered))
        if (flow !== undefined) changed(flowId)
        return flow
      })
    },

    async findFlow(tenantId, flowId) {
      return transactions.read(() => findFlow(statements.find.get({ tenantId, flowId })))
    },

    async findFlowById(flowId) {
      return transactions.read(() => findFlow(statements.findById.get({ flowId })))
    },

    async findLatestFlow(tenantId, userId) {
      return transactions.read(() => findFlow(statements.findLatest.get({ tenantId, userId })))
    },

    async findFlowByState(stateHash) {
      return transactions.read(() => findFlow(statements.findByState.get({ stateHash })))
    },

    async endFlow(tenantId, flowId, end) {
      if (FLOW_STATUSES[end.status].open) throw new RangeError(`storage: ${end.status} does not end a flow`)
      return transactions.write((changed) => {
        const { status, error } = end
        const from = JSON.stringify(end.from)
        const flow = findFlow(statements.end.get({ tenantId, flowId, from, status, error, now: now() }))
        if (flow !== undefined) changed(flowId)
        return flow
      })
    },

    async vouchFlow(tenantId, flowId, until) {
      transactions.write(() => statements.vouch.run({ tenantId, flowId, until: Math.floor(until) }))
    },

    async expireFlows() {
      transactions.write(() => statements.eraseUnapproved.run({ now: now() }))
      return inBatches(BATCH, () =>
        transactions.write((changed) => {
          const expired = statements.expire.all({ now: now(), limit: BATCH })
          for (const flowId of expired) changed(parseText(flowId))
          return expired.length
        }),
      )
    },

    async purgeFlows(retentionMs) {
      const before = now() - retentionMs
      const purged = await inBatches(BATCH, () =>
        transactions.write(() => statements.purge.run({ before, limit: BATCH }).changes),
      )
      // What secure_delete has erased in the database still stands in the write-ahead log until that is emptied.
      transactions.read(() => db.pragma('wal_checkpoint(TRUNCATE)'))
      return purged
    },
  }
}

function findFlow(row: unknown): Flow | undefined {
  return row === undefined ? undefined : parseFlowRow(row).flow
}

function prepareStatements(db: Database.Database) {
  return {
    // Across tenants: a flow id is unique among all of them, and the popup's pages know nothing but the id.
    findById: db.prepare('SELECT * FROM flows WHERE flow_id = @flowId'),
    // Across tenants: GitHub's redirect brings the state and nothing else.
    findByState: db.prepare(`
      SELECT * FROM flows WHERE state_hash = @stateHash
      UNION ALL SELECT * FROM flows WHERE authorize_state_hash = @stateHash LIMIT 1`),
    vouch: db.prepare(`
      UPDATE flows SET vouched_until = @until
      WHERE flow_id = @flowId AND tenant_id = @tenantId AND vouched_until < @until`),
    find: db.prepare('SELECT * FROM flows WHERE flow_id = @flowId AND tenant_id = @tenantId'),
    findLatest: db.prepare(`
      SELECT * FROM flows
      WHERE tenant_id = @tenantId AND user_id = @userId AND status <> 'superseded'
      ORDER BY sequence DESC LIMIT 1`),
    supersede: db
      .prepare(
        `UPDATE flows
        SET status = 'superseded', error = 'flow_superseded', version = version + 1, updated_at = @now,
          state_sealed = NULL, install_url_sealed = NULL, installation_sealed = NULL, authorization_sealed = NULL
        WHERE tenant_id = @tenantId AND user_id = @userId
          AND status IN ('starting', 'waiting', 'returned', 'authorizing', 'awaiting_approval')
        RETURNING flow_id`,
      )
      .pluck(),
    insert: db.prepare(`
      INSERT INTO flows (flow_id, tenant_id, user_id, organization, mode, host_origin, return_to, status, version,
        state_hash, state_sealed, expected_account, vouched_until, locale, theme, created_at, updated_at, expires_at)
      VALUES (@flowId, @tenantId, @userId, @organization, @mode, @hostOrigin, @returnTo, 'starting', 1,
        @stateHash, @stateSealed, @expectedAccount, @vouchedUntil, @locale, @theme, @now, @now, @expiresAt)
      RETURNING *`),
    offer: db.prepare(`
      UPDATE flows
      SET status = 'waiting', install_url_sealed = @installUrlSealed, partner_key = @partnerKey,
        expires_at = min(expires_at, @expiresAt), version = version + 1, updated_at = @now
      WHERE flow_id = @flowId AND tenant_id = @tenantId AND status = 'starting' AND expires_at > @now
      RETURNING *`),
    end: db.prepare(`
      UPDATE flows
      SET status = @status, error = @error, version = version + 1, updated_at = @now,
        state_sealed = iif(@status = 'awaiting_approval', state_sealed, NULL),
        install_url_sealed = iif(@status = 'awaiting_approval', install_url_sealed, NULL),
        installation_sealed = iif(@status = 'awaiting_approval', installation_sealed, NULL),
        authorization_sealed = NULL
      WHERE flow_id = @flowId AND tenant_id = @tenantId
        AND status IN (SELECT value FROM json_each(@from)) AND status <> 'binding'
      RETURNING *`),
    // Across tenants by nature: time passes for all of them.
    expire: db
      .prepare(
        `UPDATE flows
        SET status = 'expired', error = 'flow_expired', version = version + 1, updated_at = @now,
          state_sealed = NULL, install_url_sealed = NULL, installation_sealed = NULL, authorization_sealed = NULL
        WHERE sequence IN (
          SELECT sequence FROM flows
          WHERE status IN ('starting', 'waiting', 'returned', 'authorizing') AND expires_at <= @now LIMIT @limit)
        RETURNING flow_id`,
      )
      .pluck(),
    // Across tenants by nature: time passes for all of them.
    eraseUnapproved: db.prepare(`
      UPDATE flows SET state_sealed = NULL, install_url_sealed = NULL, installation_sealed = NULL, authorization_sealed = NULL
      WHERE status = 'awaiting_approval' AND state_sealed IS NOT NULL AND expires_at <= @now`),
    // Across tenants by nature: time passes for all of them.
    purge: db.prepare(`
      DELETE FROM flows
      WHERE sequence IN (
        SELECT sequence FROM flows
        WHERE status NOT IN ('starting', 'waiting', 'returned', 'authorizing', 'binding')
          AND reduced IN (0, 1) AND updated_at < @before LIMIT @limit)`),
  }
}
