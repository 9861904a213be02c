// Sends the browser on to another page.
import type { ConnectContext } from '../middleware/request-context.ts'

/**
 * The only redirects of the BFF: to a URL built from the configuration, to a `returnTo` that was checked when it was stored, or to a
 * page of GitHub's that was checked when Layers named it.
 */
export function seeOther(ctx: ConnectContext, location: string): void {
  ctx.set('Location', location)
  ctx.body = ''
  ctx.status = 303
}
