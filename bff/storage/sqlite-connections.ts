// Connections in SQLite: what each tenant has, and what it has forgotten.
import type Database from 'better-sqlite3'
import type { GitHubAccount } from '../contract.ts'
import { parseConnectionRow } from './sqlite-rows.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import type { Connection, Flow, Storage, StoredInstallation } from './storage.ts'

type ConnectionMethods = Pick<Storage, 'findConnection' | 'recordCheck' | 'forgetConnection'>

/** Replaces what the flow's tenant had, also a forgotten connection. For use inside a write transaction. */
export type WriteConnection = (
  flow: Flow,
  installation: StoredInstallation,
  bound: { readonly account: GitHubAccount; readonly registeredAt: number },
) => void

export function createSqliteConnections(
  db: Database.Database,
  transactions: SqliteTransactions,
  now: () => number,
): ConnectionMethods {
  const statements = prepareStatements(db)

  function findConnection(tenantId: string): Connection | undefined {
    const row = statements.find.get({ tenantId })
    return row === undefined ? undefined : parseConnectionRow(row)
  }

  return {
    async findConnection(tenantId) {
      return transactions.read(() => findConnection(tenantId))
    },

    async recordCheck(tenantId, { installationIndex, reason, account }) {
      const { login, type } = account
      transactions.write(() =>
        statements.recordCheck.run({ tenantId, installationIndex, reason, login, type, now: now() }),
      )
    },

    async forgetConnection(tenantId) {
      return transactions.write(() => {
        const connection = findConnection(tenantId)
        if (connection !== undefined) statements.forget.run({ tenantId, now: now() })
        return connection
      })
    },
  }
}

function prepareStatements(db: Database.Database) {
  return {
    find: db.prepare('SELECT * FROM connections WHERE tenant_id = @tenantId AND forgotten_at IS NULL'),
    recordCheck: db.prepare(`
      UPDATE connections
      SET reason = @reason, account_login = @login, account_type = @type, checked_at = @now
      WHERE tenant_id = @tenantId AND installation_index = @installationIndex AND forgotten_at IS NULL`),
    forget: db.prepare(`
      UPDATE connections
      SET forgotten_at = @now, installation_sealed = NULL, account_login = NULL, account_type = NULL,
        reason = NULL, connected_by = NULL, registered_at = NULL, checked_at = NULL
      WHERE tenant_id = @tenantId`),
  }
}

export function createConnectionWriter(db: Database.Database, now: () => number): WriteConnection {
  const statement = db.prepare(`
      INSERT INTO connections (tenant_id, organization, installation_sealed, installation_index, account_login,
        account_type, reason, connected_by, registered_at, checked_at, forgotten_at)
      VALUES (@tenantId, @organization, @sealed, @index, @login, @type, NULL, @connectedBy, @registeredAt, @now, NULL)
      ON CONFLICT (tenant_id) DO UPDATE SET organization = excluded.organization,
        installation_sealed = excluded.installation_sealed, installation_index = excluded.installation_index,
        account_login = excluded.account_login, account_type = excluded.account_type, reason = NULL,
        connected_by = excluded.connected_by, registered_at = excluded.registered_at,
        checked_at = excluded.checked_at, forgotten_at = NULL`)
  return ({ tenantId, organization, userId }, installation, { account, registeredAt }) => {
    statement.run({
      tenantId,
      organization,
      sealed: installation.sealed,
      index: installation.index,
      login: account.login,
      type: account.type,
      connectedBy: userId,
      registeredAt,
      now: now(),
    })
  }
}
