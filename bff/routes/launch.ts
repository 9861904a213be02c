// GET and POST {base}/flows/:flowId/launch: the way from the click to GitHub.
import type { LaunchAnswer } from '../contract.ts'
import { hasFlowCookie } from '../flows/flow-cookie.ts'
import { toFlowView } from '../flows/view.ts'
import { ConnectError } from '../errors.ts'
import { checkMayConnect, type Identity } from '../identify.ts'
import type { ConnectContext } from '../middleware/request-context.ts'
import { createLaunchPage } from '../pages/launch-page.ts'
import { sendPage } from '../pages/page.ts'
import { parseWish } from '../pages/page-wish.ts'
import { presentationFor } from '../pages/presentation.ts'
import { findAuthorizeUrl } from '../ownership/authorization.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { getFlowId } from './flow-id.ts'
import { signalOf } from './request-signal.ts'
import type { Route } from './route.ts'

/** Longest one question waits; the page asks again. Below every proxy's idle timeout. */
const WAIT_MS = 10_000
/** How long the answer that sets the flow cookie may be on its way to the browser. */
const COOKIE_GRACE_MS = 5_000

/** But for language and theme the page is the same for everybody, and sets nothing: opening it in another browser starts nothing there. */
export const showLaunchPage: Route = {
  method: 'GET',
  path: '/flows/:flowId/launch',
  access: 'navigation',
  async handle(runtime, ctx) {
    getFlowId(ctx)
    const presentation = presentationFor(ctx, parseWish(ctx.querystring))
    sendPage(ctx, 200, createLaunchPage(presentation.texts, runtime.config.hostUrl), presentation)
  },
}

/**
 * Needs the session and the flow cookie: with either alone, a link to somebody else's flow would lead on to GitHub. With connect tokens
 * the cookie is all this page can show; only an authenticated `POST /flows` can have set it in this browser.
 */
export const launch: Route = {
  method: 'POST',
  path: '/flows/:flowId/launch',
  access: 'own-page',
  async handle(runtime, ctx, identity) {
    if (identity !== null) checkMayConnect(identity)
    const flow = await waitUntilLaunchable(runtime, ctx, identity, getFlowId(ctx))
    const answer = flow === undefined ? PENDING : await answerFor(runtime, ctx, identity, flow)
    ctx.status = answer.status === 'pending' ? 202 : 200
    ctx.body = answer
  },
}

const PENDING: LaunchAnswer = { status: 'pending' }

/** The popup is often here before the request that starts the flow, so an unknown flow is waited for as well. */
function waitUntilLaunchable(
  runtime: Runtime,
  ctx: ConnectContext,
  identity: Identity | null,
  flowId: string,
): Promise<Flow | undefined> {
  const address = runtime.clientAddressOf(ctx.req)
  return runtime.watch.waitFor(
    flowId,
    async () => {
      const flow = await findLaunched(runtime, identity, flowId)
      return flow?.status === 'starting' ? undefined : flow
    },
    {
      timeoutMs: WAIT_MS,
      signal: signalOf(ctx),
      person: identity ?? { tenantId: '', userId: address },
    },
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

/** GitHub's URL takes the cookie; that the flow has ended is told to its own person without it, and to nobody else. */
async function answerFor(
  runtime: Runtime,
  ctx: ConnectContext,
  identity: Identity | null,
  flow: Flow,
): Promise<LaunchAnswer> {
  const url = await findGitHubUrl(runtime, flow)
  const needsCookie = url !== undefined || identity === null
  if (needsCookie && !hasFlowCookie(flow, runtime.secrets, ctx.req)) return waitForCookie(runtime, flow)
  if (url !== undefined) return { status: 'ready', url }
  return { status: 'ended', flow: toFlowView(flow, runtime.secrets) }
}

/** The install page, or the one where GitHub says who the customer is; undefined when the flow needs neither now. */
async function findGitHubUrl(runtime: Runtime, flow: Flow): Promise<string | undefined> {
  if (flow.status === 'authorizing') return findAuthorizeUrl(runtime, flow)
  if (flow.status !== 'waiting' || flow.installUrlSealed === null) return undefined
  return runtime.sealer.unseal('install-url', flow.tenantId, flow.installUrlSealed)
}

/** The answer that sets the cookie may be on its way at this very moment; later, it will not come any more. */
async function waitForCookie(runtime: Runtime, flow: Flow): Promise<LaunchAnswer> {
  if ((await runtime.storage.now()) - flow.updatedAt < COOKIE_GRACE_MS) return PENDING
  throw new ConnectError('return_other_browser', {
    detail:
      'the browser has no flow cookie: it is another one, or it refused the cookie because the BFF is not on the same site as the page, not https, or not listed in ALLOWED_ORIGINS',
  })
}
