// The headers of every answer of the host itself: a strict content security policy, to show that the widget needs no exception.
import type { Middleware } from 'koa'

/** No inline script or style, nothing from another origin, no string ever turned into script. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

export const securityHeaders: Middleware = async (context, next) => {
  context.set({
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
    // Not `no-referrer`: browsers then send `Origin: null` with a form, and the sign-in form could not be told from a
    // foreign one (https://fetch.spec.whatwg.org/#append-a-request-origin-header).
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  })
  await next()
}
