// Decrypts what a binding job needs, and lets it wait for a data key that is not at hand.
import { describeJob } from '../flows/describe-flow.ts'
import type { Runtime } from '../runtime.ts'
import { unsealAuthorization, type Authorization } from '../ownership/authorization.ts'
import { UnsealError } from '../seal.ts'
import type { BindingJob } from '../storage/storage.ts'
import type { PostponeStep } from './bind-installation.ts'

/** How often it is looked whether the data key of a job has been put back. */
const UNREADABLE_WAIT_MS = 10_000

export interface OpenedJob {
  readonly installationId: number
  readonly state: string
  /** What the proof of ownership needs from GitHub; null when nothing came, or when it was used. */
  readonly authorization: Authorization | null
}

/** Undefined, and an operator's log line, when the data keys at hand cannot read it. */
export async function openJob(
  deps: Pick<Runtime, 'sealer' | 'secrets' | 'log'>,
  job: BindingJob,
): Promise<OpenedJob | undefined> {
  const { flow } = job
  const { tenantId, stateSealed, installation } = flow
  try {
    if (stateSealed === null || installation === null) throw new UnsealError('nothing sealed is left')
    return {
      state: await deps.sealer.unseal('state', tenantId, stateSealed),
      installationId: Number(await deps.sealer.unseal('installation', tenantId, installation.sealed)),
      authorization: await unsealAuthorization(deps.sealer, flow),
    }
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error
    deps.log.error('binding_unreadable', {
      ...describeJob(deps, job),
      detail:
        'an accepted return cannot be decrypted: was the key it was sealed with taken out of DATA_KEYS?',
      error,
    })
    return undefined
  }
}

/** What was sealed is gone, and no key brings it back. */
export function isErased({ flow }: BindingJob): boolean {
  return flow.stateSealed === null || flow.installation === null
}

/** To end it would erase it: the key can be put back until the flow's time is up, and another process may have it. */
export function waitForDataKey({ outcomeUnknown }: BindingJob): PostponeStep {
  return {
    step: 'postpone',
    reason: 'unreadable',
    outcomeUnknown,
    waitMs: UNREADABLE_WAIT_MS,
    spreadMs: UNREADABLE_WAIT_MS,
  }
}
