// The one error class a host page ever receives, and which codes can succeed when tried again.
import type { ERRORS, ErrorCode } from '../bff/contract.ts'
import type { Messages } from './messages.ts'

/** Codes of the browser's side: no network, no answer, or an answer of a shape this widget does not know. */
export type ClientErrorCode = 'offline' | 'unreachable' | 'unexpected_answer'

export type ConnectGitHubErrorCode = ErrorCode | ClientErrorCode

type CodeWhere<Row> = { [C in ErrorCode]: (typeof ERRORS)[C] extends Row ? C : never }[ErrorCode]

// Typed by the contract's table without importing its texts: a row that changes there stops this from compiling.
const FINAL: Record<CodeWhere<{ retryable: false }>, 1> = {
  invalid_request: 1,
  forbidden: 1,
  request_not_trusted: 1,
  not_found: 1,
  method_not_allowed: 1,
  payload_too_large: 1,
  unsupported_media_type: 1,
  already_bound: 1,
  installation_in_use: 1,
  partner_key_refused: 1,
  scope_missing: 1,
  return_url_not_allowed: 1,
  organization_unknown: 1,
  install_url_refused: 1,
  kill_switch: 1,
  upstream_refused: 1,
}

/** What went wrong, for the developer (`message`) and for the customer (`displayMessage`). */
export class ConnectGitHubError extends Error {
  override readonly name = 'ConnectGitHubError'
  readonly code: ConnectGitHubErrorCode
  /** Text for the customer, in the language of the `messages` prop; empty until the widget hands the error out. */
  readonly displayMessage: string
  /** True when the same action, tried again, can succeed. */
  readonly retryable: boolean
  /** The server's id of the failed request, for support. Null when no answer arrived. */
  readonly requestId: string | null

  constructor(
    code: ConnectGitHubErrorCode,
    message: string = code,
    requestId: string | null = null,
    displayMessage = '',
  ) {
    super(message)
    this.code = code
    this.retryable = !Object.hasOwn(FINAL, code)
    this.requestId = requestId
    this.displayMessage = displayMessage
  }
}

/** The same error with the customer's text filled in. */
export function localizeError(error: ConnectGitHubError, messages: Messages): ConnectGitHubError {
  const { title, next } = messages.errors[error.code]
  return new ConnectGitHubError(error.code, error.message, error.requestId, `${endSentence(title)} ${next}`)
}

/** A title with the punctuation it needs before another sentence. */
export const endSentence = (title: string) => (/\p{P}$/u.test(title) ? title : `${title}.`)

/** Anything thrown, as our error: what is not ours came from the network. */
export function toError(thrown: unknown): ConnectGitHubError {
  return thrown instanceof ConnectGitHubError
    ? thrown
    : new ConnectGitHubError(navigator.onLine ? 'unreachable' : 'offline', String(thrown))
}
