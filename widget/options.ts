// The props, as the host page writes them, and the check that they are what they claim to be.
import type { QueryClient } from '@tanstack/react-query'
import type { ConnectionView, FlowMode, FlowStatus } from '../bff/contract.ts'
import type { ConnectGitHubError } from './error.ts'
import type { Language, MessageOverrides } from './messages.ts'
import type { TokenSource } from './token.ts'

export interface FlowMeta {
  readonly flowId: string
  /** How the flow ended; `failed` when it never started or the server does not know it. */
  readonly status: FlowStatus | 'failed'
}

/** The statuses a flow goes through, and what happened in the page. */
export type ConnectGitHubEventType = FlowStatus | 'click' | 'popup_blocked'

export interface ConnectGitHubEvent {
  readonly type: ConnectGitHubEventType
  readonly flowId: string
  /** Epoch milliseconds of the browser's clock. */
  readonly at: number
}

export interface ConnectGitHubOptions {
  /** Where the BFF is mounted: a path or an absolute URL. Default `/connect/github`. */
  baseURL?: string | undefined
  /** A connect token, or a function that gets one; needed only where no session cookie says who the user is. */
  token?: TokenSource | undefined
  /** `popup` opens a window, `redirect` uses the tab, `auto` (default) redirects on phones. */
  mode?: 'auto' | FlowMode | undefined
  /** Where the tab goes after a redirect: a path or URL of this page's origin. Default: this page without its hash. */
  returnTo?: string | undefined
  /** Keeps the customer from starting; what is under way goes on. */
  disabled?: boolean | undefined
  /** Texts to say differently, at any depth. */
  messages?: MessageOverrides | undefined
  /** A language, or a BCP 47 tag alone for English texts with its dates. Default: English, with the page's `lang`. The BFF's pages follow it. */
  locale?: string | Language | undefined
  /** Of the BFF's pages, which are shown in GitHub's window for a moment. `auto` (default) follows the system. */
  theme?: 'auto' | 'light' | 'dark' | undefined
  /** The host's TanStack Query client. Without one the widget keeps its own; no provider is needed. */
  queryClient?: QueryClient | undefined
  /** The flow ended connected. Once per flow, on the instance that started or resumed it. */
  onSuccess?: ((connection: ConnectionView, meta: FlowMeta) => void) | undefined
  /** The flow ended otherwise; null when nothing went wrong (cancelled, replaced, or awaiting approval). Once per flow. */
  onExit?: ((error: ConnectGitHubError | null, meta: FlowMeta) => void) | undefined
  /** A flow, an action or the first load failed. For a flow, `onExit` follows. */
  onError?: ((error: ConnectGitHubError) => void) | undefined
  /** Each step of a flow, once. */
  onEvent?: ((event: ConnectGitHubEvent) => void) | undefined
  /** The first answer of the server is on screen. */
  onLoad?: (() => void) | undefined
}

/** The latest options of one instance, behind a stable identity, so that callbacks are never stale. */
export interface Owner {
  current: ConnectGitHubOptions
}

/** What each kind of option is called in an error, and which options are of it. */
const KINDS = {
  string: 'baseURL returnTo className search',
  boolean: 'disabled unstyled enabled',
  function: 'onSuccess onExit onError onEvent onLoad',
  object: 'messages queryClient appearance',
  'string or function': 'token',
  'string or object': 'locale',
  'auto, popup or redirect': 'mode',
  'auto, light or dark': 'theme',
}

/**
 * Types do not protect hosts that are written in JavaScript. Called while developing only, so that a production bundle
 * does not pay for it.
 * @throws {TypeError} when an option is not of its kind.
 */
export function checkOptions(options: object): void {
  for (const [kinds, names] of Object.entries(KINDS))
    for (const name of names.split(' ')) {
      const value: unknown = Reflect.get(options, name)
      const kind = /,/.test(kinds) || value === null ? String(value) : typeof value
      if (value !== undefined && !kinds.split(/, | or /).includes(kind))
        throw new TypeError(`ConnectGitHub: "${name}" must be ${kinds}, not ${kind}.`)
      if (name === 'locale' && typeof value === 'string' && !isTag(value))
        throw new TypeError(`ConnectGitHub: "locale" must be a BCP 47 tag like pt-BR, not "${value}".`)
    }
}

/** Dates shown in a language that is none would throw. */
function isTag(locale: string): boolean {
  try {
    return Intl.getCanonicalLocales(locale).length > 0
  } catch {
    return false
  }
}
