// The headers of every answer of the host itself: a strict content security policy, to show that the widget needs no exception.
import type { Middleware } from 'koa'

/**
 * No inline script or style, nothing from another origin, no string ever turned into script. A BFF on an origin of its own is
 * the one exception: the page may call it.
 */
function describePolicy(bffOrigin: string | undefined): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self'${bffOrigin === undefined ? '' : ` ${bffOrigin}`}`,
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
}

/** @param bffOrigin - of a BFF that is not mounted in the host. */
export function createSecurityHeaders(bffOrigin?: string): Middleware {
  const headers = {
    'Content-Security-Policy': describePolicy(bffOrigin),
    'X-Content-Type-Options': 'nosniff',
    // Not `no-referrer`: browsers then send `Origin: null` with a form, and the sign-in form could not be told from a
    // foreign one (https://fetch.spec.whatwg.org/#append-a-request-origin-header).
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  }
  return async (context, next) => {
    context.set(headers)
    await next()
  }
}
