// Knows which tenant's installation is bound to which organization on PostgreSQL, and when a tenant has no further try.
import type { PostgresQueries } from './postgres-transactions.ts'
import type { Obstacle } from './sqlite-claims.ts'
import { createRowReader } from './rows.ts'
import type { FailureLimit } from './storage.ts'

/** Whose binding it would be. The transaction holds the locks on all three. */
interface Claim {
  readonly tenantId: string
  readonly organization: string | null
  readonly installationIndex: string
}

// Across tenants on purpose, and yields nothing but a yes or no. Jobs are asked for less and for greater, because the index answers
// each at once, while it would have to step over all of the tenant's own jobs for <>.
const FIND_OBSTACLE = `
  SELECT
    CASE WHEN EXISTS (SELECT 1 FROM claims
        WHERE installation_index = @installationIndex AND tenant_id <> @tenantId)
      OR EXISTS (SELECT 1 FROM binding_jobs
        WHERE installation_index = @installationIndex AND tenant_id < @tenantId)
      OR EXISTS (SELECT 1 FROM binding_jobs
        WHERE installation_index = @installationIndex AND tenant_id > @tenantId)
      THEN 1 ELSE 0 END AS installation_taken,
    CASE WHEN EXISTS (SELECT 1 FROM claims
        WHERE organization_key = coalesce(@organization, '') AND tenant_id <> @tenantId)
      OR EXISTS (SELECT 1 FROM binding_jobs
        WHERE organization_key = coalesce(@organization, '') AND tenant_id < @tenantId)
      OR EXISTS (SELECT 1 FROM binding_jobs
        WHERE organization_key = coalesce(@organization, '') AND tenant_id > @tenantId)
      THEN 1 ELSE 0 END AS organization_taken`

const WRITE_CLAIM = `
  INSERT INTO claims (organization_key, tenant_id, installation_index)
  VALUES (coalesce(@organization, ''), @tenantId, @installationIndex)
  ON CONFLICT (organization_key) DO UPDATE SET installation_index = excluded.installation_index
    WHERE claims.tenant_id = excluded.tenant_id`

const FAILED = `
  SELECT count(*) FROM flows
  WHERE tenant_id = @tenantId AND updated_at > @after
    AND error IN ('installation_not_found', 'already_bound', 'installation_in_use', 'account_mismatch',
      'ownership_not_proved')`

// In one statement, so that a binding that fails meanwhile is counted either as unfinished or as failed. An unfinished one may still
// fail, so any number of returns at once get no more tries than one after another.
const COUNT_TRIES = `
  SELECT (${FAILED}) + (SELECT count(*) FROM binding_jobs WHERE tenant_id = @tenantId) AS count`

export async function findObstacle(queries: PostgresQueries, claim: Claim): Promise<Obstacle | undefined> {
  const row = createRowReader('claims', await queries.get(FIND_OBSTACLE, { ...claim }))
  if (row.getInteger('installation_taken') === 1) return { status: 'refused', error: 'installation_in_use' }
  if (row.getInteger('organization_taken') === 1) return { status: 'conflict', error: 'already_bound' }
  return undefined
}

/** Whether another tenant holds the installation, in whatever organization. */
export async function isInstallationTaken(queries: PostgresQueries, claim: Claim): Promise<boolean> {
  return (await findObstacle(queries, claim))?.error === 'installation_in_use'
}

/** Replaces the tenant's claim on this organization, and no other. Call it when there is no obstacle. */
export async function writeClaim(queries: PostgresQueries, claim: Claim): Promise<void> {
  await queries.run(WRITE_CLAIM, { ...claim })
}

export async function countFailed(
  queries: PostgresQueries,
  tenantId: string,
  after: number,
): Promise<number> {
  return readCount(await queries.get(FAILED, { tenantId, after }))
}

/** The transaction holds the tenant's lock, so no other binding of the tenant can be queued until it ends. */
export async function isLimitReached(
  queries: PostgresQueries,
  tenantId: string,
  { count, windowMs }: FailureLimit,
  at: number,
): Promise<boolean> {
  const row = await queries.get(COUNT_TRIES, { tenantId, after: at - Math.floor(windowMs) })
  return readCount(row) >= count
}

function readCount(row: unknown): number {
  return createRowReader('flows', row).getInteger('count')
}
