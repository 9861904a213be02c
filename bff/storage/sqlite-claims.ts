// Knows which tenant's installation is bound to which organization, and finds out what another tenant holds already.
import type Database from 'better-sqlite3'

/** How a flow ends that meets another tenant's claim. It names no account: that would be the other tenant's. */
export type Obstacle =
  | { readonly status: 'refused'; readonly error: 'installation_in_use' }
  | { readonly status: 'conflict'; readonly error: 'already_bound' }

/** For use inside a write transaction: an answer holds until that ends. */
export interface SqliteClaims {
  findObstacle(tenantId: string, organization: string | null, installationIndex: string): Obstacle | undefined
  /** Whether another tenant holds the installation, in whatever organization. */
  isInstallationTaken(tenantId: string, installationIndex: string): boolean
  /** Replaces the tenant's claim on this organization, and no other. Call it when there is no obstacle. */
  writeClaim(tenantId: string, organization: string | null, installationIndex: string): void
}

export function createSqliteClaims(db: Database.Database): SqliteClaims {
  // Across tenants on purpose, and yields nothing but a yes or no. Jobs are asked for less and for greater, because the
  // index answers each at once, while it would have to step over all of the tenant's own jobs for <>.
  const installationIsTaken = db
    .prepare(
      `SELECT
        EXISTS (SELECT 1 FROM claims
          WHERE installation_index = @installationIndex AND tenant_id <> @tenantId)
        OR EXISTS (SELECT 1 FROM binding_jobs
          WHERE installation_index = @installationIndex AND tenant_id < @tenantId)
        OR EXISTS (SELECT 1 FROM binding_jobs
          WHERE installation_index = @installationIndex AND tenant_id > @tenantId)`,
    )
    .pluck()
  // Across tenants on purpose, in the same way.
  const organizationIsTaken = db
    .prepare(
      `SELECT
        EXISTS (SELECT 1 FROM claims
          WHERE organization_key = coalesce(@organization, '') AND tenant_id <> @tenantId)
        OR EXISTS (SELECT 1 FROM binding_jobs
          WHERE organization_key = coalesce(@organization, '') AND tenant_id < @tenantId)
        OR EXISTS (SELECT 1 FROM binding_jobs
          WHERE organization_key = coalesce(@organization, '') AND tenant_id > @tenantId)`,
    )
    .pluck()
  const write = db.prepare(`
    INSERT INTO claims (organization_key, tenant_id, installation_index)
    VALUES (coalesce(@organization, ''), @tenantId, @installationIndex)
    ON CONFLICT (organization_key) DO UPDATE SET installation_index = excluded.installation_index
      WHERE tenant_id = excluded.tenant_id`)

  const isInstallationTaken: SqliteClaims['isInstallationTaken'] = (tenantId, installationIndex) =>
    installationIsTaken.get({ tenantId, installationIndex }) === 1

  return {
    isInstallationTaken,

    findObstacle(tenantId, organization, installationIndex) {
      if (isInstallationTaken(tenantId, installationIndex)) {
        return { status: 'refused', error: 'installation_in_use' }
      }
      if (organizationIsTaken.get({ tenantId, organization }) === 1) {
        return { status: 'conflict', error: 'already_bound' }
      }
      return undefined
    },

    writeClaim(tenantId, organization, installationIndex) {
      write.run({ tenantId, organization, installationIndex })
    },
  }
}
