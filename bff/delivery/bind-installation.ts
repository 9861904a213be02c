// Records one accepted installation with Layers: one try, and what follows from it.
import type { Config } from '../config.ts'
import { reconnectReasonOf } from '../connections/reconnect-reason.ts'
import type { ErrorCode, GitHubAccount } from '../contract.ts'
import { describeJob } from '../flows/describe-flow.ts'
import type { Runtime } from '../runtime.ts'
import type { BindingJob, BindingOutcome, OwnershipProof } from '../storage/storage.ts'
import type { LayersClient } from '../upstream/layers-client.ts'
import type { BindingAnswer } from '../upstream/parse-answers.ts'
import { judgeUpstreamError, type UpstreamCall } from '../upstream/upstream-codes.ts'
import { UpstreamError } from '../upstream/upstream-error.ts'
import { isErased, openJob, waitForDataKey, type OpenedJob } from './open-job.ts'
import { proveOwnership } from './prove-ownership.ts'

/** Spread over this long, what waited through a long outage doubles what is usual at most, and is through in two minutes. */
const MAX_SPREAD_MS = 60_000
const LEFT_ALONE_MS = 1_000

/** From this try on, it is no hiccup any more when not even the answer to the question what is bound can be read. */
const HOPELESS_FROM_TRY = 3

export type BindingStep =
  | { readonly step: 'complete'; readonly outcome: BindingOutcome }
  /** GitHub's code was used up by a try that was cut off; the customer can get another one. */
  | { readonly step: 'authorize_again' }
  /** Another process has the job by now; nothing more may be done for it here. */
  | { readonly step: 'lost' }
  | { readonly step: 'retry'; readonly outcomeUnknown: boolean; readonly retryAfterMs: number | undefined }
  | PostponeStep

/** Nothing was sent this time, so it does not count as a try. */
export interface PostponeStep {
  readonly step: 'postpone'
  readonly reason: 'circuit_open' | 'retry_budget' | 'stopped' | 'unreadable'
  readonly outcomeUnknown: boolean
  /** At least this long, */
  readonly waitMs: number
  /** and up to this much longer, so that what waits does not come at once. */
  readonly spreadMs: number
}

/** A refusal to say what is bound is not one of the installation. */
type BindingCall = Exclude<UpstreamCall, 'install_url'>

export type BindingDeps = Pick<Runtime, 'sealer' | 'secrets' | 'log' | 'ownership'> & {
  readonly layers: Pick<LayersClient, 'registerInstallation' | 'findBinding'>
  readonly config: Pick<Config, 'returnUrl'>
  /** Keeps a proof before anything is posted. False when the lease is lost. */
  readonly recordProof: (proof: OwnershipProof) => Promise<boolean>
}

/** A job with what is needed to work on it. */
interface Attempt extends OpenedJob {
  readonly deps: BindingDeps
  readonly job: BindingJob
  /** The flow's time is up: what may have happened is settled, and only a job that was never tried is tried. */
  readonly isOverdue: boolean
  /** Null when no proof of ownership is asked for. */
  readonly proof: OwnershipProof | null
}

/** Never throws for anything Layers does; whatever else is thrown leaves the job to the next claim. */
export async function bindInstallation(
  deps: BindingDeps,
  job: BindingJob,
  isOverdue: boolean,
): Promise<BindingStep> {
  const opened = await openJob(deps, job)
  if (opened === undefined)
    return isOverdue || isErased(job) ? end('blocked', 'internal') : waitForDataKey(job)
  const attempt: Attempt = { ...opened, deps, job, isOverdue, proof: job.flow.proof }
  if (deps.ownership !== null && attempt.proof === null) {
    const proved = await proveOwnership(deps, deps.ownership, job, opened)
    if ('step' in proved) return proved
    return settle({ ...attempt, proof: proved })
  }
  return settle(attempt)
}

async function settle(attempt: Attempt): Promise<BindingStep> {
  return (await settleEarlierTry(attempt)) ?? register(attempt)
}

/** An earlier try may have got through: asking settles it, and costs no state. */
async function settleEarlierTry(attempt: Attempt): Promise<BindingStep | undefined> {
  const { job, isOverdue } = attempt
  if (!job.outcomeUnknown) return isOverdue && job.attempts > 0 ? timeIsUp() : undefined
  try {
    const bound = await findBinding(attempt)
    if (bound?.installationId === attempt.installationId) return recorded(attempt, bound)
    return isOverdue ? timeIsUp() : undefined
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    if (error.failure === 'circuit') return postpone(attempt, error)
    if (isOverdue && error.isTransient) return timeIsUp()
    if (!isHopeless(attempt, error)) return decide(attempt, error, 'find_binding')
    report(attempt, error, 'find_binding')
    return end('blocked', 'upstream_invalid')
  }
}

async function register(attempt: Attempt): Promise<BindingStep> {
  const { deps, job, installationId, state } = attempt
  try {
    const { organization, partnerKey } = job.flow
    const request = { organization, partnerKey, installationId, state }
    const binding = await deps.layers.registerInstallation(request)
    if (binding.installationId === installationId) return recorded(attempt, binding)
    throw new UpstreamError('shape', 'Layers confirmed another installation than the one that was sent')
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    return error.failure === 'shape' ? askAfterUnreadable(attempt, error) : decide(attempt, error, 'register')
  }
}

/** What an unreadable answer means is known only by asking; that Layers can be read at all is known then too. */
async function askAfterUnreadable(attempt: Attempt, error: UpstreamError): Promise<BindingStep> {
  report(attempt, error, 'register')
  try {
    const bound = await findBinding(attempt)
    return bound?.installationId === attempt.installationId ? recorded(attempt, bound) : retry(error)
  } catch (second) {
    if (!(second instanceof UpstreamError)) throw second
    return isHopeless(attempt, second) ? end('blocked', 'upstream_invalid') : retry(error)
  }
}

async function decide(attempt: Attempt, error: UpstreamError, call: BindingCall): Promise<BindingStep> {
  if (error.failure === 'circuit') return postpone(attempt, error)
  report(attempt, error, call)
  if (error.isTransient) return retry(error, attempt.job.outcomeUnknown)
  const { code } = judgeUpstreamError(error, call)
  if (code === 'already_bound') return settleConflict(attempt)
  return end(code === 'installation_not_found' ? 'refused' : 'blocked', code)
}

/**
 * With an organization of its own, what is bound there is the tenant's; in a shared one it is somebody else's business. That it is not
 * shared under another name, such as the partner's own organization given as one tenant's, only the store can tell.
 */
async function settleConflict(attempt: Attempt): Promise<BindingStep> {
  const { deps, job, installationId } = attempt
  try {
    const bound = await findBinding(attempt)
    if (bound?.installationId === installationId) return recorded(attempt, bound)
    if (bound === undefined || job.flow.organization === null) return end('conflict', 'already_bound')
    const { githubAccount: account } = bound
    const accountIndex = deps.secrets.indexOf(bound.installationId)
    // It may be what was refused before for not being the expected one, and is not named here either.
    if (!isExpectedAccount(attempt, account)) return end('conflict', 'already_bound')
    const outcome = { status: 'conflict', error: 'already_bound', account, accountIndex } as const
    return { step: 'complete', outcome }
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    deps.log.warn('conflicting_account_unknown', { ...describeJob(deps, job), error })
    return end('conflict', 'already_bound')
  }
}

/** @param asked why the question what is bound got no answer. */
function isHopeless({ job }: Attempt, asked: UpstreamError): boolean {
  return asked.failure === 'shape' && job.attempts + 1 >= HOPELESS_FROM_TRY
}

function findBinding({ deps, job }: Attempt): Promise<BindingAnswer | undefined> {
  const { organization, partnerKey } = job.flow
  return deps.layers.findBinding({ organization, partnerKey })
}

function report({ deps, job }: Attempt, error: UpstreamError, call: BindingCall): void {
  const { code, cure } = judgeUpstreamError(error, call)
  deps.log[error.isTransient ? 'warn' : 'error']('binding_failed', {
    ...describeJob(deps, job),
    upstreamRequestId: error.requestId,
    code: error.code ?? code,
    attempt: job.attempts + 1,
    detail: cure,
    error,
  })
}

function retry(error: UpstreamError, wasUnknown = false): BindingStep {
  return {
    step: 'retry',
    outcomeUnknown: error.isOutcomeUnknown || wasUnknown,
    retryAfterMs: error.retryAfterMs,
  }
}

/**
 * An outage lets what was accepted during it wait. Spread over as long as the outage was, it comes at the rate at which it would have
 * come without one.
 */
function postpone({ job }: Attempt, { retryAfterMs, downForMs }: UpstreamError): PostponeStep {
  return {
    step: 'postpone',
    reason: 'circuit_open',
    outcomeUnknown: job.outcomeUnknown,
    waitMs: retryAfterMs ?? LEFT_ALONE_MS,
    spreadMs: Math.min(downForMs ?? 0, MAX_SPREAD_MS),
  }
}

/** Recorded is not yet usable: it may be another account's, or the App may be suspended on GitHub at this very moment. */
function recorded(
  attempt: Attempt,
  { githubAccount: account, registeredAt, status }: BindingAnswer,
): BindingStep {
  if (!isExpectedAccount(attempt, account)) return refuseAccount(attempt)
  const reason = reconnectReasonOf(status)
  const outcome: BindingOutcome =
    reason === null
      ? { status: 'connected', account, registeredAt }
      : { status: 'unusable', account, registeredAt, reason }
  return { step: 'complete', outcome }
}

/**
 * Logins are compared as GitHub does, without regard to case. After a proof for the installation itself none is: GitHub's word on the
 * account was compared with the expected one then, and Layers may still call it by a former name.
 */
function isExpectedAccount({ job, proof }: Attempt, account: GitHubAccount): boolean {
  const expected = proof === null ? job.flow.expectedAccount : proof.login
  return expected === null || expected.toLowerCase() === account.login.toLowerCase()
}

/** The account's name stays out of it: the customer may have brought the id of somebody else's installation. */
function refuseAccount({ deps, job }: Attempt): BindingStep {
  deps.log.security('account_mismatch', {
    ...describeJob(deps, job),
    code: 'account_mismatch',
    detail:
      'Layers recorded the installation of another GitHub account than the expected or proved one; it is not shown as connected. Have the binding detached at Layers',
  })
  return end('refused', 'account_mismatch')
}

function timeIsUp(): BindingStep {
  return end('expired', 'upstream_unavailable')
}

function end(status: 'conflict' | 'refused' | 'blocked' | 'expired', error: ErrorCode): BindingStep {
  return { step: 'complete', outcome: { status, error, account: null } }
}
