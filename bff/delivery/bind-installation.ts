// Records one accepted installation with Layers: one try, and what follows from it.
import type { ErrorCode } from '../contract.ts'
import { describeFlow } from '../flows/describe-flow.ts'
import type { Runtime } from '../runtime.ts'
import { UnsealError } from '../seal.ts'
import type { BindingJob, BindingOutcome } from '../storage/storage.ts'
import type { BindingAnswer } from '../upstream/parse-answers.ts'
import { judgeUpstreamError } from '../upstream/upstream-codes.ts'
import { UpstreamError } from '../upstream/upstream-error.ts'

/** After this many unreadable answers it is no hiccup. */
const MAX_SHAPE_FAILURES = 3

export type BindingStep =
  | { readonly step: 'complete'; readonly outcome: BindingOutcome }
  | { readonly step: 'retry'; readonly outcomeUnknown: boolean; readonly retryAfterMs: number | undefined }

type BindingDeps = Pick<Runtime, 'layers' | 'sealer' | 'secrets' | 'log'>

/**
 * Never throws for anything Layers does; whatever else is thrown leaves the job to the next claim.
 *
 * @param isOverdue true when the flow's time is up: what may have happened is settled, nothing new is tried.
 */
export async function bindInstallation(
  deps: BindingDeps,
  job: BindingJob,
  isOverdue: boolean,
): Promise<BindingStep> {
  const opened = await openJob(deps, job)
  if (opened === undefined) return end('blocked', 'internal')
  try {
    // An earlier try may have got through: asking settles it, and costs no state.
    const earlier = job.outcomeUnknown ? await findOurBinding(deps, job, opened.installationId) : undefined
    if (earlier !== undefined) return connected(earlier)
    if (isOverdue) return end('expired', 'upstream_unavailable')
    const binding = await deps.layers.registerInstallation({
      organization: job.flow.organization,
      installationId: opened.installationId,
      state: opened.state,
      idempotencyKey: job.idempotencyKey,
    })
    if (binding.installationId !== opened.installationId) {
      throw new UpstreamError('shape', 'Layers confirmed another installation than the one that was sent')
    }
    return connected(binding)
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    return isOverdue && error.isTransient ? end('expired', 'upstream_unavailable') : decide(deps, job, error)
  }
}

async function findOurBinding(
  deps: BindingDeps,
  { flow }: BindingJob,
  installationId: number,
): Promise<BindingAnswer | undefined> {
  const binding = await deps.layers.findBinding({ organization: flow.organization })
  return binding?.installationId === installationId ? binding : undefined
}

interface OpenedJob {
  readonly installationId: number
  readonly state: string
}

async function openJob(deps: BindingDeps, { flow }: BindingJob): Promise<OpenedJob | undefined> {
  const { tenantId, stateSealed, installation } = flow
  try {
    if (stateSealed === null || installation === null) throw new UnsealError('nothing sealed is left')
    return {
      state: await deps.sealer.unseal('state', tenantId, stateSealed),
      installationId: Number(await deps.sealer.unseal('installation', tenantId, installation.sealed)),
    }
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error
    deps.log.error('binding_unreadable', {
      ...describeFlow(deps, flow),
      detail:
        'an accepted return cannot be decrypted: were DATA_KEYS or the key file beside the database replaced?',
      error,
    })
    return undefined
  }
}

async function decide(deps: BindingDeps, job: BindingJob, error: UpstreamError): Promise<BindingStep> {
  const { code, cure } = judgeUpstreamError(error, 'register')
  deps.log[error.isTransient ? 'warn' : 'error']('binding_failed', {
    ...describeFlow(deps, job.flow),
    upstreamRequestId: error.requestId,
    code: error.code ?? code,
    attempt: job.attempts + 1,
    detail: cure,
    error,
  })
  if (error.failure === 'shape' && job.attempts + 1 >= MAX_SHAPE_FAILURES)
    return end('blocked', 'upstream_invalid')
  if (error.isTransient) {
    return {
      step: 'retry',
      outcomeUnknown: error.isOutcomeUnknown || job.outcomeUnknown,
      retryAfterMs: error.retryAfterMs,
    }
  }
  if (code === 'already_bound') return end('conflict', code, await findOwnAccount(deps, job))
  if (code === 'installation_not_found') return end('refused', code)
  return end('blocked', code)
}

/** With an organization of its own, what is bound there is the tenant's; in a shared one it is somebody else's business. */
async function findOwnAccount(
  deps: BindingDeps,
  { flow }: BindingJob,
): Promise<BindingAnswer['githubAccount'] | null> {
  if (flow.organization === null) return null
  try {
    const binding = await deps.layers.findBinding({ organization: flow.organization })
    return binding?.githubAccount ?? null
  } catch (error) {
    deps.log.warn('conflicting_account_unknown', { ...describeFlow(deps, flow), error })
    return null
  }
}

function connected(binding: BindingAnswer): BindingStep {
  const { githubAccount: account, registeredAt } = binding
  return { step: 'complete', outcome: { status: 'connected', account, registeredAt } }
}

function end(
  status: 'conflict' | 'refused' | 'blocked' | 'expired',
  error: ErrorCode,
  account: BindingAnswer['githubAccount'] | null = null,
): BindingStep {
  return { step: 'complete', outcome: { status, error, account } }
}
