// What a route is: its method and path, who may call it and from where, and what it does. There is no default: a route that
// does not say how it is guarded does not compile.
import type { Identity } from '../identify.ts'
import type { ConnectContext } from '../middleware/request-context.ts'
import type { Runtime } from '../runtime.ts'

interface RouteBase {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Below the base path. Whole segments only: static text or one `:name`. */
  readonly path: string
}

/**
 * `person`: somebody signed in, from a listed page; changing methods need the custom header as well.
 * `own-page`: a script of the BFF's own pages, with the same checks. A page cannot show a connect token, so with tokens there is no
 * identity, and the route has to ask for the flow's cookie, which only somebody with a token could have been given.
 * `navigation`: a page opened by the browser; it must change nothing, except the return page, which has checks of its own.
 * `signed`: another server; the route checks the signature over the body, which nobody has read yet.
 * `public`: says the same to everybody.
 */
export type Route =
  | (RouteBase & {
      readonly access: 'person'
      readonly handle: (runtime: Runtime, ctx: ConnectContext, identity: Identity) => Promise<void>
    })
  | (RouteBase & {
      readonly method: 'POST'
      readonly access: 'own-page'
      readonly handle: (runtime: Runtime, ctx: ConnectContext, identity: Identity | null) => Promise<void>
    })
  | (RouteBase & {
      readonly method: 'POST'
      readonly access: 'signed'
      readonly handle: (runtime: Runtime, ctx: ConnectContext) => Promise<void>
    })
  | (RouteBase & {
      readonly method: 'GET'
      readonly access: 'navigation' | 'public'
      readonly handle: (runtime: Runtime, ctx: ConnectContext) => Promise<void>
    })
