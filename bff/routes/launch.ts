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
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { getFlowId } from './flow-id.ts'
import { findShortcut } from './launch-shortcut.ts'
import { findGitHubUrl, isCookieOnItsWay, waitUntilLaunchable } from './launchable.ts'
import type { Route } from './route.ts'
import { seeOther } from './see-other.ts'

/** Longest one question waits; the page asks again. Below every proxy's idle timeout. */
const WAIT_MS = 10_000

/**
 * Sends the browser that started the flow on to GitHub, or shows the page. But for language and theme that is the same for everybody,
 * and sets nothing: opening it in another browser starts nothing there.
 */
export const showLaunchPage: Route = {
  method: 'GET',
  path: '/flows/:flowId/launch',
  access: 'navigation',
  async handle(runtime, ctx) {
    const url = await findShortcut(runtime, ctx, getFlowId(ctx))
    if (url !== undefined) return seeOther(ctx, url)
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
    const flow = await waitUntilLaunchable(runtime, ctx, identity, getFlowId(ctx), WAIT_MS)
    const answer = flow === undefined ? PENDING : await answerFor(runtime, ctx, identity, flow)
    ctx.status = answer.status === 'pending' ? 202 : 200
    ctx.body = answer
  },
}

const PENDING: LaunchAnswer = { status: 'pending' }

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

async function waitForCookie(runtime: Runtime, flow: Flow): Promise<LaunchAnswer> {
  if (await isCookieOnItsWay(runtime, flow)) return PENDING
  throw new ConnectError('return_other_browser', {
    detail:
      'the browser has no flow cookie: it is another one, or it refused the cookie because the BFF is not on the same site as the page, not https, or not listed in ALLOWED_ORIGINS',
  })
}
