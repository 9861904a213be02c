// Binding jobs in PostgreSQL: leases on them, and how they end.
import { findObstacle, isInstallationTaken, writeClaim } from './postgres-claims.ts'
import { writeConnection } from './postgres-connections.ts'
import {
  NOW,
  nowOf,
  readNow,
  type PostgresQueries,
  type PostgresTransaction,
  type PostgresTransactions,
} from './postgres-transactions.ts'
import { createRowReader, parseFlowRow, parseJobRow } from './rows.ts'
import type { BindingJob, BindingOutcome, Flow, Storage } from './storage.ts'

type JobMethods = Pick<
  Storage,
  | 'claimJobs'
  | 'retryJob'
  | 'recordProof'
  | 'authorizeAgain'
  | 'completeJob'
  | 'releaseJobs'
  | 'findNextDueInMs'
>

export interface PostgresJobsOptions {
  readonly transactions: PostgresTransactions
  readonly now: (() => number) | undefined
  /** Undefined: nobody is gone before the lease runs out. */
  readonly isOwnerGone: ((owner: string) => boolean) | undefined
}

export function createPostgresJobs({ transactions, now, isOwnerGone }: PostgresJobsOptions): JobMethods {
  async function findGoneOwners(queries: PostgresQueries, at: number): Promise<string[]> {
    if (isOwnerGone === undefined) return []
    const rows = await queries.all(FIND_OWNERS, { now: at })
    return rows.map((row) => createRowReader('binding_jobs', row).getText('lease_owner')).filter(isOwnerGone)
  }

  return {
    claimJobs(owner, { leaseMs, limit }) {
      return transactions.write(async (tx) => {
        const at = await tx.readClock()
        for (const gone of await findGoneOwners(tx, at)) {
          if (gone !== owner) await tx.run(END_LEASES, { owner: gone, now: at })
        }
        const due = await tx.all(FIND_DUE, { now: at, limit: Math.max(0, Math.floor(limit)) })
        if (due.length === 0) return []
        const jobs = due.map(parseJobRow)
        const flowIds = jobs.map(({ flowId }) => flowId)
        await tx.run(LEASE, { flowIds, owner, leaseUntil: at + Math.floor(leaseMs) })
        const rows = await tx.all(FIND_FLOWS, { flowIds })
        const flows = new Map(rows.map((row) => parseFlowRow(row).flow).map((flow) => [flow.flowId, flow]))
        return jobs.map(({ flowId, attempts, outcomeUnknown, leaseOwner, requestId }): BindingJob => {
          const flow = flows.get(flowId)
          if (flow === undefined) throw new Error('storage: a job has no flow')
          return { flow, attempts, outcomeUnknown: outcomeUnknown || leaseOwner !== null, requestId }
        })
      })
    },

    retryJob(owner, flowId, { delayMs, outcomeUnknown, wasTried = true }) {
      return transactions.write(async (tx) => {
        const dueAt = (await tx.readClock()) + Math.max(0, Math.floor(delayMs))
        const unknown = outcomeUnknown ? 1 : 0
        const uncounted = wasTried ? 0 : 1
        return (await tx.run(RETRY, { owner, flowId, dueAt, outcomeUnknown: unknown, uncounted })) === 1
      })
    },

    recordProof(owner, flowId, { login }) {
      return transactions.write(async (tx) => (await tx.run(PROVE, { owner, flowId, login })) === 1)
    },

    authorizeAgain(owner, flowId) {
      return transactions.write(async (tx) => {
        const held = await tx.get(FIND_HELD, { owner, flowId })
        if (held === undefined || (await tx.run(DELETE, { owner, flowId })) === 0) return false
        const { tenantId } = parseFlowRow(held).flow
        await tx.run(AUTHORIZE_AGAIN, { flowId, tenantId, now: await tx.readClock() })
        tx.changed(flowId)
        return true
      })
    },

    completeJob(owner, flowId, outcome) {
      return transactions.write(async (tx) => {
        const seen = await tx.get(FIND_HELD, { owner, flowId })
        if (seen === undefined) return false
        const { flow } = parseFlowRow(seen)
        const { tenantId, organization, installation } = flow
        if (installation === null) throw new Error('storage: a binding flow has no installation')
        const at = await tx.lock({ tenantId, organization, installations: [installation.index] })
        if ((await tx.run(DELETE, { owner, flowId })) === 0) return false
        const { status, error, account } = await settle(tx, flow, outcome, at)
        await tx.run(END_FLOW, {
          flowId,
          tenantId,
          status,
          error,
          login: account?.login ?? null,
          type: account?.type ?? null,
          now: at,
        })
        tx.changed(flowId)
        return true
      })
    },

    async releaseJobs(owner) {
      await transactions.write(async (tx) => tx.run(RELEASE, { owner, now: await tx.readClock() }))
    },

    findNextDueInMs() {
      return transactions.read(async (queries) => {
        const row = await queries.get(FIND_NEXT_AVAILABLE, { now: nowOf(now) })
        const availableAt = createRowReader('binding_jobs', row).findInteger('available_at')
        if (availableAt === null) return undefined
        const at = readNow(row)
        if (availableAt > at && (await findGoneOwners(queries, at)).length > 0) return 0
        return Math.max(0, availableAt - at)
      })
    },
  }
}

type EndedFlow = Pick<Flow, 'status' | 'error' | 'account'>

/** Writes claim and connection when Layers recorded the binding; how the flow ends. */
async function settle(
  tx: PostgresTransaction,
  flow: Flow,
  outcome: BindingOutcome,
  at: number,
): Promise<EndedFlow> {
  const { installation, tenantId, organization } = flow
  if (outcome.status !== 'connected' && outcome.status !== 'unusable') {
    const { accountIndex } = outcome
    if (accountIndex === undefined) return outcome
    const inTheWay = { tenantId, organization, installationIndex: accountIndex }
    return (await isInstallationTaken(tx, inTheWay)) ? { ...outcome, account: null } : outcome
  }
  if (installation === null) throw new Error('storage: a binding flow has no installation')
  const claim = { tenantId, organization, installationIndex: installation.index }
  const obstacle = await findObstacle(tx, claim)
  if (obstacle !== undefined) return { ...obstacle, account: null }
  await writeClaim(tx, claim)
  const { account, registeredAt } = outcome
  const reason = outcome.status === 'unusable' ? outcome.reason : null
  // GitHub may have told before that the installation is gone or suspended: then the flow says what the connection says.
  const stillInTheWay = await writeConnection(tx, flow, installation, { account, registeredAt, reason, at })
  return stillInTheWay === null
    ? { status: 'connected', error: null, account }
    : { status: 'refused', error: 'installation_unusable', account }
}

// Across tenants: a process that is gone served all of them.
const FIND_OWNERS = `
  SELECT DISTINCT lease_owner FROM binding_jobs
  WHERE lease_owner IS NOT NULL AND available_at > @now`

// Across tenants: a process that is gone served all of them. The owner stays named: whoever claims the job then knows that it was never
// given back.
const END_LEASES = 'UPDATE binding_jobs SET available_at = @now WHERE lease_owner = @owner'

// Across tenants: the dispatcher serves all of them, those due longest first. Jobs that another process is taking are its own.
const FIND_DUE = `
  SELECT * FROM binding_jobs WHERE available_at <= @now
  ORDER BY available_at, sequence LIMIT @limit FOR UPDATE SKIP LOCKED`

// Across tenants: these jobs were found due, whosever they are.
const LEASE = `
  UPDATE binding_jobs
  SET outcome_unknown = CASE WHEN lease_owner IS NULL THEN outcome_unknown ELSE 1 END,
    lease_owner = @owner, available_at = @leaseUntil, attempts = attempts + 1
  WHERE flow_id = ANY (@flowIds::text[])`

// Across tenants: these jobs were found due, whosever they are; each flow is of its job's tenant.
const FIND_FLOWS = `
  SELECT flows.* FROM flows JOIN binding_jobs USING (flow_id, tenant_id) WHERE flow_id = ANY (@flowIds::text[])`

// Across tenants: the lease says whose job it is, and the one who holds it has read the tenant from it.
const RETRY = `
  UPDATE binding_jobs
  SET lease_owner = NULL, available_at = @dueAt, outcome_unknown = @outcomeUnknown,
    attempts = attempts - @uncounted
  WHERE flow_id = @flowId AND lease_owner = @owner`

// Across tenants: the lease says whose job it is, and the flow changed is of the job's tenant. The job is locked, so that nobody takes
// it at this moment.
const PROVE = `
  UPDATE flows
  SET proved = 1, proved_login = @login, authorization_sealed = NULL
  FROM (SELECT flow_id, tenant_id FROM binding_jobs WHERE flow_id = @flowId AND lease_owner = @owner FOR UPDATE) AS held
  WHERE flows.flow_id = held.flow_id AND flows.tenant_id = held.tenant_id`

const AUTHORIZE_AGAIN = `
  UPDATE flows
  SET status = 'authorizing', authorization_sealed = NULL, version = version + 1, updated_at = @now
  WHERE flow_id = @flowId AND tenant_id = @tenantId`

// Across tenants: a process that stops gives back what it holds, whosever it is.
const RELEASE = `
  UPDATE binding_jobs
  SET lease_owner = NULL, available_at = @now, outcome_unknown = 1
  WHERE lease_owner = @owner`

// Across tenants: the lease says whose job it is; the flow is of the job's tenant.
const FIND_HELD = `
  SELECT flows.* FROM flows JOIN binding_jobs USING (flow_id, tenant_id)
  WHERE flow_id = @flowId AND lease_owner = @owner`

// Across tenants: the lease says whose job it is.
const DELETE = 'DELETE FROM binding_jobs WHERE flow_id = @flowId AND lease_owner = @owner'

// Across tenants: the dispatcher serves all of them, and sleeps until the first is due.
const FIND_NEXT_AVAILABLE = `SELECT min(available_at) AS available_at, ${NOW} AS now FROM binding_jobs`

const END_FLOW = `
  UPDATE flows
  SET status = @status, error = @error, account_login = @login, account_type = @type,
    state_sealed = NULL, install_url_sealed = NULL, installation_sealed = NULL, authorization_sealed = NULL,
    version = version + 1, updated_at = @now
  WHERE flow_id = @flowId AND tenant_id = @tenantId`
