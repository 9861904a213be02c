// A flow that is being launched: waits until it is ready, and says where on GitHub it goes on.
import type { Identity } from '../identify.ts'
import type { ConnectContext } from '../middleware/request-context.ts'
import { findAuthorizeUrl } from '../ownership/authorization.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { signalOf } from './request-signal.ts'

/** How long the answer that sets the flow cookie may be on its way to the browser. */
const COOKIE_GRACE_MS = 5_000

/**
 * The popup is often here before the request that starts the flow, so an unknown flow is waited for as well.
 *
 * @param identity whose flow it has to be; null with connect tokens, where any flow of that id is found.
 */
export function waitUntilLaunchable(
  runtime: Runtime,
  ctx: ConnectContext,
  identity: Identity | null,
  flowId: string,
  timeoutMs: number,
): Promise<Flow | undefined> {
  const address = runtime.clientAddressOf(ctx.req)
  return runtime.watch.waitFor(
    flowId,
    async () => {
      const flow = await findLaunched(runtime, identity, flowId)
      return flow?.status === 'starting' ? undefined : flow
    },
    { timeoutMs, signal: signalOf(ctx), person: identity ?? { tenantId: '', userId: address } },
  )
}

async function findLaunched(
  runtime: Runtime,
  identity: Identity | null,
  flowId: string,
): Promise<Flow | undefined> {
  if (identity === null) return runtime.storage.findFlowById(flowId)
  const flow = await runtime.storage.findFlow(identity.tenantId, flowId)
  return flow?.userId === identity.userId ? flow : undefined
}

/** The install page, or the one where GitHub says who the customer is; undefined when the flow needs neither now. */
export async function findGitHubUrl(runtime: Runtime, flow: Flow): Promise<string | undefined> {
  if (flow.status === 'authorizing') return findAuthorizeUrl(runtime, flow)
  if (flow.status !== 'waiting' || flow.installUrlSealed === null) return undefined
  return runtime.sealer.unseal('install-url', flow.tenantId, flow.installUrlSealed)
}

/** The answer that sets the cookie may be on its way at this very moment; later, it will not come any more. */
export async function isCookieOnItsWay(runtime: Runtime, flow: Flow): Promise<boolean> {
  return (await runtime.storage.now()) - flow.updatedAt < COOKIE_GRACE_MS
}
