// Works off the queue of accepted returns: claims what is due, tries it, and records the outcome or the next try.
import { describeJob } from '../flows/describe-flow.ts'
import type { Log } from '../log.ts'
import type { Runtime } from '../runtime.ts'
import { PROOF_TIMEOUT_MS } from '../ownership/ownership.ts'
import { StorageError, type BindingJob, type OwnershipProof, type Storage } from '../storage/storage.ts'
import { bindInstallation, type BindingStep } from './bind-installation.ts'
import { getRetryDelayMs, type RetryPolicy } from './retry-policy.ts'

/** After the proof of ownership a job is at most three calls: what is bound, the post, and once more what is bound. */
const CALLS_PER_JOB = 3
const LEASE_MARGIN_MS = 5_000
const MAX_RUNNING = 8
/** The queue is looked at this often even when nothing woke it, e.g. for jobs another process left behind. */
const MAX_IDLE_MS = 5_000

export interface Dispatcher {
  /** Looks at the queue now. Call it after a job was queued. */
  wake(): void
  /** Claims nothing more, lets running jobs end, and gives back what is left. */
  stop(): Promise<void>
}

export type DispatcherDeps = Pick<Runtime, 'layers' | 'sealer' | 'secrets' | 'ownership' | 'config'> & {
  readonly storage: Storage
  readonly log: Log
  readonly retryPolicy: RetryPolicy
  /** How long one call to Layers may take. */
  readonly callTimeoutMs: number
  /** The name under which jobs are claimed; see `createJobOwner`. */
  readonly owner: string
  /** Called when the store can no longer be trusted: the process has to stop. */
  readonly onFatal: (error: unknown) => void
}

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { storage, log, owner } = deps
  // Longer than a whole job, so that a job whose lease runs out is nobody's any more.
  const proofMs = deps.ownership === null ? 0 : PROOF_TIMEOUT_MS
  const leaseMs = proofMs + CALLS_PER_JOB * deps.callTimeoutMs + LEASE_MARGIN_MS
  const running = new Map<string, Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> | undefined
  let isWoken = false
  let isStopped = false

  function wake(): void {
    isWoken = true
    if (round !== undefined || isStopped) return
    round = lookAtQueue().finally(() => {
      round = undefined
      if (isWoken) wake()
    })
  }

  async function lookAtQueue(): Promise<void> {
    isWoken = false
    clearTimeout(timer)
    try {
      const limit = MAX_RUNNING - running.size
      const jobs = limit > 0 ? await storage.claimJobs(owner, { leaseMs, limit }) : []
      // A process that was frozen past its lease gets its own job again; one try at a time is enough.
      for (const job of jobs) if (!running.has(job.flow.flowId)) start(job)
      schedule(running.size >= MAX_RUNNING ? MAX_IDLE_MS : await storage.findNextDueInMs())
    } catch (error) {
      report(error)
      schedule(MAX_IDLE_MS)
    }
  }

  /** The job keeps its lease and is tried again when that runs out. */
  function report(error: unknown): void {
    if (error instanceof StorageError && error.kind === 'fatal') deps.onFatal(error)
    else log.error('dispatch_failed', { error, detail: 'a job could not be worked on; it is tried again' })
  }

  function schedule(dueInMs = MAX_IDLE_MS): void {
    if (isStopped) return
    clearTimeout(timer)
    timer = setTimeout(wake, Math.min(Math.max(dueInMs, 0), MAX_IDLE_MS))
    timer.unref()
  }

  function start(job: BindingJob): void {
    const work = run(job)
      .catch(report)
      .finally(() => {
        running.delete(job.flow.flowId)
        wake()
      })
    running.set(job.flow.flowId, work)
  }

  async function run(job: BindingJob): Promise<void> {
    const isOverdue = job.flow.expiresAt <= (await storage.now())
    const recordProof = (proof: OwnershipProof): Promise<boolean> =>
      storage.recordProof(owner, job.flow.flowId, proof)
    const result = await bindInstallation({ ...deps, recordProof }, job, isOverdue)
    const isRecorded = await record(job, result)
    if (!isRecorded) log.warn('binding_lease_lost', describeJob(deps, job))
  }

  async function record(job: BindingJob, result: BindingStep): Promise<boolean> {
    const { flowId, expiresAt } = job.flow
    if (result.step === 'lost') return false
    if (result.step === 'authorize_again') return storage.authorizeAgain(owner, flowId)
    const fields = { ...describeJob(deps, job), attempt: job.attempts + 1 }
    if (result.step === 'complete') {
      const { outcome } = result
      const isRecorded = await storage.completeJob(owner, flowId, outcome)
      const code = 'error' in outcome ? { code: outcome.error } : {}
      if (isRecorded) log.info('binding_settled', { ...fields, reason: outcome.status, ...code })
      return isRecorded
    }
    // The last try is when the flow's time is up; it only settles what may have happened.
    const untilExpiryMs = Math.max(0, expiresAt - (await storage.now()))
    const delayMs = Math.min(
      getRetryDelayMs(job.attempts + 1, result.retryAfterMs, deps.retryPolicy),
      untilExpiryMs,
    )
    log.info('binding_retry', { ...fields, delayMs })
    return storage.retryJob(owner, flowId, { delayMs, outcomeUnknown: result.outcomeUnknown })
  }

  return {
    wake,
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await round
      await Promise.all(running.values())
      await storage.releaseJobs(owner)
    },
  }
}
