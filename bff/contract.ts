// What crosses the wire between widget and BFF: paths, types, statuses and error codes. Imports nothing, so that
// the widget can share it without pulling in the server. Over 250 lines because the wire is one thing, read in one place,
// and most of it is two tables.

/** Who has to move for the flow to go on: the customer, the partner's operator, or nobody (the server does). */
export type Actor = 'user' | 'partner' | 'nobody'

interface FlowStatusRow {
  /** True while the flow can still reach another status by itself. */
  readonly open: boolean
}

/**
 * Every status a flow can have. `open` flows move on by themselves; the others are results. Only `connected` means
 * that Layers recorded the binding.
 */
export const FLOW_STATUSES = {
  starting: { open: true },
  waiting: { open: true },
  returned: { open: true },
  authorizing: { open: true },
  binding: { open: true },
  connected: { open: false },
  awaiting_approval: { open: false },
  conflict: { open: false },
  refused: { open: false },
  expired: { open: false },
  cancelled: { open: false },
  superseded: { open: false },
  blocked: { open: false },
} as const satisfies Record<string, FlowStatusRow>

export type FlowStatus = keyof typeof FLOW_STATUSES

interface ErrorRow {
  /** HTTP status when the code answers a request. Codes that only end a flow carry the status a request would get. */
  readonly status: number
  /** Public text: no ids, no names, no upstream wording. */
  readonly text: string
  readonly actor: Actor
  /** True when the same action, tried again, can succeed. */
  readonly retryable: boolean
}

/** Every error a browser can see. The widget has a text for each code in each language, checked by types. */
export const ERRORS = {
  // What was wrong with the request itself.
  invalid_request: {
    status: 400,
    text: 'The request is not of the expected form.',
    actor: 'nobody',
    retryable: false,
  },
  session_required: { status: 401, text: 'Please sign in and try again.', actor: 'user', retryable: true },
  forbidden: {
    status: 403,
    text: 'You may not connect GitHub for this organization.',
    actor: 'user',
    retryable: false,
  },
  request_not_trusted: {
    status: 403,
    text: 'The request did not come from an allowed page.',
    actor: 'partner',
    retryable: false,
  },
  not_found: { status: 404, text: 'There is nothing here.', actor: 'nobody', retryable: false },
  method_not_allowed: {
    status: 405,
    text: 'This method is not allowed here.',
    actor: 'nobody',
    retryable: false,
  },
  payload_too_large: { status: 413, text: 'The request is too large.', actor: 'nobody', retryable: false },
  unsupported_media_type: {
    status: 415,
    text: 'The request must be JSON.',
    actor: 'nobody',
    retryable: false,
  },
  rate_limited: {
    status: 429,
    text: 'Too many tries. Please wait a moment.',
    actor: 'user',
    retryable: true,
  },
  internal: { status: 500, text: 'Something went wrong on our side.', actor: 'nobody', retryable: true },
  identity_unavailable: {
    status: 503,
    text: 'We could not check who you are. Please try again.',
    actor: 'nobody',
    retryable: true,
  },
  storage_unavailable: {
    status: 503,
    text: 'The service is busy. Please try again.',
    actor: 'nobody',
    retryable: true,
  },
  shutting_down: {
    status: 503,
    text: 'The service is restarting. Please try again.',
    actor: 'nobody',
    retryable: true,
  },

  // What was wrong with the return from GitHub.
  return_unknown: {
    status: 400,
    text: 'This page was opened without a connection in progress. Go back to where you started and press Connect.',
    actor: 'user',
    retryable: true,
  },
  return_other_browser: {
    status: 403,
    text: 'The connection was started in another browser. Go back there, or start again here.',
    actor: 'user',
    retryable: true,
  },
  return_malformed: {
    status: 400,
    text: 'GitHub’s answer could not be read. Please start again.',
    actor: 'user',
    retryable: true,
  },
  state_replayed: {
    status: 409,
    text: 'This answer from GitHub was already used.',
    actor: 'user',
    retryable: true,
  },
  missing_installation: {
    status: 400,
    text: 'GitHub did not say which installation was made. Please start again.',
    actor: 'user',
    retryable: true,
  },
  session_mismatch: {
    status: 403,
    text: 'Somebody else signed in meanwhile. Please start again.',
    actor: 'user',
    retryable: true,
  },

  // How a flow can end other than connected.
  flow_expired: {
    status: 410,
    text: 'This took too long. Please start again.',
    actor: 'user',
    retryable: true,
  },
  flow_superseded: {
    status: 409,
    text: 'A newer attempt replaced this one.',
    actor: 'user',
    retryable: true,
  },
  flow_cancelled: { status: 409, text: 'This attempt was cancelled.', actor: 'user', retryable: true },
  installation_not_found: {
    status: 422,
    text: 'The app is not installed there, or cannot be seen. Please install it and try again.',
    actor: 'user',
    retryable: true,
  },
  installation_unusable: {
    status: 409,
    text: 'The app is installed, but suspended or removed on GitHub.',
    actor: 'user',
    retryable: true,
  },
  already_bound: {
    status: 409,
    text: 'Another GitHub account is already connected. It has to be detached first.',
    actor: 'user',
    retryable: false,
  },
  installation_in_use: {
    status: 409,
    text: 'This GitHub account is already connected elsewhere.',
    actor: 'user',
    retryable: false,
  },
  account_mismatch: {
    status: 409,
    text: 'The app was installed on another GitHub account than the one expected here. Please choose that one.',
    actor: 'user',
    retryable: true,
  },
  ownership_not_proved: {
    status: 403,
    text: 'Only an owner of the GitHub account can connect it. Ask an owner to do it, or choose an account you own.',
    actor: 'user',
    retryable: true,
  },
  ownership_declined: {
    status: 403,
    text: 'You did not confirm on GitHub who you are, so nothing was connected.',
    actor: 'user',
    retryable: true,
  },
  ownership_unavailable: {
    status: 503,
    text: 'GitHub could not be asked who owns the account, so nothing was connected. Please try again.',
    actor: 'nobody',
    retryable: true,
  },
  ownership_sign_on: {
    status: 403,
    text: 'Your organization asks for single sign-on. Sign in to it on GitHub, then try again.',
    actor: 'user',
    retryable: true,
  },

  // What keeps the repositories from being listed.
  not_connected: {
    status: 409,
    text: 'GitHub is not connected, or has to be connected again.',
    actor: 'user',
    retryable: true,
  },

  // What only the partner can mend. The log and the operator's documentation name the cure.
  partner_key_refused: {
    status: 502,
    text: 'The connection is not set up correctly.',
    actor: 'partner',
    retryable: false,
  },
  scope_missing: {
    status: 502,
    text: 'The connection is not set up correctly.',
    actor: 'partner',
    retryable: false,
  },
  return_url_not_allowed: {
    status: 502,
    text: 'The connection is not set up correctly.',
    actor: 'partner',
    retryable: false,
  },
  organization_unknown: {
    status: 502,
    text: 'The connection is not set up correctly.',
    actor: 'partner',
    retryable: false,
  },
  install_url_refused: {
    status: 502,
    text: 'The connection is not set up correctly.',
    actor: 'partner',
    retryable: false,
  },
  ownership_misconfigured: {
    status: 502,
    text: 'The connection is not set up correctly.',
    actor: 'partner',
    retryable: false,
  },
  kill_switch: {
    status: 503,
    text: 'Connecting is switched off at the moment.',
    actor: 'partner',
    retryable: false,
  },
  upstream_refused: {
    status: 502,
    text: 'The connection is not set up correctly.',
    actor: 'partner',
    retryable: false,
  },

  // What passes by itself.
  upstream_invalid: {
    status: 502,
    text: 'Layers gave an answer that makes no sense.',
    actor: 'partner',
    retryable: true,
  },
  upstream_rate_limited: {
    status: 503,
    text: 'Layers is busy. Please try again in a moment.',
    actor: 'nobody',
    retryable: true,
  },
  upstream_unavailable: {
    status: 503,
    text: 'Layers cannot be reached. Please try again.',
    actor: 'nobody',
    retryable: true,
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

/** Body of every error answer: `{ error: { code, message, requestId } }`. */
export interface WireError {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly requestId: string }
}

/** How the browser gets to GitHub: in a window of its own, or in the tab itself. */
export type FlowMode = 'popup' | 'redirect'

/** How the BFF's own pages look. Without one they follow the system. */
export type Theme = 'light' | 'dark'

export interface GitHubAccount {
  /** The name on GitHub. Text from outside: show it as text only. */
  readonly login: string
  readonly type: 'Organization' | 'User'
}

/** One try to connect, as its user may see it. No installation id, no state, no GitHub URL. */
export interface FlowView {
  readonly flowId: string
  readonly status: FlowStatus
  /** Grows with every change; pass it as `?after=` to wait for the next one. */
  readonly version: number
  readonly mode: FlowMode
  /** What support needs to find this flow in the BFF's log: its `flow` field there. */
  readonly reference: string
  /** Why the flow ended, when it ended badly. */
  readonly error: ErrorCode | null
  /** The account that was connected; with `conflict`, the one that stands in the way, when it is the tenant's own. */
  readonly account: GitHubAccount | null
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** ISO 8601, UTC. An open flow ends by then; what was accepted before is given one last try. */
  readonly expiresAt: string
}

/** `reconnect` means: it was connected, and GitHub or Layers say that it no longer works. */
export type ConnectionStatus = 'not_connected' | 'connected' | 'reconnect'

/** Why a connection no longer works. `detached`: Layers has no record of it any more. */
export type ReconnectReason = 'uninstalled' | 'suspended' | 'detached' | 'unusable'

/** What the tenant has. */
export interface ConnectionView {
  readonly status: ConnectionStatus
  readonly account: GitHubAccount | null
  readonly reason: ReconnectReason | null
  /** ISO 8601, UTC: when Layers first recorded the binding. */
  readonly connectedAt: string | null
  /** ISO 8601, UTC: when Layers last confirmed it. */
  readonly checkedAt: string | null
  /** True while the server asks Layers in the background; ask again in a second or two. */
  readonly refreshing: boolean
  /** GitHub's page to change or remove the installation, without an id in it. */
  readonly manageUrl: string | null
  /** The account's picture, of the BFF itself; null where there is none. It answers 404 when GitHub has given none. */
  readonly avatarUrl: string | null
  /** False when this user may look but not connect or disconnect. */
  readonly canConnect: boolean
  /** The user's latest flow, while it is open, awaits approval, or ended badly within the last 15 minutes. */
  readonly flow: FlowView | null
}

/** One repository that the tenant's installation can see. */
export interface RepositoryView {
  /** `owner/name`. Text from outside: show it as text only. */
  readonly fullName: string
  readonly isPrivate: boolean
  readonly defaultBranch: string | null
  /** The main programming language, as GitHub names it. */
  readonly language: string | null
  /** The repository's page on GitHub. */
  readonly url: string
}

/** Answer of `GET {base}/repositories`: one page, in Layers' order. */
export interface RepositoriesView {
  readonly items: readonly RepositoryView[]
  /** Pass it as `?cursor=` for the next page; null on the last one. Good for this tenant only. */
  readonly nextCursor: string | null
}

/** Most repositories on one page, and the number when nothing is said. */
export const MAX_REPOSITORIES = 100
export const DEFAULT_REPOSITORIES = 30
/** Of the text that repositories are searched for, in characters. */
export const MAX_SEARCH_LENGTH = 100

/** Body of `POST {base}/flows`. */
export interface StartFlowRequest {
  /** 22 random characters of base64url (see FLOW_ID_PATTERN), made by the widget inside the click. Repeating it repeats nothing. */
  readonly flowId: string
  readonly mode: FlowMode
  /** Where the tab goes after a redirect flow: a path or URL on the host page's own origin. Default `/`. */
  readonly returnTo?: string
  /** Language of the BFF's own pages, as a BCP 47 tag (see LOCALE_PATTERN). Default: what the browser asks for. */
  readonly locale?: string
  /** Default: the system's. */
  readonly theme?: Theme
}

/** Answer of `POST {base}/flows/:id/launch`: whether the browser can go on to GitHub yet. */
export type LaunchAnswer =
  | { readonly status: 'pending' }
  | { readonly status: 'ready'; readonly url: string }
  | { readonly status: 'ended'; readonly flow: FlowView }

/** A flow id: 22 characters of base64url. */
export const FLOW_ID_PATTERN = /^[A-Za-z0-9_-]{22}$/

/** The form of a language tag (RFC 5646 §2.1), and its greatest length (§4.4.1). Whether there is such a language is not asked. */
export const LOCALE_PATTERN = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/
export const MAX_LOCALE_LENGTH = 35

/** Custom header that every changing request carries, so that no HTML form can send it (OWASP CSRF cheat sheet). */
export const REQUEST_HEADER = 'X-Connect-GitHub'

/** Longest time a status request may wait for a change, in seconds. */
export const MAX_WAIT_SECONDS = 25

/**
 * Name of the BroadcastChannel on the BFF's origin. What is sent there, and to the opener, is
 * `{ source: 'connect-github', flowId }`: a hint that a flow changed and the server should be asked, never a fact.
 */
export const CHANNEL_NAME = 'connect-github'
