// What happens when GitHub's authorize page sends the browser back: the code is kept for the proof of ownership, once.
import { ConnectError } from '../errors.ts'
import { sealAuthorization } from '../ownership/authorization.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { describeFlow } from './describe-flow.ts'
import { tooManyFailures } from './failed-bindings.ts'
import type { ReturnParameters } from './parse-return.ts'

/** RFC 6749 §4.1.2.1: the customer pressed Cancel. Every other error is between GitHub and the App's registration. */
const DECLINED = 'access_denied'

/** The flow, `binding`, or `returned` when nobody has confirmed yet that it is still the same person; or as it ended. */
export async function acceptAuthorization(
  runtime: Runtime,
  flow: Flow,
  { code, error }: ReturnParameters,
  isConfirmed: boolean,
  requestId: string,
): Promise<Flow> {
  if (flow.status !== 'authorizing') return flow
  if (error !== undefined) return endUnauthorized(runtime, flow, error, requestId)
  if (code === undefined) throw new ConnectError('return_malformed')
  const accepted = await runtime.storage.acceptAuthorization(flow.tenantId, flow.flowId, {
    next: isConfirmed ? 'binding' : 'returned',
    authorizationSealed: await sealAuthorization(runtime.sealer, flow, { code, from: 'authorize' }),
    failureLimit: runtime.limits.failedBindings,
  })
  if (accepted === undefined) return getCurrent(runtime, flow)
  if (accepted.outcome === 'limited') throw tooManyFailures(runtime, flow)
  const fields = { ...describeFlow(runtime, flow, requestId), flowStatus: accepted.flow.status }
  if (accepted.outcome === 'taken') runtime.log.security('installation_taken', fields)
  else runtime.log.info('authorization_accepted', fields)
  runtime.dispatcher.wake()
  return accepted.flow
}

async function endUnauthorized(
  runtime: Runtime,
  flow: Flow,
  error: string,
  requestId: string,
): Promise<Flow> {
  const fields = describeFlow(runtime, flow, requestId)
  const isDeclined = error === DECLINED
  if (isDeclined) runtime.log.info('authorization_declined', fields)
  else {
    runtime.log.error('authorization_failed', {
      ...fields,
      reason: error,
      detail:
        'GitHub refused the authorize page: check GITHUB_CLIENT_ID, and that the App lists PUBLIC_URL + /return as a callback URL',
    })
  }
  const end = isDeclined
    ? ({ status: 'refused', error: 'ownership_declined' } as const)
    : ({ status: 'blocked', error: 'ownership_misconfigured' } as const)
  const ended = await runtime.storage.endFlow(flow.tenantId, flow.flowId, { from: ['authorizing'], ...end })
  return ended ?? getCurrent(runtime, flow)
}

async function getCurrent(runtime: Runtime, flow: Flow): Promise<Flow> {
  return (await runtime.storage.findFlow(flow.tenantId, flow.flowId)) ?? flow
}
