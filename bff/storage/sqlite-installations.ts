// What GitHub's webhooks told about installations, in SQLite: recording each delivery once, and forgetting what nobody needs.
import type Database from 'better-sqlite3'
import {
  addFact,
  DELIVERIES_KEPT_MS,
  UNCONNECTED_KEPT_MS,
  type InstallationFacts,
} from './installation-facts.ts'
import { BATCH, inBatches } from './batches.ts'
import { parseFactsRow, parseText, toFactsColumns } from './rows.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import type { InstallationMethods } from './store-parts.ts'

export function createSqliteInstallations(
  db: Database.Database,
  transactions: SqliteTransactions,
  now: () => number,
): InstallationMethods {
  const statements = prepareStatements(db)

  function findFacts(installationIndex: string): InstallationFacts | undefined {
    const row = statements.find.get({ installationIndex })
    return row === undefined ? undefined : parseFactsRow(row)
  }

  return {
    async recordInstallationFact({ deliveryId, installationIndex, fact }) {
      return transactions.write(() => {
        const toldAt = now()
        const holder = statements.findTenant.get({ installationIndex })
        const tenantId = holder === undefined ? null : parseText(holder)
        if (statements.noteDelivery.run({ deliveryId, toldAt }).changes === 0)
          return { outcome: 'repeated', tenantId }
        const facts = addFact(findFacts(installationIndex), fact, toldAt)
        if (facts === undefined) return { outcome: 'stale', tenantId }
        statements.write.run({ installationIndex, toldAt, ...toFactsColumns(facts) })
        return { outcome: 'recorded', tenantId }
      })
    },

    async purgeInstallationFacts() {
      const purge = (statement: Database.Statement, keptMs: number): Promise<number> =>
        inBatches(BATCH, () =>
          transactions.write(() => statement.run({ before: now() - keptMs, limit: BATCH }).changes),
        )
      const deliveries = await purge(statements.purgeDeliveries, DELIVERIES_KEPT_MS)
      return deliveries + (await purge(statements.purgeFacts, UNCONNECTED_KEPT_MS))
    },
  }
}

function prepareStatements(db: Database.Database) {
  return {
    find: db.prepare('SELECT * FROM installation_facts WHERE installation_index = @installationIndex'),
    // Across tenants by nature: GitHub speaks of installations, and knows no tenants.
    findTenant: db
      .prepare('SELECT tenant_id FROM connections WHERE installation_index = @installationIndex LIMIT 1')
      .pluck(),
    noteDelivery: db.prepare(`
      INSERT INTO webhook_deliveries (delivery_id, received_at) VALUES (@deliveryId, @toldAt)
      ON CONFLICT DO NOTHING`),
    write: db.prepare(`
      INSERT OR REPLACE INTO installation_facts (installation_index, removed_at, suspended, suspension_changed_at,
        suspension_told_at, renamed_login, rename_changed_at, rename_told_at, told_at)
      VALUES (@installationIndex, @removedAt, @suspended, @suspensionChangedAt,
        @suspensionToldAt, @renamedLogin, @renameChangedAt, @renameToldAt, @toldAt)`),
    purgeDeliveries: db.prepare(`
      DELETE FROM webhook_deliveries
      WHERE delivery_id IN (SELECT delivery_id FROM webhook_deliveries WHERE received_at < @before LIMIT @limit)`),
    // Across tenants by nature: whose connection keeps a fact alive does not matter.
    purgeFacts: db.prepare(`
      DELETE FROM installation_facts
      WHERE installation_index IN (
        SELECT installation_index FROM installation_facts AS facts
        WHERE told_at < @before AND NOT EXISTS (
          SELECT 1 FROM connections WHERE connections.installation_index = facts.installation_index)
        LIMIT @limit)`),
  }
}
