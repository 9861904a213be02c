// The Koa application: the outer steps every request passes, and the route table with its guards.
import { Router } from '@koa/router'
import Koa from 'koa'
import { ConnectError } from './errors.ts'
import { noticePerson } from './flows/notice-person.ts'
import { identifyRequest, requireIdentity, type Identity } from './identify.ts'
import { answerErrors } from './middleware/answer-errors.ts'
import { countRefusals } from './middleware/count-refusals.ts'
import { readJson } from './middleware/read-json.ts'
import type { ConnectContext, ConnectMiddleware, RequestState } from './middleware/request-context.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import {
  answerCors,
  checkChangeTrusted,
  checkReadable,
  trustedOriginsOf,
} from './middleware/trust-request.ts'
import { findRoutePath } from './mount.ts'
import { ROUTES } from './routes/index.ts'
import type { Route } from './routes/route.ts'
import type { Runtime } from './runtime.ts'

/** GitHub's longest redirect and our longest cursor fit in several times. */
const MAX_URL_LENGTH = 4096

export function createApp(runtime: Runtime, onFatal: (error: unknown) => void): Koa<RequestState> {
  const app = new Koa<RequestState>()
  // Who the client is comes from TRUSTED_PROXIES alone; ctx.host, ctx.origin and ctx.href are not used anywhere.
  app.proxy = false
  app.on('error', (error: unknown) => runtime.log.warn('response_failed', { error }))
  app.use(answerErrors({ log: runtime.log, onFatal, hostUrl: runtime.config.hostUrl }))
  app.use(countRefusals(runtime))
  app.use(securityHeaders(runtime.config))
  app.use(selectRoute(runtime))
  app.use(answerCors(runtime.config))
  app.use(createRouter(runtime).routes())
  app.use(refuseMethod)
  return app
}

/** Only paths of ours go further; what may be done with them is noted for `Allow` (RFC 9110 §15.5.6). */
function selectRoute(runtime: Runtime): ConnectMiddleware {
  const patterns = ROUTES.map((route) => new RegExp(`^${route.path.replaceAll(/:[a-zA-Z]+/g, '[^/]+')}$`))
  return (ctx, next) => {
    const path = findRoutePath(ctx.req, runtime.config.basePath)
    const routes = path === undefined ? [] : ROUTES.filter((_, index) => patterns[index]?.test(path))
    ctx.state.answersWithPage = routes.some(
      (route) => route.access === 'navigation' && route.method === ctx.method,
    )
    if (runtime.isClosing()) throw new ConnectError('shutting_down', { retryAfterSeconds: 1 })
    if (routes.length === 0) throw new ConnectError('not_found')
    if (ctx.url.length > MAX_URL_LENGTH)
      throw new ConnectError('invalid_request', { detail: `a URL has at most ${MAX_URL_LENGTH} characters` })
    ctx['newRouterPath'] = path
    ctx.state.allowedMethods = [...new Set(routes.flatMap(methodsOf)), 'OPTIONS'].join(', ')
    return next()
  }
}

/** Probes use HEAD on public routes; elsewhere a link scanner could use something up. */
function methodsOf(route: Route): readonly string[] {
  return route.access === 'public' ? [route.method, 'HEAD'] : [route.method]
}

function createRouter(runtime: Runtime): Router<RequestState> {
  const router = new Router<RequestState>({ strict: true, sensitive: true })
  const trusted = trustedOriginsOf(runtime.config)
  for (const route of ROUTES) {
    router.register(route.path, [route.method], (ctx) => {
      // The router itself answers HEAD like GET, everywhere.
      if (!methodsOf(route).includes(ctx.method)) return refuseMethod(ctx)
      return guard(runtime, route, ctx, trusted)
    })
  }
  return router
}

/** Runs the checks that the route's access asks for, then the route. Nothing here is optional. */
async function guard(
  runtime: Runtime,
  route: Route,
  ctx: ConnectContext,
  trusted: ReadonlySet<string>,
): Promise<void> {
  if (route.access !== 'person' && route.access !== 'own-page') return route.handle(runtime, ctx)
  if (route.method === 'GET') checkReadable(ctx, trusted)
  else checkChangeTrusted(ctx, trusted)
  const identity = await identifyRequest(runtime.identify, ctx.req)
  const isStandIn = route.access === 'own-page' && runtime.usesConnectTokens
  const person = isStandIn ? identity : requireIdentity(identity)
  if (person !== null) ctx.state.tenant = runtime.secrets.pseudonymOf(person.tenantId)
  await countRequest(runtime, route, ctx, person)
  if (person !== null) await noticePerson(runtime, ctx.req, person, ctx.state.requestId)
  // Also where a route needs nothing of it: only JSON gets in, and nothing large is left unread on the socket.
  if (route.method === 'POST') ctx.state.body = await readJson(ctx.req)
  if (route.access === 'own-page') return route.handle(runtime, ctx, person)
  return route.handle(runtime, ctx, requireIdentity(person))
}

/** Before anything is done for it, but not before it is known whose budget it is. */
async function countRequest(
  { limits, clientAddressOf }: Runtime,
  route: Route,
  ctx: ConnectContext,
  person: Identity | null,
): Promise<void> {
  ctx.state.isKnown = person !== null
  if (person === null) await limits.checkLaunch(clientAddressOf(ctx.req))
  else if (route.method === 'GET') await limits.checkRead(person)
  else await limits.checkChange(person)
}

function refuseMethod(ctx: ConnectContext): never {
  ctx.set('Allow', ctx.state.allowedMethods)
  throw new ConnectError('method_not_allowed')
}
