// Starts a flow: the state, the record, and GitHub's install URL from Layers.
import { checkMayConnect, type Identity } from '../identify.ts'
import type { FlowMode } from '../contract.ts'
import { ConnectError } from '../errors.ts'
import { createState, hashState } from '../flow-secrets.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { describeFlow } from './describe-flow.ts'
import { offerInstallUrl } from './offer-install-url.ts'

/** Layers' install URLs live 15 minutes; a flow never outlives its URL. */
const FLOW_LIFETIME_MS = 15 * 60_000
const FAILED_BINDINGS_WINDOW_MS = 15 * 60_000

export interface StartRequest {
  readonly flowId: string
  readonly mode: FlowMode
  readonly hostOrigin: string
  readonly returnTo: string
  readonly requestId: string
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
    return waitUntilStarted(runtime, existing)
  await runtime.limits.checkStart(identity.tenantId, identity.userId)
  await checkFailedBindings(runtime, identity)

  const state = createState()
  const created = await runtime.storage.createFlow({
    flowId: request.flowId,
    tenantId: identity.tenantId,
    userId: identity.userId,
    organization: identity.layersOrganization ?? null,
    mode: request.mode,
    hostOrigin: request.hostOrigin,
    returnTo: request.returnTo,
    stateHash: hashState(state),
    stateSealed: await runtime.sealer.seal('state', identity.tenantId, state),
    lifetimeMs: FLOW_LIFETIME_MS,
  })
  if (created.outcome === 'foreign') throw new ConnectError('invalid_request', { detail: 'flow id is taken' })
  if (created.outcome === 'existing') return waitUntilStarted(runtime, created.flow)
  runtime.log.info('flow_created', describeFlow(runtime, created.flow, request.requestId))
  return offerInstallUrl(runtime, created.flow, state, request.requestId)
}

/** A guess at an installation id costs a failed binding: after a few, the tenant waits. */
async function checkFailedBindings(runtime: Runtime, identity: Identity): Promise<void> {
  const failed = await runtime.storage.countFailedBindings(identity.tenantId, FAILED_BINDINGS_WINDOW_MS)
  if (failed < runtime.limits.failedBindingsPerTenant) return
  runtime.log.security('failed_bindings_burst', {
    tenant: runtime.secrets.pseudonymOf(identity.tenantId),
    count: failed,
    reason:
      'too many refused installations or conflicts in 15 minutes: somebody may be guessing installation ids',
  })
  throw new ConnectError('rate_limited', { retryAfterSeconds: FAILED_BINDINGS_WINDOW_MS / 1000 })
}

/** A repeated request while the first is still asking Layers waits for its result. */
async function waitUntilStarted(runtime: Runtime, flow: Flow): Promise<Flow> {
  const started = await runtime.watch.waitFor(
    flow.flowId,
    async () => {
      const current = await runtime.storage.findFlow(flow.tenantId, flow.flowId)
      return current?.status === 'starting' ? undefined : current
    },
    { timeoutMs: 20_000, signal: new AbortController().signal },
  )
  return started ?? flow
}
