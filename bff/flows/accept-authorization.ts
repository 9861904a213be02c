// What happens when GitHub's authorize page sends the browser back: the code is kept for the proof of ownership, once.
import type { ErrorCode, FlowStatus } from '../contract.ts'
import { ConnectError } from '../errors.ts'
import { sealAuthorization } from '../ownership/authorization.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { readAgain } from './current-flow.ts'
import { describeFlow } from './describe-flow.ts'
import { tooManyFailures } from './failed-bindings.ts'
import type { ReturnParameters } from './parse-return.ts'

/** RFC 6749 §4.1.2.1. Every other error is between GitHub and the App's registration. */
const ENDS: ReadonlyMap<string, Pick<FlowEnd, 'status' | 'error'>> = new Map([
  ['access_denied', { status: 'refused', error: 'ownership_declined' }],
  ['server_error', { status: 'refused', error: 'ownership_unavailable' }],
  ['temporarily_unavailable', { status: 'refused', error: 'ownership_unavailable' }],
])
const MISCONFIGURED = { status: 'blocked', error: 'ownership_misconfigured' } as const

interface FlowEnd {
  readonly from: readonly FlowStatus[]
  readonly status: FlowStatus
  readonly error: ErrorCode
}

/** The flow, `binding`, or `returned` when nobody has confirmed yet that it is still the same person; or as it ended. */
export async function acceptAuthorization(
  runtime: Runtime,
  flow: Flow,
  { code, error }: ReturnParameters,
  isConfirmed: boolean,
  requestId: string,
): Promise<Flow> {
  if (flow.status !== 'authorizing') return flow
  if (error !== undefined) return endUnauthorized(runtime, flow, error, ['authorizing'], requestId)
  if (code === undefined) throw new ConnectError('return_malformed')
  const accepted = await runtime.storage.acceptAuthorization(flow.tenantId, flow.flowId, {
    next: isConfirmed ? 'binding' : 'returned',
    authorizationSealed: await sealAuthorization(runtime.sealer, flow, { code, from: 'authorize' }),
    failureLimit: runtime.limits.failedBindings,
    requestId,
  })
  if (accepted === undefined) return readAgain(runtime, flow)
  if (accepted.outcome === 'limited') throw tooManyFailures(runtime, flow, requestId)
  const fields = { ...describeFlow(runtime, flow, requestId), flowStatus: accepted.flow.status }
  if (accepted.outcome === 'taken')
    runtime.log.security('installation_taken', { ...fields, code: accepted.flow.error ?? 'already_bound' })
  else runtime.log.info('authorization_accepted', fields)
  runtime.dispatcher.wake()
  return accepted.flow
}

/** Ends the flow because GitHub sent the browser back without a code. */
export async function endUnauthorized(
  runtime: Runtime,
  flow: Flow,
  error: string,
  from: readonly FlowStatus[],
  requestId: string,
): Promise<Flow> {
  const end = ENDS.get(error) ?? MISCONFIGURED
  const fields = { ...describeFlow(runtime, flow, requestId), reason: error }
  if (end.error === 'ownership_declined') runtime.log.info('authorization_declined', fields)
  else {
    runtime.log.error('authorization_failed', {
      ...fields,
      code: end.error,
      detail:
        end === MISCONFIGURED
          ? 'GitHub refused the authorize page: check GITHUB_CLIENT_ID, and that the App lists PUBLIC_URL + /return as a callback URL'
          : 'GitHub was not able to; it passes by itself',
    })
  }
  const ended = await runtime.storage.endFlow(flow.tenantId, flow.flowId, { from, ...end })
  return ended ?? readAgain(runtime, flow)
}
