// The outermost step: gives the request its id, turns whatever is thrown into an answer, and writes the request's log line.
import { ConnectError, toConnectError, toWireError } from '../errors.ts'
import type { Log } from '../log.ts'
import { StorageError } from '../storage/storage.ts'
import { createRequestId, type ConnectContext, type ConnectMiddleware } from './request-context.ts'

export function answerErrors(deps: { log: Log; onFatal: (error: unknown) => void }): ConnectMiddleware {
  return async (ctx, next) => {
    const startedAt = performance.now()
    ctx.state.requestId = createRequestId()
    ctx.set('X-Request-Id', ctx.state.requestId)
    try {
      await next()
    } catch (thrown) {
      answerWith(ctx, translate(thrown, deps.onFatal), deps.log)
    }
    deps.log.info('request', {
      requestId: ctx.state.requestId,
      method: ctx.method.slice(0, 16),
      route: typeof ctx['_matchedRoute'] === 'string' ? ctx['_matchedRoute'] : 'none',
      httpStatus: ctx.status,
      durationMs: Math.round(performance.now() - startedAt),
    })
  }
}

function translate(thrown: unknown, onFatal: (error: unknown) => void): ConnectError {
  if (!(thrown instanceof StorageError)) return toConnectError(thrown)
  if (thrown.kind === 'fatal') onFatal(thrown)
  return new ConnectError('storage_unavailable', { cause: thrown, retryAfterSeconds: 1 })
}

function answerWith(ctx: ConnectContext, error: ConnectError, log: Log): void {
  const { requestId } = ctx.state
  if (error.status >= 500)
    log.error('request_failed', { requestId, code: error.code, detail: error.detail, error })
  else if (error.detail !== undefined)
    log.warn('request_refused', { requestId, code: error.code, detail: error.detail })
  ctx.status = error.status
  if (error.retryAfterSeconds !== undefined)
    ctx.set('Retry-After', String(Math.max(1, error.retryAfterSeconds)))
  ctx.body = toWireError(error, requestId)
}
