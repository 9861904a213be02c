// How a call to Layers can fail, sorted by what may be done about it.

/**
 * `network` and `timeout`: no answer, so the call may or may not have taken effect. `status`: Layers said no. `shape`: an
 * answer that is not what the contract says, so what it did is unknown. `circuit`: no call was made, because Layers is down.
 */
export type UpstreamFailure = 'network' | 'timeout' | 'status' | 'shape' | 'circuit'

interface UpstreamErrorOptions {
  readonly cause?: unknown
  readonly status?: number | undefined
  readonly code?: string | undefined
  readonly requestId?: string | undefined
  readonly retryAfterMs?: number | undefined
  readonly downForMs?: number | undefined
}

export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly failure: UpstreamFailure
  readonly status: number | undefined
  /** Layers' error code, e.g. `RETURN_URL_NOT_ALLOWED`. New ones may appear. */
  readonly code: string | undefined
  /** Layers' request id, for support. */
  readonly requestId: string | undefined
  readonly retryAfterMs: number | undefined
  /** How long Layers has been left alone by now; for `circuit`. */
  readonly downForMs: number | undefined

  constructor(failure: UpstreamFailure, message: string, options: UpstreamErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.failure = failure
    this.status = options.status
    this.code = options.code
    this.requestId = options.requestId
    this.retryAfterMs = options.retryAfterMs
    this.downForMs = options.downForMs
  }

  /** True when the call may have taken effect although we were not told. */
  get isOutcomeUnknown(): boolean {
    if (this.failure === 'circuit') return false
    return this.failure !== 'status' || this.#isServerError
  }

  /**
   * True when Layers is not there, or not itself. Whatever else it says is an answer: also 429, which brings its own time to wait, a
   * key that was switched off, and what cannot be read.
   */
  get isOutage(): boolean {
    return this.failure === 'network' || this.failure === 'timeout' || this.#isServerError
  }

  get #isServerError(): boolean {
    return this.status !== undefined && this.status >= 500 && this.code !== 'KILL_SWITCH'
  }

  /** True when the same call can succeed later. Decided by code first: a 503 `KILL_SWITCH` never passes by itself. */
  get isTransient(): boolean {
    if (this.failure !== 'status') return true
    if (this.code === 'KILL_SWITCH') return false
    return this.status === 429 || (this.status !== undefined && this.status >= 500)
  }
}
