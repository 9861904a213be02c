// Connections in PostgreSQL: the one that each tenant has, as Layers and GitHub's webhooks together say it is.
import type { GitHubAccount, ReconnectReason } from '../contract.ts'
import { findNews, parseKnownConnection, toConnection, type KnownConnection } from './known-connection.ts'
import { endsRename, type LayersWord } from './installation-facts.ts'
import type { PostgresQueries, PostgresTransactions } from './postgres-transactions.ts'
import type { Flow, StoredInstallation } from './storage.ts'
import type { ConnectionMethods } from './store-parts.ts'

export function createPostgresConnections(transactions: PostgresTransactions): ConnectionMethods {
  return {
    findConnection(tenantId) {
      return transactions.read(async (queries) => toConnection(await findKnown(queries, tenantId)))
    },

    async recordCheck(tenantId, check) {
      const { installationIndex } = check
      await transactions.write(async (tx) => {
        const at = await tx.lock({ tenantId, installations: [installationIndex] })
        const known = await findKnown(tx, tenantId)
        const said = findNews(known, check, at)
        if (known === undefined || said === undefined) return
        const { reason, account, askedAt } = said
        await tx.run(RECORD_CHECK, { tenantId, installationIndex, reason, ...account, askedAt, now: at })
        await endRename(tx, known, said)
      })
    },

    forgetConnection(tenantId) {
      return transactions.write(async (tx) => {
        await tx.lock({ tenantId })
        const connection = toConnection(await findKnown(tx, tenantId))
        if (connection !== undefined) await tx.run(FORGET, { tenantId })
        return connection
      })
    },
  }
}

/**
 * Replaces what the flow's tenant had. The transaction holds the locks on tenant and installation.
 *
 * @returns why the connection does not work in spite of what Layers said, when GitHub told otherwise; null when it works.
 */
export async function writeConnection(
  queries: PostgresQueries,
  { tenantId, organization, userId }: Flow,
  { sealed, index }: StoredInstallation,
  bound: {
    readonly account: GitHubAccount
    readonly registeredAt: number
    readonly reason: ReconnectReason | null
    readonly at: number
  },
): Promise<ReconnectReason | null> {
  const { account, registeredAt, reason, at } = bound
  const before = await findKnown(queries, tenantId)
  await queries.run(WRITE, {
    tenantId,
    organization,
    sealed,
    index,
    login: account.login,
    type: account.type,
    reason,
    connectedBy: userId,
    registeredAt,
    now: at,
  })
  if (before?.stored.installation.index === index)
    await endRename(queries, before, { reason, account, askedAt: at })
  return toConnection(await findKnown(queries, tenantId))?.reason ?? null
}

async function findKnown(queries: PostgresQueries, tenantId: string): Promise<KnownConnection | undefined> {
  return parseKnownConnection(await queries.get(FIND, { tenantId }))
}

async function endRename(queries: PostgresQueries, known: KnownConnection, said: LayersWord): Promise<void> {
  const { facts, stored } = known
  if (endsRename(facts, stored, said))
    await queries.run(END_RENAME, { installationIndex: stored.installation.index })
}

const FIND = `
  SELECT connections.*, removed_at, suspended, suspension_changed_at, suspension_told_at,
    renamed_login, rename_changed_at, rename_told_at, told_at
  FROM connections LEFT JOIN installation_facts USING (installation_index)
  WHERE tenant_id = @tenantId`

const RECORD_CHECK = `
  UPDATE connections
  SET reason = @reason, account_login = @login, account_type = @type, checked_at = @now, asked_at = @askedAt
  WHERE tenant_id = @tenantId AND installation_index = @installationIndex`

const FORGET = 'DELETE FROM connections WHERE tenant_id = @tenantId'

const END_RENAME =
  'UPDATE installation_facts SET renamed_login = NULL WHERE installation_index = @installationIndex'

const WRITE = `
  INSERT INTO connections (tenant_id, organization, installation_sealed, installation_index, account_login,
    account_type, reason, connected_by, registered_at, checked_at, asked_at)
  VALUES (@tenantId, @organization, @sealed, @index, @login, @type, @reason, @connectedBy, @registeredAt, @now, @now)
  ON CONFLICT (tenant_id) DO UPDATE SET organization = excluded.organization,
    installation_sealed = excluded.installation_sealed, installation_index = excluded.installation_index,
    account_login = excluded.account_login, account_type = excluded.account_type,
    reason = excluded.reason, connected_by = excluded.connected_by, registered_at = excluded.registered_at,
    checked_at = excluded.checked_at, asked_at = excluded.asked_at`
