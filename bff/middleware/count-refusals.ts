// Counts what is refused to nobody in particular, so that a flood of it is answered shortly, and logged as requests only.
import { ConnectError } from '../errors.ts'
import type { Runtime } from '../runtime.ts'
import type { ConnectMiddleware } from './request-context.ts'

/**
 * After the fact, and never before it: an address can be that of a whole office, or of a proxy that is not listed, and what others do
 * there must not keep out whoever is signed in.
 */
export function countRefusals({
  limits,
  clientAddressOf,
}: Pick<Runtime, 'limits' | 'clientAddressOf'>): ConnectMiddleware {
  return async (ctx, next) => {
    try {
      await next()
    } catch (error) {
      const isRefusal = error instanceof ConnectError && error.status < 500 && error.code !== 'rate_limited'
      if (isRefusal && ctx.state.isKnown !== true) await limits.checkRefusal(clientAddressOf(ctx.req))
      throw error
    }
  }
}
