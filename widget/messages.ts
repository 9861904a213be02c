// Every English text of the widget. The types demand one for each code and status, so a missing text does not compile.
import type { FlowStatus, ReconnectReason } from '../bff/contract.ts'
import type { ConnectGitHubErrorCode } from './error.ts'

/** A title, and what to do next. */
export interface Text {
  readonly title: string
  readonly next: string
}

const text = (title: string, next = ''): Text => ({ title, next })

const again = 'Please start again.'
const soon = 'Please try again in a moment.'
const setup = text(
  'GitHub cannot be connected right now',
  'Please tell the support of this site the code below.',
)
const ours = text('Something went wrong on our side', soon)
const busy = text('The service is busy', soon)
const odd = text('This did not work', 'Reload the page and try again.')
const reply = text('GitHub’s answer could not be used', again)
const expired = text('This took too long', again)
const cancelled = text('Cancelled', 'Nothing was connected.')
const superseded = text('A newer attempt replaced this one', again)
/** The account in the way is the customer's own; it is named below. */
const conflict = text(
  'Another GitHub account is already connected',
  'It has to be detached at Layers first. Please ask the support of this site.',
)

export const english = {
  label: 'GitHub connection',
  loading: 'Loading the GitHub connection',
  connect: 'Connect GitHub',
  notConnected: text(
    'Connect your GitHub organization',
    'You choose on GitHub which repositories are shared.',
  ),
  connectedTo: 'Connected to {account}',
  stillInstalled: 'The app is still installed on GitHub. Remove it there.',
  viewOnlyNotConnected: 'GitHub is not connected',
  conflictElsewhere: text(
    'GitHub is already connected',
    'Another customer account of this site holds the only connection. Please contact the support of this site.',
  ),
  viewOnly: 'Only an administrator of your organization can change this.',
  openAgain: 'Open GitHub again',
  continueHere: 'Continue in this tab',
  popupBlocked: 'Your browser blocked the window.',
  waitingLong:
    'Was the app already installed? Then GitHub may not come back by itself: press “Save” there, or start over.',
  finishingLong: 'This takes longer than usual. You can leave this page.',
  startOver: 'Start over',
  cancel: 'Cancel',
  checkAgain: 'Check again',
  notApproved: 'Checked just now: not approved yet.',
  tryAgain: 'Try again',
  reconnect: 'Reconnect',
  copy: 'Copy message',
  copied: 'Copied',
  copyByHand: 'Press Ctrl+C or ⌘C to copy',
  approval:
    'Hello! I asked to install a GitHub App for our organization. As an owner, please review the request on GitHub, in the organization’s settings under “GitHub Apps”. Then please open {page} and press “Connect GitHub”, because GitHub does not tell that page about an approval. Thank you!',
  Organization: 'Organization',
  User: 'Personal account',
  since: 'since {date}',
  manage: 'Manage on GitHub',
  disconnect: 'Disconnect',
  confirm: text(
    'Disconnect GitHub?',
    'The app stays installed on GitHub until you remove it in GitHub’s settings.',
  ),
  keep: 'Keep connected',
  newWindow: '(opens in a new window)',
  support: 'Code:',
  flow: {
    starting: text('Opening GitHub…', 'Getting the page ready.'),
    waiting: text('Continue on GitHub', 'Choose there the organization and the repositories to share.'),
    returned: text('Back from GitHub', 'Checking that it is still you.'),
    binding: text('Finishing the connection…', 'GitHub has answered. This takes a few seconds.'),
    connected: text('GitHub is connected'),
    awaiting_approval: text(
      'Waiting for an owner’s approval',
      'An owner of the GitHub organization has to approve your request. Send them this message:',
    ),
    conflict,
    refused: text('This installation could not be connected', again),
    expired,
    cancelled,
    superseded,
    blocked: setup,
  } satisfies Record<FlowStatus, Text>,
  reconnectBecause: {
    uninstalled: text('The app was removed from GitHub', 'Reconnect to install it again.'),
    suspended: text('The app is suspended on GitHub', 'Unsuspend it in GitHub’s settings, or reconnect.'),
    detached: text('GitHub is no longer connected', 'Layers has no record of it any more. Please reconnect.'),
    unusable: text('The GitHub connection no longer works', 'Please reconnect.'),
  } satisfies Record<ReconnectReason, Text>,
  errors: {
    offline: text('You seem to be offline', 'This goes on by itself when the connection is back.'),
    unreachable: text('The service cannot be reached right now', 'This goes on by itself.'),
    unexpected_answer: ours,
    invalid_request: odd,
    session_required: text('Please sign in', 'Your session has ended. Sign in, then try again.'),
    forbidden: text(
      'You may not connect GitHub',
      'Please ask an administrator of your organization to do it.',
    ),
    request_not_trusted: setup,
    not_found: odd,
    method_not_allowed: odd,
    payload_too_large: odd,
    unsupported_media_type: odd,
    rate_limited: text('Too many tries', soon),
    internal: ours,
    storage_unavailable: busy,
    shutting_down: busy,
    return_unknown: reply,
    return_other_browser: text('This was started in another browser', 'Go back there, or start again here.'),
    return_malformed: reply,
    state_replayed: reply,
    missing_installation: reply,
    session_mismatch: text('Somebody else signed in meanwhile', again),
    flow_expired: expired,
    flow_superseded: superseded,
    flow_cancelled: cancelled,
    installation_not_found: text(
      'The app is not installed there',
      'Install it on GitHub, with access to at least one repository, and try again.',
    ),
    already_bound: conflict,
    installation_in_use: text(
      'This GitHub account is already connected elsewhere',
      'Choose another account, or contact the support of this site.',
    ),
    partner_key_refused: setup,
    scope_missing: setup,
    return_url_not_allowed: setup,
    organization_unknown: setup,
    install_url_refused: setup,
    kill_switch: text('Connecting is switched off at the moment', 'Please try again later.'),
    upstream_refused: setup,
    upstream_invalid: ours,
    upstream_rate_limited: busy,
    upstream_unavailable: busy,
  } satisfies Record<ConnectGitHubErrorCode, Text>,
}

type Texts<T> = { readonly [K in keyof T]: T[K] extends string ? string : Texts<T[K]> }
type DeepPartial<T> = { readonly [K in keyof T]?: T[K] extends string ? string : DeepPartial<T[K]> }

/** All texts, complete. */
export type Messages = Texts<typeof english>

/** The texts a host page wants to say differently, at any depth. */
export type MessageOverrides = DeepPartial<Messages>

/** `base` with the given texts replaced. */
export function mergeMessages(base: Messages, overrides: MessageOverrides | undefined): Messages {
  // The type of the overrides says that they agree with `base` key by key.
  // eslint-disable-next-line typescript/no-unsafe-type-assertion
  return overrides ? (merge(base, overrides) as Messages) : base
}

function merge(base: object, overrides: object): object {
  const known = new Map<string, unknown>(Object.entries(base))
  for (const [key, value] of Object.entries(overrides) as [string, unknown][]) {
    const before = known.get(key)
    if (typeof value === 'string') known.set(key, value)
    else if (isObject(value) && isObject(before)) known.set(key, merge(before, value))
  }
  return Object.fromEntries(known)
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
