// What happens when GitHub sends the browser back: an ordered list of checks, then one transaction. The id in the URL
// proves nothing by itself: https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/about-the-setup-url
import type { IncomingMessage } from 'node:http'
import type { ErrorCode, FlowStatus } from '../contract.ts'
import { ConnectError } from '../errors.ts'
import { hashState } from '../flow-secrets.ts'
import { identifyRequest, type Identity } from '../identify.ts'
import { sealAuthorization } from '../ownership/authorization.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { acceptAuthorization, endUnauthorized } from './accept-authorization.ts'
import { readAgain } from './current-flow.ts'
import { describeFlow } from './describe-flow.ts'
import { tooManyFailures } from './failed-bindings.ts'
import { hasFlowCookie } from './flow-cookie.ts'
import { isNavigation } from './navigation.ts'
import { nextStatusOf } from './next-status.ts'
import { parseReturn, type ReturnParameters } from './parse-return.ts'
import { findPersonProblem } from './person-problem.ts'

/** From these GitHub can bring the browser back. After `awaiting_approval`, an approval can still do so. */
const RETURNABLE: readonly FlowStatus[] = ['waiting', 'authorizing', 'awaiting_approval']

export interface ReturnRequest {
  readonly request: IncomingMessage
  readonly query: string
  readonly requestId: string
}

/**
 * The flow this return belongs to, in whatever status it is now; the page that follows shows it.
 *
 * @throws ConnectError when the return cannot be matched to a flow of this browser. Then nothing was written.
 */
export async function handleReturn(runtime: Runtime, arrival: ReturnRequest): Promise<Flow> {
  checkNavigation(arrival.request)
  const parameters = readParameters(arrival)
  const flow = await findFlow(runtime, parameters, arrival)
  checkBrowser(runtime, flow, arrival)
  if (await isPastExpiry(runtime, flow)) return readAgain(runtime, flow)
  const person = await identifyRequest(runtime.identify, arrival.request)
  const refused = await refuseOtherPerson(runtime, flow, person, arrival)
  if (refused !== undefined) return refused
  const isConfirmed = await isPersonConfirmed(runtime, flow, person)
  if (isFromAuthorizePage(flow, parameters))
    return acceptAuthorization(runtime, flow, parameters, isConfirmed, arrival.requestId)
  if (parameters.setupAction === 'request') return awaitApproval(runtime, flow, arrival)
  if (parameters.installationId === undefined)
    return endWithoutInstallation(runtime, flow, parameters, arrival)
  return acceptInstallation(runtime, flow, parameters, parameters.installationId, isConfirmed, arrival)
}

/** Only a person's own navigation may use a state up. */
function checkNavigation(request: IncomingMessage): void {
  if (!isNavigation(request)) throw new ConnectError('request_not_trusted')
}

function readParameters({ query }: ReturnRequest): ReturnParameters {
  const parameters = parseReturn(query)
  if (parameters === undefined) throw new ConnectError('return_malformed')
  return parameters
}

async function findFlow(
  runtime: Runtime,
  parameters: ReturnParameters,
  arrival: ReturnRequest,
): Promise<Flow> {
  const flow =
    parameters.state === undefined
      ? undefined
      : await runtime.storage.findFlowByState(hashState(parameters.state))
  if (flow !== undefined) return flow
  runtime.log.security('return_without_flow', {
    requestId: arrival.requestId,
    reason: parameters.state === undefined ? 'no state' : 'unknown state',
  })
  throw new ConnectError('return_unknown')
}

/** RFC 9700 §4.7: the state must belong to this user agent, or somebody else's return could be finished here. */
function checkBrowser(runtime: Runtime, flow: Flow, arrival: ReturnRequest): void {
  if (hasFlowCookie(flow, runtime.secrets, arrival.request)) return
  const code = 'return_other_browser'
  runtime.log.security('return_in_other_browser', { ...describeFlow(runtime, flow, arrival.requestId), code })
  throw new ConnectError(code)
}

async function isPastExpiry(runtime: Runtime, flow: Flow): Promise<boolean> {
  if (!RETURNABLE.includes(flow.status) || flow.expiresAt > (await runtime.storage.now())) return false
  await end(runtime, flow, 'expired', 'flow_expired')
  return true
}

/** An App that asks who the customer is while it is installed comes back with an error when they say no. */
async function endWithoutInstallation(
  runtime: Runtime,
  flow: Flow,
  { error }: ReturnParameters,
  { requestId }: ReturnRequest,
): Promise<Flow> {
  const asksWho = runtime.ownership?.authorization?.acceptsReturnCode === true
  if (error === undefined || !asksWho) throw new ConnectError('missing_installation')
  return endUnauthorized(runtime, flow, error, ['waiting', 'awaiting_approval'], requestId)
}

async function awaitApproval(runtime: Runtime, flow: Flow, arrival: ReturnRequest): Promise<Flow> {
  if (flow.status !== 'waiting') return flow
  // From `waiting` alone: a state that was used meanwhile must not lead back.
  const asked = { from: ['waiting'], status: 'awaiting_approval', error: null } as const
  const waiting = await runtime.storage.endFlow(flow.tenantId, flow.flowId, asked)
  if (waiting === undefined) return readAgain(runtime, flow)
  runtime.log.info('return_awaits_approval', describeFlow(runtime, flow, arrival.requestId))
  return waiting
}

/**
 * The person who finishes must be the one who started (draft-ietf-oauth-security-topics-update, cross-user session
 * fixation). Nobody at all is not somebody else: a `SameSite=Strict` session stays away from this cross-site navigation, and the
 * page that follows asks again from our own origin.
 */
async function refuseOtherPerson(
  runtime: Runtime,
  flow: Flow,
  person: Identity | null,
  arrival: ReturnRequest,
): Promise<Flow | undefined> {
  const problem = findPersonProblem(flow, person)
  if (problem === undefined || !RETURNABLE.includes(flow.status)) return undefined
  runtime.log.security('return_refused', { ...describeFlow(runtime, flow, arrival.requestId), code: problem })
  return end(runtime, flow, 'refused', problem)
}

/**
 * A live session is one that was compared above. A connect token cannot be seen here: the flow cookie stands for it, which only
 * `POST /flows` with a token hands out, for as long as the newest token holds that was seen with the flow.
 */
async function isPersonConfirmed(runtime: Runtime, flow: Flow, person: Identity | null): Promise<boolean> {
  if (person !== null) return true
  if (!runtime.usesConnectTokens || flow.vouchedUntil === null) return false
  return flow.vouchedUntil > (await runtime.storage.now())
}

/** The flow has two states: its own, and the one of the page where GitHub says who the customer is. */
function isFromAuthorizePage(flow: Flow, { state }: ReturnParameters): boolean {
  return state !== undefined && hashState(state) !== flow.stateHash
}

async function acceptInstallation(
  runtime: Runtime,
  flow: Flow,
  { code }: ReturnParameters,
  installationId: number,
  isConfirmed: boolean,
  arrival: ReturnRequest,
): Promise<Flow> {
  const { sealer, secrets, ownership } = runtime
  const isCodeUsable = code !== undefined && ownership?.authorization?.acceptsReturnCode === true
  const authorizationSealed = isCodeUsable
    ? await sealAuthorization(sealer, flow, { code, from: 'install' })
    : null
  const accepted = await runtime.storage.acceptReturn({
    stateHash: flow.stateHash,
    next: isConfirmed ? nextStatusOf(ownership, isCodeUsable) : 'returned',
    authorizationSealed,
    authorizeStateHash: hashState(secrets.authorizeStateFor(flow)),
    installation: {
      sealed: await sealer.seal('installation', flow.tenantId, String(installationId)),
      index: secrets.indexOf(installationId),
    },
    failureLimit: runtime.limits.failedBindings,
    requestId: arrival.requestId,
  })
  const fields = describeFlow(runtime, accepted.flow, arrival.requestId)
  if (accepted.outcome === 'replayed') {
    const replayed = 'state_replayed'
    runtime.log.security('state_replayed_with_other_installation', { ...fields, code: replayed })
    throw new ConnectError(replayed)
  }
  if (accepted.outcome === 'limited') throw tooManyFailures(runtime, flow, arrival.requestId)
  if (accepted.outcome === 'taken') {
    runtime.log.security('installation_taken', { ...fields, code: accepted.flow.error ?? 'already_bound' })
  }
  if (accepted.outcome === 'accepted') {
    runtime.log.info('return_accepted', { ...fields, flowStatus: accepted.flow.status })
    runtime.dispatcher.wake()
  }
  return accepted.flow
}

async function end(runtime: Runtime, flow: Flow, status: FlowStatus, error: ErrorCode | null): Promise<Flow> {
  const ended = await runtime.storage.endFlow(flow.tenantId, flow.flowId, { from: RETURNABLE, status, error })
  return ended ?? readAgain(runtime, flow)
}
