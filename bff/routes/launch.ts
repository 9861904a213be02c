// GET and POST {base}/flows/:flowId/launch: the way from the click to GitHub.
import { ERRORS, FLOW_STATUSES, type LaunchAnswer } from '../contract.ts'
import { hasFlowCookie } from '../flows/flow-cookie.ts'
import { toFlowView } from '../flows/view.ts'
import { ConnectError } from '../errors.ts'
import { checkMayConnect, type Identity } from '../identify.ts'
import type { ConnectContext } from '../middleware/request-context.ts'
import { createLaunchPage } from '../pages/launch-page.ts'
import { sendPage } from '../pages/page.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { getFlowId } from './flow-id.ts'
import { signalOf } from './request-signal.ts'
import type { Route } from './route.ts'

/** Longest one question waits; the page asks again. Below every proxy's idle timeout. */
const WAIT_MS = 10_000
/** How long the answer that sets the flow cookie may be on its way to the browser. */
const COOKIE_GRACE_MS = 5_000

/** The page is the same for everybody and sets nothing: opening it in another browser starts nothing there. */
export const showLaunchPage: Route = {
  method: 'GET',
  path: '/flows/:flowId/launch',
  access: 'navigation',
  async handle(runtime, ctx) {
    getFlowId(ctx)
    sendPage(ctx, 200, createLaunchPage(runtime.config.hostUrl))
  },
}

/** Needs the session and the flow cookie: with either alone, a link to somebody else's flow would lead on to GitHub. */
export const launch: Route = {
  method: 'POST',
  path: '/flows/:flowId/launch',
  access: 'person',
  async handle(runtime, ctx, identity) {
    checkMayConnect(identity)
    const flow = await waitUntilLaunchable(runtime, ctx, identity, getFlowId(ctx))
    const answer = flow === undefined ? PENDING : await answerFor(runtime, ctx, flow)
    ctx.status = answer.status === 'pending' ? 202 : 200
    ctx.body = answer
  },
}

const PENDING: LaunchAnswer = { status: 'pending' }

/** The popup is often here before the request that starts the flow, so an unknown flow is waited for as well. */
function waitUntilLaunchable(
  runtime: Runtime,
  ctx: ConnectContext,
  identity: Identity,
  flowId: string,
): Promise<Flow | undefined> {
  return runtime.watch.waitFor(
    flowId,
    async () => {
      const flow = await runtime.storage.findFlow(identity.tenantId, flowId)
      return flow === undefined || flow.userId !== identity.userId || flow.status === 'starting'
        ? undefined
        : flow
    },
    { timeoutMs: WAIT_MS, signal: signalOf(ctx), person: identity },
  )
}

async function answerFor(runtime: Runtime, ctx: ConnectContext, flow: Flow): Promise<LaunchAnswer> {
  if (flow.status !== 'waiting' || flow.installUrlSealed === null) {
    const text = flow.error === null ? FLOW_STATUSES[flow.status].sees : ERRORS[flow.error].text
    return { status: 'ended', text, flow: toFlowView(flow, runtime.secrets) }
  }
  if (!hasFlowCookie(flow, runtime.secrets, ctx.req)) return waitForCookie(runtime, flow)
  return {
    status: 'ready',
    url: await runtime.sealer.unseal('install-url', flow.tenantId, flow.installUrlSealed),
  }
}

/** The answer that sets the cookie may be on its way at this very moment; later, it will not come any more. */
async function waitForCookie(runtime: Runtime, flow: Flow): Promise<LaunchAnswer> {
  if ((await runtime.storage.now()) - flow.updatedAt < COOKIE_GRACE_MS) return PENDING
  throw new ConnectError('return_other_browser', {
    detail:
      'the browser has no flow cookie: it is another one, or it refused the cookie because the BFF is not on the same site as the page, not https, or not listed in ALLOWED_ORIGINS',
  })
}
