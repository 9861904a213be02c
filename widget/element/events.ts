// What <connect-github> tells its page: bubbling events, named so that no listener takes them for the browser's own.
import type { ConnectionView } from '../../bff/contract.ts'
import type { ConnectGitHubError } from '../error.ts'
import type { ConnectGitHubEvent, FlowMeta } from '../options.ts'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'

/** Each event's `detail`, by the event's name. All bubble and are composed; none can be cancelled. */
export interface ConnectGitHubEventDetails {
  /** The flow ended connected. Once per flow, on the element that started or resumed it. */
  readonly connectsuccess: { readonly connection: ConnectionView; readonly meta: FlowMeta }
  /** The flow ended otherwise; null when nothing went wrong (cancelled, replaced, awaiting approval). Once per flow. */
  readonly connectexit: { readonly error: ConnectGitHubError | null; readonly meta: FlowMeta }
  /** A flow, an action or the first load failed. For a flow, `connectexit` follows. */
  readonly connecterror: { readonly error: ConnectGitHubError }
  /** Each step of a flow, once. */
  readonly connectevent: ConnectGitHubEvent
  /** The first answer of the server is on screen. */
  readonly connectload: null
  /** The property `state` is another one. */
  readonly connectstatechange: { readonly state: ConnectGitHubState }
}

export type ConnectGitHubEventMap = {
  readonly [Name in keyof ConnectGitHubEventDetails]: CustomEvent<ConnectGitHubEventDetails[Name]>
}

/** Tells the page through `element`. */
export function tell<Name extends keyof ConnectGitHubEventDetails>(
  element: EventTarget,
  name: Name,
  detail: ConnectGitHubEventDetails[Name],
): void {
  element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
}
