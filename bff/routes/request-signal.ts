// A signal that says when the browser has gone, so that nobody waits for it.
import type { ConnectContext } from '../middleware/request-context.ts'

export function signalOf(ctx: ConnectContext): AbortSignal {
  const controller = new AbortController()
  ctx.res.once('close', () => controller.abort())
  return controller.signal
}
