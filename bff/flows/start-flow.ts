// Starts a flow: the state, the record, and GitHub's install URL from Layers.
import { checkMayConnect, type Identity } from '../identify.ts'
import type { FlowMode, Theme } from '../contract.ts'
import { ConnectError } from '../errors.ts'
import { createState, hashState } from '../flow-secrets.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { describeFlow } from './describe-flow.ts'
import { checkFailedBindings } from './failed-bindings.ts'
import { offerInstallUrl } from './offer-install-url.ts'

/** Layers' install URLs live 15 minutes; a flow never outlives its URL. */
const FLOW_LIFETIME_MS = 15 * 60_000
/** A repeated request waits for the first one at most this long: as long as that may ask Layers, twice. */
const START_WAIT_MS = 20_000
const QUEUE_RETRY_SECONDS = 30

export interface StartRequest {
  readonly flowId: string
  readonly mode: FlowMode
  readonly hostOrigin: string
  readonly returnTo: string
  /** For the BFF's own pages; null when the browser and the system decide. */
  readonly locale: string | null
  readonly theme: Theme | null
  readonly requestId: string
  /** Aborts when the browser has gone. */
  readonly signal: AbortSignal
}

/**
 * The flow, `waiting` when GitHub can be opened, or `blocked` when the partner has to act first. Repeating the call with the
 * same id returns the same flow.
 *
 * @throws ConnectError `forbidden`, `rate_limited`, `invalid_request` (the id is somebody else's), and
 *   `upstream_unavailable` or `upstream_rate_limited` when trying again can help.
 */
export async function startFlow(runtime: Runtime, identity: Identity, request: StartRequest): Promise<Flow> {
  checkMayConnect(identity)
  const existing = await runtime.storage.findFlow(identity.tenantId, request.flowId)
  if (existing !== undefined && existing.userId === identity.userId)
    return continueFlow(runtime, existing, request)
  await runtime.limits.checkStart(identity.tenantId, identity.userId)
  await checkFailedBindings(runtime, identity, request.requestId)
  await checkQueue(runtime)

  const state = createState()
  const created = await runtime.storage.createFlow({
    flowId: request.flowId,
    tenantId: identity.tenantId,
    userId: identity.userId,
    organization: identity.layersOrganization ?? null,
    mode: request.mode,
    hostOrigin: request.hostOrigin,
    returnTo: request.returnTo,
    locale: request.locale,
    theme: request.theme,
    stateHash: hashState(state),
    stateSealed: await runtime.sealer.seal('state', identity.tenantId, state),
    expectedAccount: identity.expectedAccount ?? null,
    vouchedUntil: identity.validUntil ?? null,
    lifetimeMs: FLOW_LIFETIME_MS,
  })
  if (created.outcome === 'foreign') throw new ConnectError('invalid_request', { detail: 'flow id is taken' })
  if (created.outcome === 'existing') return continueFlow(runtime, created.flow, request)
  runtime.log.info('flow_created', describeFlow(runtime, created.flow, request.requestId))
  return askLayers(runtime, created.flow, request.requestId)
}

/** Better nobody leaves for GitHub than that ever more come back to wait for Layers. */
async function checkQueue({ storage, limits: { unfinishedBindings } }: Runtime): Promise<void> {
  if (!(await storage.hasUnfinishedBindings(unfinishedBindings))) return
  const detail = `${unfinishedBindings} accepted returns wait for Layers: see binding_failed in the log`
  throw new ConnectError('upstream_unavailable', { detail, retryAfterSeconds: QUEUE_RETRY_SECONDS })
}

/**
 * A repeated request waits for the first one. When nobody asks Layers any more, because the process that did was killed, this one does:
 * with the same state, so that even two answers would be good for the same flow.
 */
async function continueFlow(
  runtime: Runtime,
  flow: Flow,
  { requestId, signal }: StartRequest,
): Promise<Flow> {
  if (flow.status !== 'starting') return flow
  if (runtime.asking.has(flow.flowId)) return waitUntilStarted(runtime, flow, signal)
  runtime.log.info('start_resumed', describeFlow(runtime, flow, requestId))
  return askLayers(runtime, flow, requestId)
}

async function askLayers(runtime: Runtime, flow: Flow, requestId: string): Promise<Flow> {
  runtime.asking.add(flow.flowId)
  try {
    if (flow.stateSealed === null) throw new Error('a flow that is starting has a state')
    const state = await runtime.sealer.unseal('state', flow.tenantId, flow.stateSealed)
    return await offerInstallUrl(runtime, flow, state, requestId)
  } finally {
    runtime.asking.delete(flow.flowId)
  }
}

async function waitUntilStarted(runtime: Runtime, flow: Flow, signal: AbortSignal): Promise<Flow> {
  const started = await runtime.watch.waitFor(
    flow.flowId,
    async () => {
      const current = await runtime.storage.findFlow(flow.tenantId, flow.flowId)
      return current?.status === 'starting' ? undefined : current
    },
    { timeoutMs: START_WAIT_MS, signal, person: flow },
  )
  return started ?? flow
}
