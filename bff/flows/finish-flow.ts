// Confirms, from our own origin, that the person who started a flow is still there, and lets it go on.
import type { IncomingMessage } from 'node:http'
import { ConnectError } from '../errors.ts'
import type { Identity } from '../identify.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { describeFlow } from './describe-flow.ts'
import { tooManyFailures } from './failed-bindings.ts'
import { hasFlowCookie } from './flow-cookie.ts'
import { nextStatusOf } from './next-status.ts'
import { findPersonProblem } from './person-problem.ts'

/**
 * `returned` → `authorizing` or `binding`. A flow in any other status is given back as it is, so that popup and widget may both call.
 *
 * @throws ConnectError `not_found` for a flow of another tenant or user: they learn nothing about it.
 */
export async function finishFlow(
  runtime: Runtime,
  identity: Identity,
  flowId: string,
  { request, requestId }: { readonly request: IncomingMessage; readonly requestId: string },
): Promise<Flow> {
  const flow = await getOwnFlow(runtime, identity, flowId)
  if (flow.status !== 'returned') return flow
  // Confirmed is what came back to the browser that started, and not what somebody did in a browser this person has left.
  if (!hasFlowCookie(flow, runtime.secrets, request)) return flow
  const problem = findPersonProblem(flow, identity)
  if (problem !== undefined) {
    runtime.log.security('finish_refused', { ...describeFlow(runtime, flow, requestId), code: problem })
    const end = { from: ['returned'], status: 'refused', error: problem } as const
    return (await runtime.storage.endFlow(flow.tenantId, flowId, end)) ?? flow
  }
  const confirmed = await runtime.storage.confirmReturn(flow.tenantId, flowId, {
    next: nextStatusOf(runtime.ownership, flow.authorizationSealed !== null),
    failureLimit: runtime.limits.failedBindings,
    requestId,
  })
  if (confirmed === undefined) return getOwnFlow(runtime, identity, flowId)
  if (confirmed.outcome === 'limited') throw tooManyFailures(runtime, flow, requestId)
  runtime.log.info('return_confirmed', {
    ...describeFlow(runtime, flow, requestId),
    flowStatus: confirmed.flow.status,
  })
  runtime.dispatcher.wake()
  return confirmed.flow
}

/** The flow, when it is this person's own; `not_found` otherwise, whether it exists or not. */
export async function getOwnFlow(runtime: Runtime, identity: Identity, flowId: string): Promise<Flow> {
  const flow = await runtime.storage.findFlow(identity.tenantId, flowId)
  if (flow === undefined || flow.userId !== identity.userId) throw new ConnectError('not_found')
  return flow
}
