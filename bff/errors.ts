// The one error class of the BFF, and the one place that turns an error into the bytes a browser sees.
import { ERRORS, type ErrorCode, type WireError } from './contract.ts'

interface ConnectErrorOptions {
  /** For the log only: what happened, and for an operator how to cure it. Never sent to a browser. */
  readonly detail?: string
  readonly cause?: unknown
  /** Sent as `Retry-After`, in seconds. */
  readonly retryAfterSeconds?: number
}

/** A failure with a code of the contract's table. `message` is public text; `detail` and `cause` are for the log. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, options: ConnectErrorOptions = {}) {
    super(ERRORS[code].text, { cause: options.cause })
    this.code = code
    this.status = ERRORS[code].status
    this.detail = options.detail
    this.retryAfterSeconds = options.retryAfterSeconds
  }
}

/** Anything thrown that is not ours says nothing about itself to the browser. */
export function toConnectError(error: unknown): ConnectError {
  return error instanceof ConnectError ? error : new ConnectError('internal', { cause: error })
}

export function toWireError(error: ConnectError, requestId: string): WireError {
  return { error: { code: error.code, message: error.message, requestId } }
}
