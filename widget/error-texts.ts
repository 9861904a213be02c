// What each error code is told with. The types demand that each code of the contract has a text of its own or is named
// among those of a default, and that it is the right default; anything else does not compile.
import type { ERRORS, ErrorCode } from '../bff/contract.ts'

/** A title, and what to do next. */
export interface Text {
  readonly title: string
  readonly next: string
}

export const text = (title: string, next: string): Text => ({ title, next })

const again = 'Please start again.'
const byItself = 'This goes on by itself.'
const soon = 'Please try again in a moment.'
export const support = 'Please ask the support of this site.'

/**
 * The contract's codes and those of the browser's side: `offline` (no network), `unreachable` (no answer) and
 * `unexpected_answer` (an answer of a shape this widget does not know).
 */
export type ConnectGitHubErrorCode = ErrorCode | 'offline' | 'unreachable' | 'unexpected_answer'

type CodeThatIs<Retryable extends boolean> = {
  [C in ErrorCode]: (typeof ERRORS)[C]['retryable'] extends Retryable ? C : never
}[ErrorCode]

/** Codes told with the text of `internal`: whatever it was, the next try may go better. */
type Passing =
  | 'unexpected_answer'
  | Extract<
      CodeThatIs<true>,
      | 'flow_cancelled'
      | 'flow_superseded'
      | 'identity_unavailable'
      | 'missing_installation'
      | 'ownership_unavailable'
      | 'return_malformed'
      | 'return_other_browser'
      | 'return_unknown'
      | 'shutting_down'
      | 'state_replayed'
      | 'storage_unavailable'
      | 'upstream_invalid'
      | 'upstream_rate_limited'
      | 'upstream_unavailable'
    >

/** Codes told with the text of `upstream_refused`: nothing the customer does would help. */
type Lasting = Extract<
  CodeThatIs<false>,
  | 'install_url_refused'
  | 'invalid_request'
  | 'method_not_allowed'
  | 'not_found'
  | 'organization_unknown'
  | 'ownership_misconfigured'
  | 'partner_key_refused'
  | 'payload_too_large'
  | 'request_not_trusted'
  | 'return_url_not_allowed'
  | 'scope_missing'
  | 'unsupported_media_type'
>

export const errorTexts = {
  internal: text('Something went wrong', soon),
  rate_limited: text('Too many tries', soon),
  unreachable: text('The service cannot be reached right now', byItself),
  offline: text('You seem to be offline', byItself),
  upstream_refused: text('GitHub cannot be connected right now', support),
  kill_switch: text('Connecting is switched off', 'Please try again later.'),
  session_required: text('Please sign in', 'Then try again.'),
  session_mismatch: text('Somebody else signed in meanwhile', again),
  flow_expired: text('This took too long', again),
  forbidden: text('You may not connect GitHub', 'Please ask an administrator.'),
  not_connected: text('GitHub is not connected', 'Please connect it.'),
  installation_not_found: text(
    'The app is not installed there',
    'Please install it for at least one repository.',
  ),
  installation_unusable: text('The app is suspended or removed on GitHub', again),
  already_bound: text(
    'Another GitHub account is already connected',
    `It has to be detached first. ${support}`,
  ),
  installation_in_use: text(
    'This GitHub account is already connected elsewhere',
    `Choose another account. ${support}`,
  ),
  account_mismatch: text('Another GitHub account is expected here', 'Please choose that one.'),
  ownership_not_proved: text(
    'Only an owner can connect this account',
    'Ask an owner, or choose an account you own.',
  ),
  ownership_declined: text('You did not confirm who you are', again),
  ownership_sign_on: text('Please sign in to your GitHub organization (SSO)', 'Then try again.'),
} satisfies Record<Exclude<ConnectGitHubErrorCode, Passing | Lasting>, Text>

/** Parts of the codes that come again however often the same is tried; a test compares it with the contract's table. */
const FINAL = /forb|refus|kill|request|alre|in_use|misc|allow|^org|scope|media|large|^not_f/

/** True when the same action, tried again, can succeed. */
export const isRetryable = (code: string): boolean => !FINAL.test(code)

const hasOwnText = (code: string): code is keyof typeof errorTexts => Object.hasOwn(errorTexts, code)

/** The name of the text that a code is told with; one of a newer server gets a default, too. */
export const nameText = (code: string): keyof typeof errorTexts =>
  hasOwnText(code) ? code : isRetryable(code) ? 'internal' : 'upstream_refused'
