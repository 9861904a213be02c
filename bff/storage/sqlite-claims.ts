// Finds out whether another tenant already holds an installation, or the one binding of an organization.
import type Database from 'better-sqlite3'

/** How a flow ends that meets another tenant's claim. It names no account: that would be the other tenant's. */
export type Obstacle =
  | { readonly status: 'refused'; readonly error: 'installation_in_use' }
  | { readonly status: 'conflict'; readonly error: 'already_bound' }

export interface SqliteClaims {
  /** For use inside a write transaction: the answer holds until that ends. */
  findObstacle(tenantId: string, organization: string | null, installationIndex: string): Obstacle | undefined
}

export function createSqliteClaims(db: Database.Database): SqliteClaims {
  // Both look across tenants on purpose and yield nothing but a yes or no. A forgotten connection counts: Layers
  // still has the binding. Jobs are asked for less and for greater, because the index answers each at once, while it
  // would have to step over all of the tenant's own jobs for <>.
  const installationIsTaken = db
    .prepare(
      `SELECT
        EXISTS (SELECT 1 FROM connections
          WHERE installation_index = @installationIndex AND tenant_id <> @tenantId)
        OR EXISTS (SELECT 1 FROM binding_jobs
          WHERE installation_index = @installationIndex AND tenant_id < @tenantId)
        OR EXISTS (SELECT 1 FROM binding_jobs
          WHERE installation_index = @installationIndex AND tenant_id > @tenantId)`,
    )
    .pluck()
  const organizationIsTaken = db
    .prepare(
      `SELECT
        EXISTS (SELECT 1 FROM connections
          WHERE coalesce(organization, '') = coalesce(@organization, '') AND tenant_id <> @tenantId)
        OR EXISTS (SELECT 1 FROM binding_jobs
          WHERE coalesce(organization, '') = coalesce(@organization, '') AND tenant_id < @tenantId)
        OR EXISTS (SELECT 1 FROM binding_jobs
          WHERE coalesce(organization, '') = coalesce(@organization, '') AND tenant_id > @tenantId)`,
    )
    .pluck()

  return {
    findObstacle(tenantId, organization, installationIndex) {
      if (installationIsTaken.get({ tenantId, installationIndex }) === 1) {
        return { status: 'refused', error: 'installation_in_use' }
      }
      if (organizationIsTaken.get({ tenantId, organization }) === 1) {
        return { status: 'conflict', error: 'already_bound' }
      }
      return undefined
    },
  }
}
