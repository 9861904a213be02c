// A signal that says when the browser has gone, so that nobody waits for it.
import type { ConnectContext } from '../middleware/request-context.ts'

export function signalOf(ctx: ConnectContext): AbortSignal {
  const controller = new AbortController()
  // A browser that left while we asked who it is has closed already, and will not again.
  if (ctx.res.closed) controller.abort()
  else ctx.res.once('close', () => controller.abort())
  return controller.signal
}
