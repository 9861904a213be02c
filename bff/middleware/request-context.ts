// What every request carries from its first moment: an id for log and error answers.
import { randomBytes } from 'node:crypto'
import type { DefaultContext, Middleware, ParameterizedContext } from 'koa'

export interface RequestState {
  requestId: string
}

export type ConnectContext = ParameterizedContext<RequestState, DefaultContext>
export type ConnectMiddleware = Middleware<RequestState, DefaultContext>

/** The id is always ours: one from outside could forge or flood the log. */
export function createRequestId(): string {
  return `req_${randomBytes(16).toString('base64url')}`
}
