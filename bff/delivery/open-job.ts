// Decrypts what a binding job needs.
import { describeFlow } from '../flows/describe-flow.ts'
import type { Runtime } from '../runtime.ts'
import { UnsealError } from '../seal.ts'
import type { BindingJob } from '../storage/storage.ts'

export interface OpenedJob {
  readonly installationId: number
  readonly state: string
}

/** Undefined, and an operator's log line, when the data keys at hand cannot read it. */
export async function openJob(
  deps: Pick<Runtime, 'sealer' | 'secrets' | 'log'>,
  { flow }: BindingJob,
): Promise<OpenedJob | undefined> {
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
        'an accepted return cannot be decrypted: was the key it was sealed with taken out of DATA_KEYS?',
      error,
    })
    return undefined
  }
}
