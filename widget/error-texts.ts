// What each error code is told with. The types demand a text for each code of the contract, and that codes which share
// one agree on whether another try can help; anything else does not compile.
import type { ERRORS, ErrorCode } from '../bff/contract.ts'

/** A title, and what to do next. */
export interface Text {
  readonly title: string
  readonly next: string
}

export const text = (title: string, next: string): Text => ({ title, next })

const again = 'Please start again.'
const soon = 'Please try again in a moment.'
const byItself = 'This goes on by itself.'
export const support = 'Please ask the support of this site.'

/**
 * The contract's codes and those of the browser's side: `offline` (no network), `unreachable` (no answer) and
 * `unexpected_answer` (an answer of a shape this widget does not know).
 */
export type ConnectGitHubErrorCode = ErrorCode | 'offline' | 'unreachable' | 'unexpected_answer'

/** In an order that makes the compressed widget smaller by some 50 bytes than that of the contract. */
export const errorTexts = {
  flow_expired: text('This took too long', again),
  flow_superseded: text('This attempt has ended', again),
  kill_switch: text('Connecting is switched off', 'Please try again later.'),
  not_connected: text('GitHub is not connected', 'Please connect it.'),
  installation_not_found: text(
    'The app is not installed there',
    'Please install it for at least one repository.',
  ),
  session_required: text('Please sign in', 'Then try again.'),
  session_mismatch: text('Somebody else signed in meanwhile', again),
  return_malformed: text('GitHub’s answer could not be used', again),
  already_bound: text(
    'Another GitHub account is already connected',
    `It has to be detached at Layers first. ${support}`,
  ),
  installation_in_use: text(
    'This GitHub account is already connected elsewhere',
    `Choose another account. ${support}`,
  ),
  ownership_not_proved: text(
    'Only an owner can connect this account',
    'Ask an owner, or choose an account you own.',
  ),
  ownership_declined: text('You did not confirm who you are', again),
  rate_limited: text('Too many tries', soon),
  upstream_refused: text('GitHub cannot be connected right now', support),
  installation_unusable: text('The app is suspended or removed on GitHub', again),
  forbidden: text('You may not connect GitHub', 'Please ask an administrator of your organization.'),
  ownership_sign_on: text('Please sign in to your GitHub organization (SSO)', 'Then try again.'),
  account_mismatch: text('Another GitHub account is expected here', 'Please choose that one.'),
  storage_unavailable: text('The service is busy', soon),
  unreachable: text('The service cannot be reached right now', byItself),
  internal: text('Something went wrong on our side', soon),
  offline: text('You seem to be offline', byItself),
  invalid_request: text('This did not work', 'Please reload the page.'),
} satisfies Partial<Record<ConnectGitHubErrorCode, Text>>

type OwnText = keyof typeof errorTexts
type Retryable<C> = C extends ErrorCode ? (typeof ERRORS)[C]['retryable'] : true
type OwnTextThatIs<R extends boolean> = { [C in OwnText]: Retryable<C> extends R ? C : never }[OwnText]

/** Codes that ask the same of a customer as another one. */
export const SAME_AS = {
  flow_cancelled: 'flow_superseded',
  ownership_misconfigured: 'upstream_refused',
  return_url_not_allowed: 'upstream_refused',
  install_url_refused: 'upstream_refused',
  request_not_trusted: 'upstream_refused',
  organization_unknown: 'upstream_refused',
  partner_key_refused: 'upstream_refused',
  scope_missing: 'upstream_refused',
  return_unknown: 'return_malformed',
  return_other_browser: 'return_malformed',
  missing_installation: 'return_malformed',
  state_replayed: 'return_malformed',
  shutting_down: 'storage_unavailable',
  ownership_unavailable: 'storage_unavailable',
  upstream_unavailable: 'storage_unavailable',
  identity_unavailable: 'storage_unavailable',
  upstream_rate_limited: 'storage_unavailable',
  upstream_invalid: 'internal',
  unexpected_answer: 'internal',
  unsupported_media_type: 'invalid_request',
  payload_too_large: 'invalid_request',
  not_found: 'invalid_request',
  method_not_allowed: 'invalid_request',
} as const satisfies {
  readonly [C in Exclude<ConnectGitHubErrorCode, OwnText>]: OwnTextThatIs<Retryable<C>>
}

/** Texts of errors that come again however often the same is tried. */
const FINAL: Readonly<Record<OwnTextThatIs<false>, 1>> = {
  forbidden: 1,
  upstream_refused: 1,
  kill_switch: 1,
  invalid_request: 1,
  already_bound: 1,
  installation_in_use: 1,
}

const isShared = (code: ConnectGitHubErrorCode): code is keyof typeof SAME_AS => code in SAME_AS

/** The name of the text that a code is told with. */
export const nameText = (code: ConnectGitHubErrorCode): OwnText => (isShared(code) ? SAME_AS[code] : code)

/** True when the same action, tried again, can succeed. */
export const isRetryable = (code: ConnectGitHubErrorCode): boolean => !(nameText(code) in FINAL)
