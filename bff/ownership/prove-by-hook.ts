// Proof by a function of the partner's own. Only `true`, in time, lets anything through.
import type { Log } from '../log.ts'
import type { OwnershipClaim, OwnershipVerdict } from './ownership.ts'
import { accept, refuse } from './verdicts.ts'

/**
 * Says whether the installation is this customer's, in whatever way the partner can tell. Called after GitHub's redirect, before
 * anything is recorded with Layers. `false` refuses. Another value, an error, or no answer in time (20 s, 10 s together with
 * `own-app` or `partner-app`) lets nothing through either; the customer is told to try again, and the log has the event
 * `ownership_hook_failed`.
 */
export type ProveOwnership = (claim: {
  /** GitHub's number of the installation. It came through the browser and proves nothing. */
  readonly installationId: number
  readonly tenantId: string
  readonly userId: string
  /** What `identify` said; null when it said nothing. */
  readonly expectedAccount: string | null
  /** Aborts when the time is up. */
  readonly signal: AbortSignal
}) => boolean | Promise<boolean>

const CURE =
  'mend proveOwnership: it has to answer true or false within its time. If it was cut off because this server stopped, nothing is wrong'

/** Never rejects. */
export async function proveByHook(
  hook: ProveOwnership,
  log: Pick<Log, 'error'>,
  claim: OwnershipClaim,
  signal: AbortSignal,
): Promise<OwnershipVerdict> {
  const { installationId, tenantId, userId, expectedAccount } = claim
  const timeIsUp = new Promise<'late'>((resolve) => {
    if (signal.aborted) resolve('late')
    else signal.addEventListener('abort', () => resolve('late'), { once: true })
  })
  try {
    const asked = (async (): Promise<unknown> =>
      hook({ installationId, tenantId, userId, expectedAccount, signal }))()
    const answer = await Promise.race([timeIsUp, asked.then((value) => ({ value }))])
    if (answer === 'late') return fail(log, 'proveOwnership did not answer in time')
    if (answer.value === true) return accept(expectedAccount)
    if (answer.value === false) return refuse('proveOwnership said no')
    return fail(log, 'proveOwnership answered something other than true or false')
  } catch (error) {
    return fail(log, 'proveOwnership threw an error', error)
  }
}

/** A function that is broken says nothing about the customer, so it does not count against them. */
function fail(log: Pick<Log, 'error'>, reason: string, error?: unknown): OwnershipVerdict {
  log.error('ownership_hook_failed', { reason, detail: CURE, ...(error === undefined ? {} : { error }) })
  return { verdict: 'failed', code: 'ownership_unavailable', reason, cure: CURE }
}
