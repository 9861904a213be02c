// The cookie that ties a flow to the browser that started it: one per flow, never more than five.
import type { IncomingMessage } from 'node:http'
import { FLOW_ID_PATTERN } from '../contract.ts'
import type { FlowSecrets } from '../flow-secrets.ts'
import type { Flow } from '../storage/storage.ts'

const MAX_FLOW_COOKIES = 5
/** `__Host-` binds it to this host, to `/` and to Secure (RFC 6265bis §4.1.3.2), so a sibling subdomain cannot set it. */
const PREFIX = '__Host-connect-github-'
/** Lax and not Strict: the return from GitHub is a cross-site top-level navigation, where Strict cookies stay away. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax'

function flowCookieName(flowId: string): string {
  return PREFIX + flowId
}

/** `Set-Cookie` values: this flow's cookie, and the removal of the ones beyond the limit. It lives as long as the flow. */
export function flowCookiesFor(
  flow: Flow,
  secrets: FlowSecrets,
  request: IncomingMessage,
  now: number,
): readonly string[] {
  const name = flowCookieName(flow.flowId)
  const maxAgeSeconds = Math.max(0, Math.floor((flow.expiresAt - now) / 1000))
  const others = [...readCookies(request).keys()].filter(
    (other) => other.startsWith(PREFIX) && other !== name,
  )
  const surplus = others.slice(0, Math.max(0, others.length - (MAX_FLOW_COOKIES - 1)))
  return [
    ...surplus.map((other) => `${other}=; Max-Age=0; ${ATTRIBUTES}`),
    `${name}=${secrets.cookieFor(flow)}; Max-Age=${maxAgeSeconds}; ${ATTRIBUTES}`,
  ]
}

/** True when the request comes from the browser in which the flow was started. Compared in constant time. */
export function hasFlowCookie(flow: Flow, secrets: FlowSecrets, request: IncomingMessage): boolean {
  return secrets.isCookieOf(flow, readCookies(request).get(flowCookieName(flow.flowId)))
}

/** The flows whose cookies the browser sent, whatever they are worth: at most five. A flow id names nothing secret. */
export function listFlowCookies(request: IncomingMessage): readonly string[] {
  return [...readCookies(request).keys()]
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
    .filter((flowId) => FLOW_ID_PATTERN.test(flowId))
    .slice(0, MAX_FLOW_COOKIES)
}

/**
 * The first of equal names counts: browsers send the most specific path first, and ours all have `/`. Of a name, only what
 * separates it from the cookie before is taken off: `trim()` would take a no-break space, too, and with one in front a name is no
 * `__Host-` name to a browser, so that a sibling subdomain may set it. (Chromium sends it as two bytes, which are not white space.)
 */
function readCookies(request: IncomingMessage): Map<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const separator = pair.indexOf('=')
    if (separator < 1) continue
    const name = pair.slice(0, separator).replace(/^[ \t]+/, '')
    if (!cookies.has(name)) cookies.set(name, pair.slice(separator + 1).trim())
  }
  return cookies
}
