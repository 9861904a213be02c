// What GitHub's webhooks told about installations, in PostgreSQL: recording each delivery once, and forgetting what nobody needs.
import { inBatches } from './batches.ts'
import { addFact, DELIVERIES_KEPT_MS, UNCONNECTED_KEPT_MS } from './installation-facts.ts'
import type { PostgresTransactions } from './postgres-transactions.ts'
import { createRowReader, parseFactsRow, toFactsColumns } from './rows.ts'
import type { InstallationMethods } from './store-parts.ts'

/** Fewer than elsewhere, because each installation is locked, and the server keeps all locks in one table of limited size. */
const BATCH = 50

export function createPostgresInstallations(transactions: PostgresTransactions): InstallationMethods {
  return {
    recordInstallationFact({ deliveryId, installationIndex, fact }) {
      return transactions.write(async (tx) => {
        const toldAt = await tx.lock({ installations: [installationIndex] })
        const holder = await tx.get(FIND_TENANT, { installationIndex })
        const tenantId =
          holder === undefined ? null : createRowReader('connections', holder).getText('tenant_id')
        if ((await tx.run(NOTE_DELIVERY, { deliveryId, toldAt })) === 0)
          return { outcome: 'repeated', tenantId }
        const row = await tx.get(FIND, { installationIndex })
        const facts = addFact(row === undefined ? undefined : parseFactsRow(row), fact, toldAt)
        if (facts === undefined) return { outcome: 'stale', tenantId }
        await tx.run(WRITE, { installationIndex, toldAt, ...toFactsColumns(facts) })
        return { outcome: 'recorded', tenantId }
      })
    },

    async purgeInstallationFacts() {
      const deliveries = await inBatches(BATCH, () =>
        transactions.write(async (tx) => {
          const before = (await tx.readClock()) - DELIVERIES_KEPT_MS
          return tx.run(PURGE_DELIVERIES, { before, limit: BATCH })
        }),
      )
      const facts = await inBatches(BATCH, () =>
        transactions.write(async (tx) => {
          const before = (await tx.readClock()) - UNCONNECTED_KEPT_MS
          const rows = await tx.all(FIND_UNCONNECTED, { before, limit: BATCH })
          const installations = rows.map((row) =>
            createRowReader('installation_facts', row).getText('installation_index'),
          )
          // With their locks nobody can connect one between the look and the deletion, which looks again.
          await tx.lock({ installations })
          return tx.run(PURGE_UNCONNECTED, { installations, before })
        }),
      )
      return deliveries + facts
    },
  }
}

const FIND = 'SELECT * FROM installation_facts WHERE installation_index = @installationIndex'

// Across tenants by nature: GitHub speaks of installations, and knows no tenants.
const FIND_TENANT = 'SELECT tenant_id FROM connections WHERE installation_index = @installationIndex LIMIT 1'

const NOTE_DELIVERY = `
  INSERT INTO webhook_deliveries (delivery_id, received_at) VALUES (@deliveryId, @toldAt) ON CONFLICT DO NOTHING`

const WRITE = `
  INSERT INTO installation_facts (installation_index, removed_at, suspended, suspension_changed_at,
    suspension_told_at, renamed_login, rename_changed_at, rename_told_at, told_at)
  VALUES (@installationIndex, @removedAt, @suspended, @suspensionChangedAt,
    @suspensionToldAt, @renamedLogin, @renameChangedAt, @renameToldAt, @toldAt)
  ON CONFLICT (installation_index) DO UPDATE SET removed_at = excluded.removed_at, suspended = excluded.suspended,
    suspension_changed_at = excluded.suspension_changed_at, suspension_told_at = excluded.suspension_told_at,
    renamed_login = excluded.renamed_login, rename_changed_at = excluded.rename_changed_at,
    rename_told_at = excluded.rename_told_at, told_at = excluded.told_at`

const PURGE_DELIVERIES = `
  DELETE FROM webhook_deliveries
  WHERE delivery_id = ANY (ARRAY(
    SELECT delivery_id FROM webhook_deliveries WHERE received_at < @before LIMIT @limit FOR UPDATE SKIP LOCKED))`

// Across tenants by nature: whose connection keeps a fact alive does not matter.
const FIND_UNCONNECTED = `
  SELECT installation_index FROM installation_facts AS facts
  WHERE told_at < @before AND NOT EXISTS (
    SELECT 1 FROM connections WHERE connections.installation_index = facts.installation_index)
  LIMIT @limit`

// Across tenants by nature: whose connection keeps a fact alive does not matter.
const PURGE_UNCONNECTED = `
  DELETE FROM installation_facts AS facts
  WHERE installation_index = ANY (@installations::text[]) AND told_at < @before AND NOT EXISTS (
    SELECT 1 FROM connections WHERE connections.installation_index = facts.installation_index)`
