// Connections in SQLite: the one that each tenant has.
import type Database from 'better-sqlite3'
import type { GitHubAccount, ReconnectReason } from '../contract.ts'
import { parseConnectionRow } from './sqlite-rows.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import type { Connection, Flow, Storage, StoredInstallation } from './storage.ts'

type ConnectionMethods = Pick<Storage, 'findConnection' | 'recordCheck' | 'forgetConnection'>

/** Replaces what the flow's tenant had. For use inside a write transaction. */
export type WriteConnection = (
  flow: Flow,
  installation: StoredInstallation,
  bound: {
    readonly account: GitHubAccount
    readonly registeredAt: number
    readonly reason: ReconnectReason | null
  },
) => void

export function createSqliteConnections(
  db: Database.Database,
  transactions: SqliteTransactions,
  now: () => number,
): ConnectionMethods {
  const statements = prepareStatements(db)

  return {
    async findConnection(tenantId) {
      return transactions.read(() => toConnection(statements.find.get({ tenantId })))
    },

    async recordCheck(tenantId, { installationIndex, reason, account }) {
      const { login, type } = account
      transactions.write(() =>
        statements.recordCheck.run({ tenantId, installationIndex, reason, login, type, now: now() }),
      )
    },

    async forgetConnection(tenantId) {
      return transactions.write(() => toConnection(statements.forget.get({ tenantId })))
    },
  }
}

function toConnection(row: unknown): Connection | undefined {
  return row === undefined ? undefined : parseConnectionRow(row)
}

function prepareStatements(db: Database.Database) {
  return {
    find: db.prepare('SELECT * FROM connections WHERE tenant_id = @tenantId'),
    recordCheck: db.prepare(`
      UPDATE connections
      SET reason = @reason, account_login = @login, account_type = @type, checked_at = @now
      WHERE tenant_id = @tenantId AND installation_index = @installationIndex`),
    forget: db.prepare('DELETE FROM connections WHERE tenant_id = @tenantId RETURNING *'),
  }
}

export function createConnectionWriter(db: Database.Database, now: () => number): WriteConnection {
  const statement = db.prepare(`
      INSERT INTO connections (tenant_id, organization, installation_sealed, installation_index, account_login,
        account_type, reason, connected_by, registered_at, checked_at)
      VALUES (@tenantId, @organization, @sealed, @index, @login, @type, @reason, @connectedBy, @registeredAt, @now)
      ON CONFLICT (tenant_id) DO UPDATE SET organization = excluded.organization,
        installation_sealed = excluded.installation_sealed, installation_index = excluded.installation_index,
        account_login = excluded.account_login, account_type = excluded.account_type,
        reason = excluded.reason, connected_by = excluded.connected_by, registered_at = excluded.registered_at,
        checked_at = excluded.checked_at`)
  return ({ tenantId, organization, userId }, installation, { account, registeredAt, reason }) => {
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
      now: now(),
    })
  }
}
