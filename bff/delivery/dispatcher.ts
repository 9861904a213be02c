// Works off the queue of accepted returns: claims what is due, tries it, and records the outcome or the next try.
import { setTimeout as pause } from 'node:timers/promises'
import { describeJob } from '../flows/describe-flow.ts'
import type { Log } from '../log.ts'
import type { Runtime } from '../runtime.ts'
import { PROOF_TIMEOUT_MS } from '../ownership/ownership.ts'
import { StorageError, type BindingJob, type OwnershipProof, type Storage } from '../storage/storage.ts'
import type { CircuitBreaker } from '../upstream/circuit-breaker.ts'
import {
  bindInstallation,
  type BindingDeps,
  type BindingStep,
  type PostponeStep,
} from './bind-installation.ts'
import { getRetryDelayMs, type RetryPolicy } from './retry-policy.ts'

/** After the proof of ownership a job is at most three calls: what is bound, the post, and once more what is bound. */
const CALLS_PER_JOB = 3
const LEASE_MARGIN_MS = 5_000
const MAX_RUNNING = 8
/** What is over the retry budget comes back spread over this long. */
const BUDGET_SPREAD_MS = 10_000
/** The queue is looked at this often even when nothing woke it, e.g. for jobs another process left behind. */
const MAX_IDLE_MS = 5_000
/** Between two tries to record an outcome in a store that is full or busy. */
const RECORD_AGAIN_MS = 1_000

export interface Dispatcher {
  /** Looks at the queue now. Call it after a job was queued. */
  wake(): void
  /** Claims nothing more, lets running calls end, and gives back what is left: a stop takes one call, not a whole job. */
  stop(): Promise<void>
}

/** A call to Layers, or a proof, was not made because the process stops. Whoever claims the job next asks first what is bound. */
class StoppedError extends Error {
  override readonly name = 'StoppedError'
}

export type DispatcherDeps = Pick<
  Runtime,
  'layers' | 'sealer' | 'secrets' | 'ownership' | 'config' | 'retryBudget'
> & {
  readonly breaker: Pick<CircuitBreaker, 'isOpen' | 'isDoubtful'>
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
      // When the last call failed, one job at a time finds out: few calls meet an upstream that has just gone down.
      const limit = (deps.breaker.isDoubtful() ? 1 : MAX_RUNNING) - running.size
      const jobs = limit > 0 ? await storage.claimJobs(owner, { leaseMs, limit }) : []
      // A process that was frozen past its lease gets its own job again; one try at a time is enough.
      for (const job of jobs) if (!running.has(job.flow.flowId)) start(job)
      // A job that ends wakes it.
      schedule(limit <= jobs.length ? MAX_IDLE_MS : await storage.findNextDueInMs())
    } catch (error) {
      report(error)
      schedule(MAX_IDLE_MS)
    }
  }

  /** The job keeps its lease and is tried again when that runs out. */
  function report(error: unknown): void {
    if (error instanceof StoppedError) return
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
    const claimedAt = performance.now()
    const isOverdue = job.flow.expiresAt <= (await storage.now())
    const recordProof = (proof: OwnershipProof): Promise<boolean> =>
      storage.recordProof(owner, job.flow.flowId, proof)
    let wasSent = false
    const layers = checkedBefore(deps.layers, () => {
      if (isStopped) throw new StoppedError()
      wasSent = true
    })
    // Not begun any more either: it takes longer than a stop may, and GitHub's code is good for one.
    const ownership = provedUnless(() => isStopped, deps.ownership)
    const tryToBind = async (): Promise<BindingStep> => {
      try {
        return await bindInstallation({ ...deps, layers, ownership, recordProof }, job, isOverdue)
      } catch (error) {
        if (wasSent || !(error instanceof StoppedError)) throw error
        // Nothing is known to have been sent but by earlier tries, and this was none.
        const { outcomeUnknown } = job
        return { step: 'postpone', reason: 'stopped', outcomeUnknown, waitMs: 0, spreadMs: 0 }
      }
    }
    const result = takeBudget(job, isOverdue) ?? (await tryToBind())
    const isRecorded = await recordWhenPossible(job, result, claimedAt + leaseMs)
    if (!isRecorded) log.warn('binding_lease_lost', describeJob(deps, job))
  }

  /** The last try, when the flow's time is up, is owed to whoever waits for it. */
  function takeBudget(job: BindingJob, isOverdue: boolean): PostponeStep | undefined {
    // Nothing will be sent, so nothing is counted: else an outage would use up what is needed after it.
    if (deps.breaker.isOpen()) return undefined
    if (job.attempts === 0) deps.retryBudget.noteFirstTry()
    if (job.attempts === 0 || isOverdue) return undefined
    const waitMs = deps.retryBudget.takeRetry()
    if (waitMs === 0) return undefined
    const { outcomeUnknown } = job
    return { step: 'postpone', reason: 'retry_budget', outcomeUnknown, waitMs, spreadMs: BUDGET_SPREAD_MS }
  }

  async function postpone(
    job: BindingJob,
    { reason, outcomeUnknown, ...wait }: PostponeStep,
  ): Promise<boolean> {
    const { flowId, expiresAt } = job.flow
    const untilExpiryMs = expiresAt - (await storage.now())
    const wantedMs = wait.waitMs + Math.floor(deps.retryPolicy.random() * wait.spreadMs)
    // What is overdue already waits as well, because nothing was sent.
    const delayMs = untilExpiryMs > 0 ? Math.min(wantedMs, untilExpiryMs) : wantedMs
    log.info('binding_postponed', { ...describeJob(deps, job), reason, delayMs })
    return storage.retryJob(owner, flowId, { delayMs, outcomeUnknown, wasTried: false })
  }

  /** A disk that is full has room again some time. What was learnt meanwhile is not learnt anew, and the customer does not wait for the lease. */
  async function recordWhenPossible(job: BindingJob, result: BindingStep, until: number): Promise<boolean> {
    for (;;) {
      try {
        return await record(job, result)
      } catch (error) {
        const isPassing = error instanceof StorageError && error.kind !== 'fatal'
        if (!isPassing || isStopped || performance.now() + RECORD_AGAIN_MS >= until) throw error
        await pause(RECORD_AGAIN_MS)
      }
    }
  }

  async function record(job: BindingJob, result: BindingStep): Promise<boolean> {
    const { flowId, expiresAt } = job.flow
    if (result.step === 'lost') return false
    if (result.step === 'authorize_again') return storage.authorizeAgain(owner, flowId)
    if (result.step === 'postpone') return postpone(job, result)
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

type BindingCalls = BindingDeps['layers']

/** The calls of a job, each behind a check that throws when it must not be made. */
function checkedBefore(layers: BindingCalls, check: () => void): BindingCalls {
  return {
    async registerInstallation(binding) {
      check()
      return layers.registerInstallation(binding)
    },
    async findBinding(place) {
      check()
      return layers.findBinding(place)
    },
  }
}

function provedUnless(
  isStopped: () => boolean,
  ownership: BindingDeps['ownership'],
): BindingDeps['ownership'] {
  if (ownership === null) return null
  return {
    ...ownership,
    async prove(claim) {
      if (isStopped()) throw new StoppedError()
      return ownership.prove(claim)
    },
  }
}
