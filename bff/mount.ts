// Finds which of our routes a request is for, whether or not a proxy or the host's router took the base path off.
import type { IncomingMessage } from 'node:http'
import type { ParameterizedContext } from 'koa'

/**
 * The path below the base path, e.g. `/connection`. Undefined for targets that no route of ours can have: `//x` (which a URL parser
 * takes for a host), absolute-form targets, and anything percent-encoded.
 */
export function findRoutePath(request: IncomingMessage, basePath: string): string | undefined {
  const path = pathOf(request.url)
  const below = [path, pathOf(textOf(request, 'originalUrl'))].find((candidate) =>
    isBelow(candidate, basePath),
  )
  if (path === undefined || below === undefined) return path
  return below.slice(basePath.length) || '/'
}

/**
 * True when a request that passes through a host's own router is meant for the BFF: its path, as it is or as it was before routers
 * took parts of it off (`originalUrl`), is below the base path; or the host mounted us under another one (Express sets `baseUrl`
 * then), where everything is for us.
 */
export function isMeantForBff(request: IncomingMessage, basePath: string): boolean {
  const targets = [request.url, textOf(request, 'originalUrl')]
  if (targets.some((target) => isBelow(pathOf(target), basePath))) return true
  const mountPath = textOf(request, 'baseUrl') ?? ''
  // A router above the base path has routes of its own beside us.
  return mountPath !== '' && !basePath.startsWith(`${mountPath}/`)
}

/** Koa keeps on objects of its own what Express leaves on the request: the whole URL, and what a body parser has read. */
export function adoptKoaRequest({ req, request, originalUrl }: ParameterizedContext): void {
  const body: unknown = 'body' in request ? request.body : undefined
  Object.assign(req, { originalUrl }, body === undefined ? {} : { body })
}

function textOf(request: IncomingMessage, name: 'originalUrl' | 'baseUrl'): string | undefined {
  const value: unknown = Reflect.get(request, name)
  return typeof value === 'string' ? value : undefined
}

function isBelow(path: string | undefined, basePath: string): boolean {
  return path !== undefined && (path === basePath || path.startsWith(`${basePath}/`))
}

function pathOf(target: string | undefined): string | undefined {
  const path = (target ?? '').split('?', 1)[0] ?? ''
  return /^\/(?!\/)[A-Za-z0-9._~/-]*$/.test(path) && path.length <= 1024 ? path : undefined
}
