// The short way from the click to GitHub: where its URL is known soon, the browser is sent on without a page that would flicker past.
import { setTimeout as pause } from 'node:timers/promises'
import { hasFlowCookie } from '../flows/flow-cookie.ts'
import { isNavigation } from '../flows/navigation.ts'
import { findPersonProblem } from '../flows/person-problem.ts'
import { identifyRequest } from '../identify.ts'
import type { ConnectContext } from '../middleware/request-context.ts'
import { parseWish, toQuery } from '../pages/page-wish.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow } from '../storage/storage.ts'
import { findGitHubUrl, isCookieOnItsWay, waitUntilLaunchable } from './launchable.ts'

/** Whoever waits longer is shown why. A new window is empty for about as long in any case. */
const SOON_MS = 300
/** The answer that sets the cookie leaves at the same moment as this one, and has to arrive first. */
const COOKIE_LEAD_MS = 10
/** In the query of a browser that was sent here again for its cookie: once is enough. */
const SENT_AGAIN = 'again'

/**
 * GitHub's URL, or this page's once more; undefined when the page has to be shown, which waits longer and says what is wrong. To a
 * navigation of the person who started the flow, in the browser in which it was started; with connect tokens, which no page can show,
 * to that browser.
 */
export async function findShortcut(
  runtime: Runtime,
  ctx: ConnectContext,
  flowId: string,
): Promise<string | undefined> {
  try {
    if (!isNavigation(ctx.req)) return undefined
    const person = await identifyRequest(runtime.identify, ctx.req)
    const isStandIn = runtime.usesConnectTokens
    if (person === null && !isStandIn) return undefined
    const flow = await waitUntilLaunchable(runtime, ctx, isStandIn ? null : person, flowId, SOON_MS)
    if (flow === undefined || findPersonProblem(flow, person) !== undefined) return undefined
    if (hasFlowCookie(flow, runtime.secrets, ctx.req)) return await findGitHubUrl(runtime, flow)
    return await comeAgain(runtime, ctx, flow)
  } catch {
    // What failed fails once more when the page asks, which has words for it.
    return undefined
  }
}

/** The window is usually opened before the cookie is set; the same request, a moment later, brings it along. */
async function comeAgain(runtime: Runtime, ctx: ConnectContext, flow: Flow): Promise<string | undefined> {
  const wasSentAgain = new URLSearchParams(ctx.querystring).has(SENT_AGAIN)
  if (wasSentAgain || !(await isCookieOnItsWay(runtime, flow))) return undefined
  const query = new URLSearchParams(toQuery(parseWish(ctx.querystring)))
  query.set(SENT_AGAIN, '1')
  await pause(COOKIE_LEAD_MS)
  return `${runtime.config.publicUrl}/flows/${flow.flowId}/launch?${query.toString()}`
}
