// Headers that every answer carries, whatever it is; pages add their own content security policy.
import type { Config } from '../config.ts'
import type { ConnectMiddleware } from './request-context.ts'

const HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'X-Robots-Tag': 'noindex, nofollow',
  // For answers that are not pages: nothing in them may load or be framed (OWASP REST security cheat sheet).
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
}

/** No Cross-Origin-Opener-Policy: it would cut the popup from the host page before it could give its hint. */
export function securityHeaders(config: Config): ConnectMiddleware {
  const isHttps = config.publicUrl.startsWith('https:')
  return (ctx, next) => {
    // What a host set for its own pages does not hold for ours.
    ctx.remove('Cross-Origin-Opener-Policy')
    ctx.remove('Access-Control-Allow-Origin')
    ctx.set(HEADERS)
    if (isHttps) ctx.set('Strict-Transport-Security', 'max-age=31536000')
    return next()
  }
}
