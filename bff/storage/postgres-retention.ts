// Takes out of ended flows in PostgreSQL what tells who they were.
import { BATCH, inBatches } from './batches.ts'
import type { PostgresTransactions } from './postgres-transactions.ts'
import { parseReducibleRow } from './rows.ts'
import type { RetentionMethods } from './store-parts.ts'

export function createPostgresRetention(transactions: PostgresTransactions): RetentionMethods {
  return {
    reduceFlows({ endedMs, awaitingMs }, hashOf) {
      return inBatches(BATCH, () =>
        transactions.write(async (tx) => {
          const now = await tx.readClock()
          const before = now - Math.floor(endedMs)
          const awaitingBefore = now - Math.floor(awaitingMs)
          const found = await tx.all(FIND, { before, awaitingBefore, limit: BATCH })
          const rows = found.map(parseReducibleRow)
          if (rows.length === 0) return 0
          await tx.run(REDUCE, {
            sequences: rows.map(({ sequence }) => String(sequence)),
            flowHashes: rows.map(({ flowId }) => hashOf(flowId)),
            tenantHashes: rows.map(({ tenantId }) => hashOf(tenantId)),
            userHashes: rows.map(({ userId }) => hashOf(userId)),
          })
          return rows.length
        }),
      )
    },
  }
}

// Across tenants by nature: time passes for all of them. A row that somebody else is changing is left for the next time.
const FIND = `
  SELECT sequence, flow_id, tenant_id, user_id FROM flows
  WHERE status NOT IN ('starting', 'waiting', 'returned', 'authorizing', 'binding')
    AND reduced = 0 AND updated_at < @before
    AND (status <> 'awaiting_approval' OR updated_at < @awaitingBefore)
  LIMIT @limit FOR UPDATE SKIP LOCKED`

// Across tenants: the rows were found by their age, whosever they are. The state's hash has to be unique, and nothing more.
const REDUCE = `
  UPDATE flows
  SET reduced = 1, flow_id = flow_hash, tenant_id = tenant_hash, user_id = user_hash, state_hash = flow_hash,
    organization = NULL, host_origin = '', return_to = '', locale = NULL, theme = NULL, account_login = NULL, account_type = NULL,
    expected_account = NULL, vouched_until = NULL, authorize_state_hash = NULL, proved_login = NULL,
    partner_key = NULL, state_sealed = NULL, install_url_sealed = NULL, installation_sealed = NULL,
    authorization_sealed = NULL
  FROM unnest(@sequences::bigint[], @flowHashes::text[], @tenantHashes::text[], @userHashes::text[])
    AS hashes (row_sequence, flow_hash, tenant_hash, user_hash)
  WHERE sequence = row_sequence`
