// The outermost step: gives the request its id, turns whatever is thrown into an answer, and writes the request's log line.
import { ConnectError, toConnectError, toWireError } from '../errors.ts'
import type { Log, LogFields } from '../log.ts'
import { sendPage } from '../pages/page.ts'
import { presentationFor } from '../pages/presentation.ts'
import { createProblemPage } from '../pages/problem-page.ts'
import { StorageError } from '../storage/storage.ts'
import { createRequestId, type ConnectContext, type ConnectMiddleware } from './request-context.ts'

interface AnswerErrorsDeps {
  readonly log: Log
  readonly onFatal: (error: unknown) => void
  /** Where pages lead back to. */
  readonly hostUrl: string
}

export function answerErrors(deps: AnswerErrorsDeps): ConnectMiddleware {
  return async (ctx, next) => {
    const startedAt = performance.now()
    ctx.state.requestId = createRequestId()
    ctx.set('X-Request-Id', ctx.state.requestId)
    try {
      await next()
    } catch (thrown) {
      answerWith(ctx, translate(thrown, deps.onFatal), deps)
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

function answerWith(ctx: ConnectContext, error: ConnectError, { log, hostUrl }: AnswerErrorsDeps): void {
  const { requestId } = ctx.state
  if (error.status >= 500)
    log.error('request_failed', { requestId, code: error.code, detail: error.detail, error })
  else if (isForbidden(error)) log.security('request_forbidden', describe(ctx, error))
  else if (error.detail !== undefined) log.warn('request_refused', describe(ctx, error))
  ctx.status = error.status
  if (error.retryAfterSeconds !== undefined)
    ctx.set('Retry-After', String(Math.max(1, error.retryAfterSeconds)))
  if (ctx.state.answersWithPage !== true) {
    ctx.body = toWireError(error, requestId)
    return
  }
  const presentation = presentationFor(ctx)
  const page = createProblemPage(presentation.texts, error.code, hostUrl, requestId)
  sendPage(ctx, error.status, page, presentation)
}

/** Somebody without the role, or a page that is not listed. What else is forbidden has an event of its own, and no detail here. */
function isForbidden({ code, detail }: ConnectError): boolean {
  return code === 'forbidden' || (code === 'request_not_trusted' && detail !== undefined)
}

function describe(
  { state: { requestId, tenant } }: ConnectContext,
  { code, detail }: ConnectError,
): LogFields {
  return { requestId, ...(tenant === undefined ? {} : { tenant }), code, detail }
}
