// What every request carries from its first moment: an id for log and error answers.
import { randomBytes } from 'node:crypto'
import type { Middleware, ParameterizedContext } from 'koa'

export interface RequestState {
  requestId: string
  /** Methods of the selected path, as `Allow` lists them. */
  allowedMethods: string
  /** The parsed JSON of a POST, still unknown. */
  body?: unknown
  /** True once it is known who is asking: then the limits on users hold, and not those on addresses. */
  isKnown?: boolean
  /** Pseudonym of the tenant of whoever is asking, once that is known; for the log. */
  tenant?: string
  /** True for routes that a browser navigates to: errors are answered with a page. */
  answersWithPage?: boolean
}

export type ConnectContext = ParameterizedContext<RequestState>
export type ConnectMiddleware = Middleware<RequestState>

/** The id is always ours: one from outside could forge or flood the log. */
export function createRequestId(): string {
  return `req_${randomBytes(16).toString('base64url')}`
}
