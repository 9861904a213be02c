// Decides from which pages a request may come: CORS answers for the listed origins, and CSRF refusal for everything that changes
// something. One list for both.
import type { IncomingMessage } from 'node:http'
import type { Config } from '../config.ts'
import { REQUEST_HEADER } from '../contract.ts'
import { ConnectError } from '../errors.ts'
import type { ConnectContext, ConnectMiddleware } from './request-context.ts'

const PREFLIGHT_MAX_AGE_SECONDS = 600

/** The origins whose pages may use the BFF: exact strings, no wildcards, no suffixes. */
export function trustedOriginsOf(config: Config): ReadonlySet<string> {
  return new Set([...config.allowedOrigins, config.publicOrigin])
}

/** Answers preflights, and lets listed origins read answers with credentials (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export function answerCors(config: Config): ConnectMiddleware {
  const trusted = trustedOriginsOf(config)
  return async (ctx, next) => {
    ctx.vary('Origin')
    const origin = ctx.get('Origin')
    const isListed = trusted.has(origin)
    if (isListed) {
      ctx.set('Access-Control-Allow-Origin', origin)
      ctx.set('Access-Control-Allow-Credentials', 'true')
      ctx.set('Access-Control-Expose-Headers', 'X-Request-Id, Retry-After')
    }
    if (ctx.method !== 'OPTIONS') return next()
    ctx.set('Allow', ctx.state.allowedMethods)
    if (isListed) {
      ctx.set('Access-Control-Allow-Methods', 'GET, POST, DELETE')
      ctx.set('Access-Control-Allow-Headers', `Content-Type, Authorization, ${REQUEST_HEADER}`)
      ctx.set('Access-Control-Max-Age', String(PREFLIGHT_MAX_AGE_SECONDS))
    }
    ctx.status = 204
  }
}

/**
 * Refuses reads by scripts of pages that are not listed. A sibling subdomain is as foreign as any other site; Fetch
 * Metadata tells, where the browser sends it.
 */
export function checkReadable(ctx: ConnectContext, trusted: ReadonlySet<string>): void {
  const site = ctx.get('Sec-Fetch-Site')
  if (site === '' || site === 'same-origin' || site === 'none') return
  if (!trusted.has(ctx.get('Origin')))
    throw notTrusted('a page that is not listed in ALLOWED_ORIGINS tried to read')
}

/**
 * Refuses changes that a page which is not listed could have caused: the custom header forces a preflight, Fetch Metadata or
 * else the Origin must name a listed page (OWASP CSRF cheat sheet: Fetch Metadata, with Origin as the fallback).
 */
export function checkChangeTrusted(ctx: ConnectContext, trusted: ReadonlySet<string>): void {
  if (ctx.get(REQUEST_HEADER) !== '1') throw notTrusted(`the header ${REQUEST_HEADER}: 1 is missing`)
  const origin = originOf(ctx.req)
  if (origin !== undefined && !trusted.has(origin))
    throw notTrusted('the page’s origin is not listed in ALLOWED_ORIGINS')
  const site = ctx.get('Sec-Fetch-Site')
  if (site === 'same-origin') return
  if (site !== '' && site !== 'same-site' && site !== 'cross-site')
    throw notTrusted('Sec-Fetch-Site is not of a page')
  if (origin === undefined)
    throw notTrusted('neither Sec-Fetch-Site nor Origin says where the request comes from')
}

/** The origin of the page that sent a changing request, after {@link checkChangeTrusted}: without a header it is our own. */
export function pageOriginOf(ctx: ConnectContext, config: Config): string {
  return originOf(ctx.req) ?? config.publicOrigin
}

function originOf(request: IncomingMessage): string | undefined {
  const { origin } = request.headers
  return typeof origin === 'string' && origin !== '' ? origin : undefined
}

function notTrusted(detail: string): ConnectError {
  return new ConnectError('request_not_trusted', { detail })
}
