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
 * `navigation`: a page opened by the browser; it must change nothing, except the return page, which has checks of its own.
 * `public`: says the same to everybody.
 */
export type Route =
  | (RouteBase & {
      readonly access: 'person'
      readonly handle: (runtime: Runtime, ctx: ConnectContext, identity: Identity) => Promise<void>
    })
  | (RouteBase & {
      readonly method: 'GET'
      readonly access: 'navigation' | 'public'
      readonly handle: (runtime: Runtime, ctx: ConnectContext) => Promise<void>
    })
