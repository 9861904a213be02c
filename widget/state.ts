// What the customer is in, with the actions that are legal there: a pure function of the server's answer and a few local facts.
import type { ConnectionView, FlowView, GitHubAccount, ReconnectReason } from '../bff/contract.ts'
import type { Local } from './connector.ts'
import { ConnectGitHubError } from './error.ts'
import { isOpen, isTold } from './parse.ts'
import { isFramed } from './popup.ts'

/** Everything a customer can do. A state carries only what is legal in it; asking again always is. */
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
}

export type Snapshot =
  | State<'loading'>
  /** `manageUrl` after disconnecting: where the app, which is still installed, can be removed. */
  | (State<'not_connected'> & { readonly manageUrl: string | null } & Can<'connect'>)
  /** The user may look, but not connect or disconnect. Null when not even looking is allowed. */
  | (State<'view_only'> & { readonly connection: ConnectionView | null })
  | State<'opening'>
  | (State<'waiting'> & OnGitHub)
  /** The app is installed; GitHub still has to confirm who the customer is. */
  | (State<'authorizing'> & OnGitHub)
  | (State<'finishing'> & { readonly step: 'returned' | 'binding' })
  /** `connectedAt`: ISO 8601, UTC. `avatarUrl`: of the server itself; it may answer that there is none. */
  | (State<'connected'> & Connected & Pick<ConnectionView, 'connectedAt' | 'avatarUrl'> & Can<'disconnect'>)
  /** `checkedAt`: epoch milliseconds of the last answer. */
  | (State<'awaiting_approval'> & { readonly checkedAt: number } & Can<'startOver'>)
  /** `account` is the one in the way, when it is the customer's own. */
  | (State<'conflict'> & Pick<Connected, 'account'> & Failed & Can<'startOver'>)
  | (State<'refused'> & Reference & Failed & Can<'startOver'>)
  | (State<'expired'> & Failed & Can<'startOver'>)
  /** Only the operator of the site can mend this. */
  | (State<'blocked'> & Reference & Failed & Can<'startOver'>)
  /** The connection exists, but no longer works. */
  | (State<'reconnect'> & Connected & { readonly reason: ReconnectReason } & Can<'connect' | 'disconnect'>)
  /** Starting failed, or nothing could be loaded at all. */
  | (State<'failed'> & { readonly step: 'load' | 'start' } & Failed & Can<'startOver'>)
  /** Nothing is known yet, because there is no network. */
  | State<'offline'>
  /** `framed`: in a frame of another origin, where browsers send no cookies along; a tab of its own would do. */
  | (State<'session_required'> & { readonly framed: boolean })

export type Status = Snapshot['status']

/**
 * The state that the facts amount to.
 * @param connection the server's last answer, with the newest view of the flow; undefined before the first.
 * @param checkedAt when it came, in epoch milliseconds.
 * @param launchUrl where a tab continues the flow.
 * @param localize fills in an error's text for the customer.
 */
export function toSnapshot(
  { connection, checkedAt, statusError, actionError, opening, blocked }: Local,
  launchUrl: string,
  { connect, startOver, openAgain, cancel, disconnect }: Omit<Actions, 'checkAgain'>,
  localize: (error: ConnectGitHubError) => ConnectGitHubError,
): Snapshot {
  // Whoever is not signed in, or no longer allowed, must not see what was known before.
  if ((statusError ?? actionError)?.code === 'session_required')
    return { status: 'session_required', framed: isFramed() }
  const code = statusError?.code
  if (code === 'forbidden') return { status: 'view_only', connection: null }
  if (opening) return { status: 'opening' }
  const fail = (step: 'load' | 'start', error: ConnectGitHubError): Snapshot => {
    return { status: 'failed', step, error: localize(error), startOver }
  }
  if (!connection) {
    if (!statusError) return { status: 'loading' }
    return code === 'offline' ? { status: code } : fail('load', statusError)
  }
  const { status, flow, canConnect, account, connectedAt, manageUrl, avatarUrl, reason } = connection
  if (isOpen(flow)) {
    const { status: step, mode } = flow
    if (step === 'starting') return { status: 'opening' }
    if (step === 'returned' || step === 'binding') return { status: 'finishing', step }
    const popup = mode === 'popup' && !blocked
    return { status: step, launchUrl, popup, blocked, openAgain, startOver, cancel }
  }
  if (!canConnect) return { status: 'view_only', connection }
  if (status === 'connected') return { status, account, connectedAt, manageUrl, avatarUrl, disconnect }
  if (actionError) return fail('start', actionError)
  if (isTold(flow)) {
    const { reference } = flow
    const error = localize(flowError(flow))
    return { status: flow.status, checkedAt, account: flow.account, reference, error, startOver }
  }
  return status === 'reconnect'
    ? { status, reason: reason ?? 'unusable', account, manageUrl, connect, disconnect }
    : { status, manageUrl, connect }
}

/** Why a flow ended badly. */
export const flowError = (flow: FlowView): ConnectGitHubError =>
  new ConnectGitHubError(flow.error ?? 'internal', `Flow ${flow.status}`)
