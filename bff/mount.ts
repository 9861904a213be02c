// Finds which of our routes a request is for, whether or not a proxy or the host's router took the base path off.
import type { IncomingMessage } from 'node:http'

/**
 * The path below the base path, e.g. `/connection`. Undefined for targets that no route of ours can have: `//x` (which a URL parser
 * takes for a host), absolute-form targets, and anything percent-encoded.
 */
export function findRoutePath(request: IncomingMessage, basePath: string): string | undefined {
  const path = pathOf(request.url)
  if (path === undefined) return undefined
  return isBelow(path, basePath) ? path.slice(basePath.length) || '/' : path
}

/**
 * True when a request that passes through a host's own router is meant for the BFF: its full path is below the base path, or the
 * router took a prefix off (Express sets `baseUrl` then), which it only does for requests it was told to give us.
 */
export function isMeantForBff(request: IncomingMessage, basePath: string): boolean {
  const baseUrl: unknown = 'baseUrl' in request ? request.baseUrl : undefined
  if (typeof baseUrl === 'string' && baseUrl !== '') return true
  const path = pathOf(request.url)
  return path !== undefined && isBelow(path, basePath)
}

function isBelow(path: string, basePath: string): boolean {
  return path === basePath || path.startsWith(`${basePath}/`)
}

function pathOf(target: string | undefined): string | undefined {
  const path = (target ?? '').split('?', 1)[0] ?? ''
  return /^\/(?!\/)[A-Za-z0-9._~/-]*$/.test(path) && path.length <= 1024 ? path : undefined
}
