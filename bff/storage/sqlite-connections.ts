// Connections in SQLite: the one that each tenant has, as Layers and GitHub's webhooks together say it is.
import type Database from 'better-sqlite3'
import type { GitHubAccount, ReconnectReason } from '../contract.ts'
import { endsRename, type LayersWord } from './installation-facts.ts'
import { findNews, parseKnownConnection, toConnection, type KnownConnection } from './known-connection.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import type { Flow, StoredInstallation } from './storage.ts'
import type { ConnectionMethods } from './store-parts.ts'

/**
 * Replaces what the flow's tenant had. For use inside a write transaction.
 *
 * @returns why the connection does not work in spite of what Layers said, when GitHub told otherwise; null when it works.
 */
export type WriteConnection = (
  flow: Flow,
  installation: StoredInstallation,
  bound: {
    readonly account: GitHubAccount
    readonly registeredAt: number
    readonly reason: ReconnectReason | null
  },
) => ReconnectReason | null

export function createSqliteConnections(
  db: Database.Database,
  transactions: SqliteTransactions,
  now: () => number,
): ConnectionMethods {
  const records = createConnectionRecords(db)
  const recordCheck = db.prepare(`
    UPDATE connections
    SET reason = @reason, account_login = @login, account_type = @type, checked_at = @now, asked_at = @askedAt
    WHERE tenant_id = @tenantId AND installation_index = @installationIndex`)
  const forget = db.prepare('DELETE FROM connections WHERE tenant_id = @tenantId')

  return {
    async findConnection(tenantId) {
      return transactions.read(() => toConnection(records.find(tenantId)))
    },

    async recordCheck(tenantId, check) {
      transactions.write(() => {
        const at = now()
        const known = records.find(tenantId)
        const said = findNews(known, check, at)
        if (known === undefined || said === undefined) return
        const { reason, account, askedAt } = said
        const { installationIndex } = check
        recordCheck.run({ tenantId, installationIndex, reason, ...account, askedAt, now: at })
        records.endRename(known, said)
      })
    },

    async forgetConnection(tenantId) {
      return transactions.write(() => {
        const connection = toConnection(records.find(tenantId))
        if (connection !== undefined) forget.run({ tenantId })
        return connection
      })
    },
  }
}

function createConnectionRecords(db: Database.Database) {
  const find = db.prepare(`
    SELECT connections.*, removed_at, suspended, suspension_changed_at, suspension_told_at,
      renamed_login, rename_changed_at, rename_told_at, told_at
    FROM connections LEFT JOIN installation_facts USING (installation_index)
    WHERE tenant_id = @tenantId`)
  const endRename = db.prepare(
    'UPDATE installation_facts SET renamed_login = NULL WHERE installation_index = @installationIndex',
  )

  return {
    find(tenantId: string): KnownConnection | undefined {
      return parseKnownConnection(find.get({ tenantId }))
    },

    endRename({ facts, stored }: KnownConnection, said: LayersWord): void {
      if (endsRename(facts, stored, said)) endRename.run({ installationIndex: stored.installation.index })
    },
  }
}

export function createConnectionWriter(db: Database.Database, now: () => number): WriteConnection {
  const records = createConnectionRecords(db)
  const statement = db.prepare(`
      INSERT INTO connections (tenant_id, organization, installation_sealed, installation_index, account_login,
        account_type, reason, connected_by, registered_at, checked_at, asked_at)
      VALUES (@tenantId, @organization, @sealed, @index, @login, @type, @reason, @connectedBy, @registeredAt, @now, @now)
      ON CONFLICT (tenant_id) DO UPDATE SET organization = excluded.organization,
        installation_sealed = excluded.installation_sealed, installation_index = excluded.installation_index,
        account_login = excluded.account_login, account_type = excluded.account_type,
        reason = excluded.reason, connected_by = excluded.connected_by, registered_at = excluded.registered_at,
        checked_at = excluded.checked_at, asked_at = excluded.asked_at`)
  return ({ tenantId, organization, userId }, installation, { account, registeredAt, reason }) => {
    const at = now()
    const before = records.find(tenantId)
    statement.run({
      tenantId,
      organization,
      sealed: installation.sealed,
      index: installation.index,
      login: account.login,
      type: account.type,
      reason,
      connectedBy: userId,
      registeredAt,
      now: at,
    })
    if (before?.stored.installation.index === installation.index)
      records.endRename(before, { reason, account, askedAt: at })
    return toConnection(records.find(tenantId))?.reason ?? null
  }
}
