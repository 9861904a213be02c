// Whether a request is a person's own top-level navigation, and nothing a browser or a scanner does by itself.
import type { IncomingMessage } from 'node:http'

/**
 * Not a prefetch, a link scanner's HEAD, a frame or a script (https://w3c.github.io/webappsec-fetch-metadata/). Browsers without these
 * headers are let through.
 */
export function isNavigation({ method, headers }: IncomingMessage): boolean {
  const purpose = [headers['sec-purpose'], headers['purpose'], headers['x-moz']].join(' ')
  const mode = headers['sec-fetch-mode'] ?? 'navigate'
  const destination = headers['sec-fetch-dest'] ?? 'document'
  if (method !== 'GET' || /prefetch|prerender|preview/i.test(purpose)) return false
  return mode === 'navigate' && destination === 'document'
}
