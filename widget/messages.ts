// Every English text of the widget, and which text each error code is told with. The types demand one for each code
// and status, so a missing text does not compile.
import type { ERRORS, ErrorCode, GitHubAccount, ReconnectReason } from '../bff/contract.ts'

/** A title, and what to do next. */
export interface Text {
  readonly title: string
  readonly next: string
}

const text = (title: string, next: string): Text => ({ title, next })

const again = 'Please start again.'
const soon = 'Please try again in a moment.'
const byItself = 'This goes on by itself.'
const support = 'Please ask the support of this site.'

export const english = {
  label: 'GitHub connection',
  loading: 'Loading…',
  connect: 'Connect GitHub',
  notConnected: text('Connect your GitHub organization', 'You choose on GitHub which repositories to share.'),
  stillInstalled: 'The app is still installed on GitHub. Remove it there.',
  viewOnlyNotConnected: 'GitHub is not connected',
  viewOnly: 'Only an administrator of your organization can change this.',
  opening: text('Opening GitHub…', ''),
  waiting: text('Continue on GitHub', 'Choose the organization and the repositories to share there.'),
  waitingLong: 'Is the app already installed? Then press “Save” on GitHub, or start over.',
  popupBlocked: 'Your browser blocked the window.',
  openAgain: 'Open GitHub again',
  continueHere: 'Continue in this tab',
  startOver: 'Start over',
  cancel: 'Cancel',
  returned: text('Back from GitHub', 'Checking that it is still you.'),
  binding: text('Finishing the connection…', 'This takes a moment.'),
  finishingLong: 'This takes longer than usual. You can leave the page.',
  connected: 'GitHub is connected',
  connectedTo: 'Connected to {account}',
  Organization: 'Organization',
  User: 'Personal account',
  since: 'since {date}',
  manage: 'Manage on GitHub',
  newWindow: 'opens in a new window',
  disconnect: 'Disconnect',
  confirm: text('Disconnect GitHub?', 'The app stays installed on GitHub until you remove it there.'),
  keep: 'Keep connected',
  awaitingApproval: text(
    'Waiting for an owner’s approval',
    'An owner of the GitHub organization has to approve it. Send them this message:',
  ),
  approval:
    'I asked to install a GitHub App for our organization. Please approve it in the organization’s settings on GitHub, under “GitHub Apps”. Then open {page} and press “Connect GitHub”, because GitHub does not tell that page about an approval.',
  copy: 'Copy message',
  copied: 'Copied',
  copyByHand: 'Press Ctrl+C or ⌘C to copy',
  checkAgain: 'Check again',
  notApproved: 'Checked just now: not approved yet.',
  tryAgain: 'Try again',
  reconnect: 'Reconnect',
  uninstalled: text('The app was removed from GitHub', 'Reconnect to install it again.'),
  suspended: text('The app is suspended on GitHub', 'Unsuspend it there, or reconnect.'),
  detached: text('GitHub is no longer connected', 'Layers has no record of it. Please reconnect.'),
  unusable: text('The GitHub connection no longer works', 'Please reconnect.'),
  conflictElsewhere: text(
    'GitHub is already connected',
    `Another customer account of this site holds the only connection. ${support}`,
  ),
  support: 'Code:',

  // What errors are told with, see TEXT_OF.
  offline: text('You seem to be offline', byItself),
  unreachable: text('The service cannot be reached right now', byItself),
  session_required: text('Please sign in', 'Then try again.'),
  forbidden: text('You may not connect GitHub', 'Please ask an administrator of your organization.'),
  setup: text('GitHub cannot be connected right now', `${support} They need the code below.`),
  kill_switch: text('Connecting is switched off at the moment', 'Please try again later.'),
  ours: text('Something went wrong on our side', soon),
  busy: text('The service is busy', soon),
  rate_limited: text('Too many tries', soon),
  odd: text('This did not work', 'Reload the page and try again.'),
  reply: text('GitHub’s answer could not be used', again),
  over: text('This attempt has ended', again),
  flow_expired: text('This took too long', again),
  session_mismatch: text('Somebody else signed in meanwhile', again),
  return_other_browser: text('This was started in another browser', 'Go back there, or start again here.'),
  installation_not_found: text(
    'The app is not installed there',
    'Install it on GitHub for at least one repository, and try again.',
  ),
  installation_unusable: text('The app is suspended or removed on GitHub', again),
  already_bound: text(
    'Another GitHub account is already connected',
    `It has to be detached at Layers first. ${support}`,
  ),
  installation_in_use: text(
    'This GitHub account is already connected elsewhere',
    `Choose another account. ${support}`,
  ),
} satisfies Record<ReconnectReason, Text> &
  Record<GitHubAccount['type'], string> &
  Record<string, Text | string>

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Text }

/** All texts, complete. */
export type Messages = Texts<typeof english>

/** The texts a host page wants to say differently; of a title and its next step also one alone. */
export type MessageOverrides = {
  readonly [K in keyof Messages]?: (Messages[K] extends string ? string : Partial<Text>) | undefined
}

/** Texts of errors that come again however often the same is tried. */
type FinalText = 'forbidden' | 'setup' | 'kill_switch' | 'odd' | 'already_bound' | 'installation_in_use'
type TextName = { [K in keyof Messages]: Messages[K] extends string ? never : K }[keyof Messages]

/** The contract says which codes are worth another try; a code whose text says the contrary does not compile. */
type TextOf = {
  readonly [C in ErrorCode]: (typeof ERRORS)[C]['retryable'] extends true
    ? Exclude<TextName, FinalText>
    : FinalText
}

export const FINAL: Readonly<Record<FinalText, 1>> = {
  forbidden: 1,
  setup: 1,
  kill_switch: 1,
  odd: 1,
  already_bound: 1,
  installation_in_use: 1,
}

export const TEXT_OF = {
  offline: 'offline',
  unreachable: 'unreachable',
  unexpected_answer: 'ours',
  invalid_request: 'odd',
  not_found: 'odd',
  method_not_allowed: 'odd',
  payload_too_large: 'odd',
  unsupported_media_type: 'odd',
  session_required: 'session_required',
  forbidden: 'forbidden',
  request_not_trusted: 'setup',
  partner_key_refused: 'setup',
  scope_missing: 'setup',
  return_url_not_allowed: 'setup',
  organization_unknown: 'setup',
  install_url_refused: 'setup',
  upstream_refused: 'setup',
  kill_switch: 'kill_switch',
  internal: 'ours',
  upstream_invalid: 'ours',
  upstream_rate_limited: 'busy',
  upstream_unavailable: 'busy',
  storage_unavailable: 'busy',
  shutting_down: 'busy',
  rate_limited: 'rate_limited',
  return_unknown: 'reply',
  return_malformed: 'reply',
  state_replayed: 'reply',
  missing_installation: 'reply',
  return_other_browser: 'return_other_browser',
  session_mismatch: 'session_mismatch',
  flow_expired: 'flow_expired',
  flow_superseded: 'over',
  flow_cancelled: 'over',
  installation_not_found: 'installation_not_found',
  installation_unusable: 'installation_unusable',
  already_bound: 'already_bound',
  installation_in_use: 'installation_in_use',
} as const satisfies TextOf & Readonly<Record<string, TextName>>

/** The English texts with those of the host in their place. */
export function mergeMessages(overrides: MessageOverrides = {}): Messages {
  const merged: Record<string, Text | string> = { ...english }
  for (const [name, value] of Object.entries(overrides)) {
    const known = merged[name]
    if (typeof value === 'string') merged[name] = value
    else if (value && typeof known === 'object') merged[name] = { ...known, ...value }
  }
  // The type of the overrides says that they agree with the English texts name by name.
  // eslint-disable-next-line typescript/no-unsafe-type-assertion
  return merged as Messages
}
