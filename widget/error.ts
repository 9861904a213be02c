// The one error class a host page ever receives, and how anything thrown becomes one.
import { FINAL, TEXT_OF } from './messages.ts'
import type { Messages } from './messages.ts'

/**
 * The contract's codes and those of the browser's side: `offline` (no network), `unreachable` (no answer) and
 * `unexpected_answer` (an answer of a shape this widget does not know).
 */
export type ConnectGitHubErrorCode = keyof typeof TEXT_OF

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
    this.retryable = !(TEXT_OF[code] in FINAL)
    this.requestId = requestId
    this.displayMessage = displayMessage
  }
}

/** The same error with the customer's text filled in. */
export function localizeError(
  { code, message, requestId }: ConnectGitHubError,
  messages: Messages,
): ConnectGitHubError {
  const { title, next } = messages[TEXT_OF[code]]
  return new ConnectGitHubError(code, message, requestId, `${endSentence(title)} ${next}`)
}

/** A title with the punctuation it needs before another sentence. */
export const endSentence = (title: string) => (/\p{P}$/u.test(title) ? title : `${title}.`)

/** Anything thrown, as our error: what is not ours came from the network. */
export function toError(thrown: unknown): ConnectGitHubError {
  return thrown instanceof ConnectGitHubError
    ? thrown
    : new ConnectGitHubError(navigator.onLine ? 'unreachable' : 'offline', String(thrown))
}
