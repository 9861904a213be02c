// What the customer is in, with the actions that are legal there: a pure function of the server's answer and a few local facts.
import type { ConnectionView, FlowView, GitHubAccount, ReconnectReason } from '../bff/contract.ts'
import type { Local } from './connector.ts'
import { ConnectGitHubError } from './error.ts'
import { isOpen } from './parse.ts'

/** Everything a customer can do. A state carries only what is legal in it. */
export interface Actions {
  /** Starts a flow. Call it straight from the click: only there may a window be opened. */
  readonly connect: () => void
  /** Starts another flow in place of the present one. Call it straight from the click. */
  readonly startOver: () => void
  /** Brings GitHub's window back. Call it straight from the click. */
  readonly openAgain: () => void
  /** Gives the flow up. A failure is told by `trouble` and `onError`. */
  readonly cancel: () => void
  /** Forgets the connection; the app stays installed on GitHub. A failure is told by `trouble` and `onError`. */
  readonly disconnect: () => void
  /** Asks the server again, now. */
  readonly checkAgain: () => void
}

interface State<S extends string> {
  readonly status: S
}
interface Failed {
  readonly error: ConnectGitHubError
}
interface Connected {
  readonly account: GitHubAccount | null
  /** GitHub's page to change or remove the installation. */
  readonly manageUrl: string | null
}
/** The flow's name in the operator's log, for support. */
type Reference = Pick<FlowView, 'reference'>
type Can<A extends keyof Actions> = Pick<Actions, A>
/** The customer has to move, on GitHub. */
interface OnGitHub extends Can<'openAgain' | 'startOver' | 'cancel'> {
  /** For a link in the page. */
  readonly launchUrl: string
  /** False when there is no window to go back to, and none can be opened. */
  readonly popup: boolean
  readonly blocked: boolean
  readonly slow: boolean
}

export type Snapshot =
  | State<'loading'>
  /** `manageUrl` after disconnecting: where the app, which is still installed, can be removed. */
  | (State<'not_connected'> & { readonly manageUrl: string | null } & Can<'connect'>)
  /** The user may look, but not connect or disconnect. Null when not even looking is allowed. */
  | (State<'view_only'> & { readonly connection: ConnectionView | null } & Can<'checkAgain'>)
  | State<'opening'>
  | (State<'waiting'> & OnGitHub)
  /** The app is installed; GitHub still has to confirm who the customer is. */
  | (State<'authorizing'> & OnGitHub)
  | (State<'finishing'> & { readonly step: 'returned' | 'binding'; readonly slow: boolean })
  /** `connectedAt`: ISO 8601, UTC. */
  | (State<'connected'> & Connected & { readonly connectedAt: string | null } & Can<'disconnect'>)
  /** `checkedAt`: epoch milliseconds of the last answer. */
  | (State<'awaiting_approval'> & { readonly checkedAt: number } & Can<'checkAgain' | 'startOver'>)
  /** `account` is the one in the way, when it is the customer's own. */
  | (State<'conflict'> & Pick<Connected, 'account'> & Failed & Can<'checkAgain' | 'startOver'>)
  | (State<'refused'> & Reference & Failed & Can<'startOver'>)
  | (State<'expired'> & Failed & Can<'startOver'>)
  /** Only the operator of the site can mend this. */
  | (State<'blocked'> & Reference & Failed & Can<'checkAgain' | 'startOver'>)
  /** The connection exists, but no longer works. */
  | (State<'reconnect'> & Connected & { readonly reason: ReconnectReason } & Can<'connect' | 'disconnect'>)
  /** Starting failed, or nothing could be loaded at all. */
  | (State<'failed'> & { readonly step: 'load' | 'start' } & Failed & Can<'checkAgain' | 'startOver'>)
  /** Nothing is known yet, because there is no network. */
  | (State<'offline'> & Can<'checkAgain'>)
  | (State<'session_required'> & Can<'checkAgain'>)

export type Status = Snapshot['status']

/** Everything the state is made of. */
export interface Facts {
  /** The server's last answer, with the newest view of the flow; undefined before the first. */
  readonly connection: ConnectionView | undefined
  /** When it came, in epoch milliseconds. */
  readonly checkedAt: number
  /** Why the last status request failed; null when it did not. */
  readonly statusError: ConnectGitHubError | null
  readonly local: Local
  /** The present status lasts longer than usual. */
  readonly slow: boolean
  /** Where a tab continues the flow. */
  readonly launchUrl: string
}

/** The state that the facts amount to. */
export function toSnapshot(facts: Facts, actions: Actions): Snapshot {
  const { connection, statusError } = facts
  const { opening, actionError } = facts.local
  const { connect, disconnect, checkAgain, startOver } = actions
  const code = statusError?.code
  // Whoever is not signed in, or no longer allowed, must not see what was known before.
  const signIn = { status: 'session_required', checkAgain } as const
  const failed = { status: 'failed', checkAgain, startOver } as const
  if (code === 'session_required') return signIn
  if (code === 'forbidden') return { status: 'view_only', connection: null, checkAgain }
  if (opening) return { status: 'opening' }
  if (!connection) {
    if (!statusError) return { status: 'loading' }
    if (code === 'offline') return { status: code, checkAgain }
    return { ...failed, step: 'load', error: statusError }
  }
  const { status, flow, canConnect, account, connectedAt, manageUrl, reason } = connection
  if (isOpen(flow)) return openFlow(flow, facts, actions)
  if (!canConnect) return { status: 'view_only', connection, checkAgain }
  if (status === 'connected') return { status, account, connectedAt, manageUrl, disconnect }
  if (actionError?.code === 'session_required') return signIn
  if (actionError) return { ...failed, step: 'start', error: actionError }
  const ended = flow && endedFlow(flow, facts, actions)
  if (ended) return ended
  if (status === 'reconnect')
    return { status, reason: reason ?? 'unusable', account, manageUrl, connect, disconnect }
  return { status, manageUrl, connect }
}

function openFlow(flow: FlowView, facts: Facts, { openAgain, startOver, cancel }: Actions): Snapshot {
  const { slow, launchUrl } = facts
  const { blocked } = facts.local
  const { status: step } = flow
  if (step === 'returned' || step === 'binding') return { status: 'finishing', step, slow }
  if (step !== 'waiting' && step !== 'authorizing') return { status: 'opening' }
  const popup = flow.mode === 'popup' && !blocked
  return { status: step, launchUrl, popup, blocked, slow, openAgain, startOver, cancel }
}

/** Undefined for an end that leaves no trace on screen. */
function endedFlow(
  flow: FlowView,
  { checkedAt }: Facts,
  { checkAgain, startOver }: Actions,
): Snapshot | undefined {
  const { status, reference, account } = flow
  switch (status) {
    case 'awaiting_approval':
      return { status, checkedAt, checkAgain, startOver }
    case 'conflict':
      return { status, account, error: flowError(flow), checkAgain, startOver }
    case 'refused':
      return { status, reference, error: flowError(flow), startOver }
    case 'expired':
      return { status, error: flowError(flow), startOver }
    case 'blocked':
      return { status, reference, error: flowError(flow), checkAgain, startOver }
    default:
      return undefined
  }
}

/** Why a flow ended badly. */
export const flowError = (flow: FlowView): ConnectGitHubError =>
  new ConnectGitHubError(flow.error ?? 'internal', `Flow ${flow.status}`)
