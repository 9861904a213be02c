// The one error class a host page ever receives, and how anything thrown becomes one.
import { isRetryable, nameText } from './error-texts.ts'
import type { ConnectGitHubErrorCode } from './error-texts.ts'
import { mergeMessages } from './messages.ts'
import type { ConnectGitHubOptions } from './options.ts'

/** What went wrong, for the developer (`message`) and for the customer (`displayMessage`). */
export class ConnectGitHubError extends Error {
  // `declare`, because a class field would be written once more, empty, into the bundle.
  declare readonly name: 'ConnectGitHubError'
  /** One of a newer server may be none of these. */
  declare readonly code: ConnectGitHubErrorCode
  /** Text for the customer, in the language of the props; empty until the widget hands the error out. */
  declare readonly displayMessage: string
  /** True when the same action, tried again, can succeed. */
  declare readonly retryable: boolean
  /** The server's id of the failed request, for support. Null when no answer arrived. */
  declare readonly requestId: string | null

  constructor(
    code: ConnectGitHubErrorCode,
    message: string = code,
    requestId: string | null = null,
    displayMessage = '',
  ) {
    super(message)
    const name = 'ConnectGitHubError'
    Object.assign(this, { name, code, displayMessage, retryable: isRetryable(code), requestId })
  }
}

/** The same error with the customer's text filled in. */
export function localizeError(
  { code, message, requestId }: ConnectGitHubError,
  { messages, locale }: ConnectGitHubOptions,
): ConnectGitHubError {
  const { title, next } = mergeMessages(messages, locale)[nameText(code)]
  return new ConnectGitHubError(code, message, requestId, `${endSentence(title)} ${next}`)
}

/** A title with the punctuation it needs before another sentence. */
export const endSentence = (title: string) => (/\p{P}$/u.test(title) ? title : `${title}.`)

/** Anything thrown, as our error: what is not ours came from the network. */
export const toError = (thrown: unknown): ConnectGitHubError =>
  thrown instanceof ConnectGitHubError
    ? thrown
    : new ConnectGitHubError(navigator.onLine ? 'unreachable' : 'offline', String(thrown))
