// Binding jobs in SQLite: leases on them, and how they end.
import type Database from 'better-sqlite3'
import type { SqliteClaims } from './sqlite-claims.ts'
import type { WriteConnection } from './sqlite-connections.ts'
import { parseFlowRow, parseJobRow, parseText } from './rows.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
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

export interface SqliteJobsOptions {
  readonly db: Database.Database
  readonly transactions: SqliteTransactions
  readonly claims: SqliteClaims
  readonly writeConnection: WriteConnection
  readonly now: () => number
  readonly isOwnerGone: (owner: string) => boolean
}

export function createSqliteJobs(options: SqliteJobsOptions): JobMethods {
  const { db, transactions, claims, writeConnection, now, isOwnerGone } = options
  const statements = prepareStatements(db)

  function findGoneOwners(at: number): string[] {
    return statements.findOwners.all({ now: at }).map(parseText).filter(isOwnerGone)
  }

  /** Writes claim and connection when Layers recorded the binding; how the flow ends. */
  function settle(flow: Flow, outcome: BindingOutcome): EndedFlow {
    const { installation, tenantId, organization } = flow
    if (outcome.status !== 'connected' && outcome.status !== 'unusable') {
      const { accountIndex } = outcome
      const isForeign = accountIndex !== undefined && claims.isInstallationTaken(tenantId, accountIndex)
      return isForeign ? { ...outcome, account: null } : outcome
    }
    if (installation === null) throw new Error('storage: a binding flow has no installation')
    const obstacle = claims.findObstacle(tenantId, organization, installation.index)
    if (obstacle !== undefined) return { ...obstacle, account: null }
    claims.writeClaim(tenantId, organization, installation.index)
    const { account, registeredAt } = outcome
    const reason = outcome.status === 'unusable' ? outcome.reason : null
    // GitHub may have told before that the installation is gone or suspended: then the flow says what the connection says.
    const stillInTheWay = writeConnection(flow, installation, { account, registeredAt, reason })
    return stillInTheWay === null
      ? { status: 'connected', error: null, account }
      : { status: 'refused', error: 'installation_unusable', account }
  }

  return {
    async claimJobs(owner, { leaseMs, limit }) {
      return transactions.write(() => {
        const claimedAt = now()
        for (const gone of findGoneOwners(claimedAt)) {
          if (gone !== owner) statements.endLeases.run({ owner: gone, now: claimedAt })
        }
        const due = statements.findDue.all({ now: claimedAt, limit: Math.max(0, Math.floor(limit)) })
        return due.map((row): BindingJob => {
          const job = parseJobRow(row)
          const outcomeUnknown = job.outcomeUnknown || job.leaseOwner !== null
          statements.lease.run({
            flowId: job.flowId,
            tenantId: job.tenantId,
            owner,
            leaseUntil: claimedAt + Math.floor(leaseMs),
            outcomeUnknown: outcomeUnknown ? 1 : 0,
          })
          const flowRow = statements.findFlow.get({ flowId: job.flowId, tenantId: job.tenantId })
          const { flow } = parseFlowRow(flowRow)
          return { flow, attempts: job.attempts, outcomeUnknown, requestId: job.requestId }
        })
      })
    },

    async retryJob(owner, flowId, { delayMs, outcomeUnknown, wasTried = true }) {
      return transactions.write(() => {
        const dueAt = now() + Math.max(0, Math.floor(delayMs))
        const unknown = outcomeUnknown ? 1 : 0
        const uncounted = wasTried ? 0 : 1
        return (
          statements.retry.run({ owner, flowId, dueAt, outcomeUnknown: unknown, uncounted }).changes === 1
        )
      })
    },

    async recordProof(owner, flowId, { login }) {
      return transactions.write(() => statements.prove.run({ owner, flowId, login }).changes === 1)
    },

    async authorizeAgain(owner, flowId) {
      return transactions.write((changed) => {
        const row = statements.delete.get({ owner, flowId })
        if (row === undefined) return false
        const { tenantId } = parseJobRow(row)
        statements.authorizeAgain.run({ flowId, tenantId, now: now() })
        changed(flowId)
        return true
      })
    },

    async completeJob(owner, flowId, outcome) {
      return transactions.write((changed) => {
        const row = statements.delete.get({ owner, flowId })
        if (row === undefined) return false
        const { tenantId } = parseJobRow(row)
        const { flow } = parseFlowRow(statements.findFlow.get({ flowId, tenantId }))
        const { status, error, account } = settle(flow, outcome)
        statements.endFlow.run({
          flowId,
          tenantId,
          status,
          error,
          login: account?.login ?? null,
          type: account?.type ?? null,
          now: now(),
        })
        changed(flowId)
        return true
      })
    },

    async releaseJobs(owner) {
      transactions.write(() => statements.release.run({ owner, now: now() }))
    },

    async findNextDueInMs() {
      return transactions.read(() => {
        const availableAt = statements.findNextAvailable.get()
        if (typeof availableAt !== 'number') return undefined
        const at = now()
        if (availableAt > at && findGoneOwners(at).length > 0) return 0
        return Math.max(0, availableAt - at)
      })
    },
  }
}

type EndedFlow = Pick<Flow, 'status' | 'error' | 'account'>

function prepareStatements(db: Database.Database) {
  return {
    // Across tenants: a process that is gone served all of them.
    findOwners: db
      .prepare(
        `SELECT DISTINCT lease_owner FROM binding_jobs
        WHERE lease_owner IS NOT NULL AND available_at > @now`,
      )
      .pluck(),
    // Across tenants: a process that is gone served all of them. The owner stays named: whoever claims the job then
    // knows that it was never given back.
    endLeases: db.prepare('UPDATE binding_jobs SET available_at = @now WHERE lease_owner = @owner'),
    // Across tenants: the dispatcher serves all of them, those due longest first.
    findDue: db.prepare(
      'SELECT * FROM binding_jobs WHERE available_at <= @now ORDER BY available_at, sequence LIMIT @limit',
    ),
    lease: db.prepare(`
      UPDATE binding_jobs
      SET lease_owner = @owner, available_at = @leaseUntil, attempts = attempts + 1,
        outcome_unknown = @outcomeUnknown
      WHERE flow_id = @flowId AND tenant_id = @tenantId`),
    // Across tenants: the lease says whose job it is, and the one who holds it has read the tenant from it.
    retry: db.prepare(`
      UPDATE binding_jobs
      SET lease_owner = NULL, available_at = @dueAt, outcome_unknown = @outcomeUnknown,
        attempts = attempts - @uncounted
      WHERE flow_id = @flowId AND lease_owner = @owner`),
    // Across tenants: the lease says whose job it is, and the flow changed is of the job's tenant.
    prove: db.prepare(`
      UPDATE flows
      SET proved = 1, proved_login = @login, authorization_sealed = NULL
      WHERE (flow_id, tenant_id) =
        (SELECT flow_id, tenant_id FROM binding_jobs WHERE flow_id = @flowId AND lease_owner = @owner)`),
    // Across tenants: a process that stops gives back what it holds, whosever it is.
    release: db.prepare(`
      UPDATE binding_jobs
      SET lease_owner = NULL, available_at = @now, outcome_unknown = 1
      WHERE lease_owner = @owner`),
    // Across tenants: the lease says whose job it is; the tenant for what follows is read from the deleted row.
    delete: db.prepare(
      'DELETE FROM binding_jobs WHERE flow_id = @flowId AND lease_owner = @owner RETURNING *',
    ),
    // Across tenants: the dispatcher serves all of them, and sleeps until the first is due.
    findNextAvailable: db.prepare('SELECT min(available_at) FROM binding_jobs').pluck(),
    findFlow: db.prepare('SELECT * FROM flows WHERE flow_id = @flowId AND tenant_id = @tenantId'),
    authorizeAgain: db.prepare(`
      UPDATE flows
      SET status = 'authorizing', authorization_sealed = NULL, version = version + 1, updated_at = @now
      WHERE flow_id = @flowId AND tenant_id = @tenantId`),
    endFlow: db.prepare(`
      UPDATE flows
      SET status = @status, error = @error, account_login = @login, account_type = @type,
        state_sealed = NULL, install_url_sealed = NULL, installation_sealed = NULL, authorization_sealed = NULL,
        version = version + 1, updated_at = @now
      WHERE flow_id = @flowId AND tenant_id = @tenantId`),
  }
}
