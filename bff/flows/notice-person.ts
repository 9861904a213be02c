// What a connect token tells about the flows that were started in the same browser. GitHub's redirect cannot carry a token, so what
// must be known then is learnt from the requests before it.
import type { IncomingMessage } from 'node:http'
import type { FlowStatus } from '../contract.ts'
import type { Identity } from '../identify.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { describeFlow } from './describe-flow.ts'
import { hasFlowCookie, listFlowCookies } from './flow-cookie.ts'
import { findPersonProblem } from './person-problem.ts'

/** What is `binding` was accepted while the right person was there. */
const OPEN_TO_DOUBT: readonly FlowStatus[] = [
  'starting',
  'waiting',
  'returned',
  'authorizing',
  'awaiting_approval',
]

/**
 * Ends the flows of this browser that somebody else started, and those of a person who may no longer connect; notes for the
 * others how long the token vouches for them. With host sessions nothing is done: the return page sees the session itself.
 */
export async function noticePerson(
  runtime: Runtime,
  request: IncomingMessage,
  person: Identity,
  requestId: string,
): Promise<void> {
  if (!runtime.usesConnectTokens) return
  for (const flowId of listFlowCookies(request)) {
    const flow = await runtime.storage.findFlowById(flowId)
    if (flow === undefined || !OPEN_TO_DOUBT.includes(flow.status)) continue
    // A cookie that is not the flow's own says nothing about where the flow was started.
    if (!hasFlowCookie(flow, runtime.secrets, request)) continue
    await compare(runtime, flow, person, requestId)
  }
}

async function compare(runtime: Runtime, flow: Flow, person: Identity, requestId: string): Promise<void> {
  const problem = findPersonProblem(flow, person)
  if (problem === undefined) {
    if (person.validUntil !== undefined && person.validUntil > (flow.vouchedUntil ?? 0))
      await runtime.storage.vouchFlow(flow.tenantId, flow.flowId, person.validUntil)
    return
  }
  runtime.log.security('person_changed', { ...describeFlow(runtime, flow, requestId), code: problem })
  await runtime.storage.endFlow(flow.tenantId, flow.flowId, {
    from: OPEN_TO_DOUBT,
    status: 'refused',
    error: problem,
  })
}
