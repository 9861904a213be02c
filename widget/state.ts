// What the customer is in, as one tagged union: a pure function of the server's answers and a few local facts.
import type {
  ConnectionView,
  ErrorCode,
  FLOW_STATUSES,
  FlowStatus,
  FlowView,
  GitHubAccount,
  ReconnectReason,
} from '../bff/contract.ts'
import { ConnectGitHubError } from './error.ts'

type OpenStatus = {
  [S in FlowStatus]: (typeof FLOW_STATUSES)[S]['open'] extends true ? S : never
}[FlowStatus]
type OpenFlow = FlowView & { readonly status: OpenStatus }

// Typed by the contract's table without importing its texts.
const OPEN: Record<OpenStatus, 1> = { starting: 1, waiting: 1, returned: 1, binding: 1 }

/** True for a flow that moves on by itself. */
export const isOpen = (flow: FlowView | null | undefined): flow is OpenFlow =>
  !!flow && Object.hasOwn(OPEN, flow.status)

/** Everything the state is made of. */
export interface Facts {
  /** The server's last answer; undefined before the first. */
  readonly connection: ConnectionView | undefined
  /** The newest view of the flow that is followed. */
  readonly flow: FlowView | null
  /** Why the last status request failed; null when it did not. */
  readonly statusError: ConnectGitHubError | null
  /** Why the last action of the customer failed. */
  readonly actionError: ConnectGitHubError | null
  /** True between the click and the server's answer to it. */
  readonly opening: boolean
  /** The browser blocked the window. */
  readonly blocked: boolean
  /** When the server last answered about the connection, in epoch milliseconds. */
  readonly checkedAt: number
  /** The present status lasts longer than usual. */
  readonly slow: boolean
  /** Where a tab continues the flow. */
  readonly launchUrl: string
}

interface Failed {
  readonly error: ConnectGitHubError
}

/** The state without its actions. */
export type Snapshot =
  | { readonly status: 'loading' }
  /** `manageUrl` after disconnecting: where the app, which is still installed, can be removed. */
  | { readonly status: 'not_connected'; readonly manageUrl: string | null }
  /** The user may look, but not connect or disconnect. Null when not even looking is allowed. */
  | { readonly status: 'view_only'; readonly connection: ConnectionView | null }
  | { readonly status: 'opening' }
  /** `launchUrl` is for a link in the page; `popup` is false when there is no window to go back to. */
  | {
      readonly status: 'waiting'
      readonly launchUrl: string
      readonly popup: boolean
      readonly blocked: boolean
      readonly slow: boolean
    }
  | { readonly status: 'finishing'; readonly step: 'returned' | 'binding'; readonly slow: boolean }
  | {
      readonly status: 'connected'
      readonly account: GitHubAccount | null
      /** ISO 8601, UTC. */
      readonly connectedAt: string | null
      readonly manageUrl: string | null
    }
  /** `checkedAt`: epoch milliseconds of the last answer. */
  | { readonly status: 'awaiting_approval'; readonly checkedAt: number }
  | ({ readonly status: 'conflict'; readonly account: GitHubAccount | null } & Failed)
  /** `reference` is the flow's name in the operator's log. */
  | ({ readonly status: 'refused'; readonly reference: string } & Failed)
  | ({ readonly status: 'expired' } & Failed)
  /** Only the operator of the site can mend this. */
  | ({ readonly status: 'blocked'; readonly reference: string } & Failed)
  /** The connection exists, but no longer works. */
  | {
      readonly status: 'reconnect'
      readonly reason: ReconnectReason
      readonly account: GitHubAccount | null
      readonly manageUrl: string | null
    }
  /** Starting failed, or nothing could be loaded at all. */
  | ({ readonly status: 'failed'; readonly step: 'load' | 'start' } & Failed)
  /** Nothing is known yet, because there is no connection to the server. */
  | { readonly status: 'offline' }
  | { readonly status: 'session_required' }

export type Status = Snapshot['status']

/** The state that the facts amount to. */
export function toSnapshot(facts: Facts): Snapshot {
  const { connection, flow, statusError, actionError } = facts
  // Whoever is not signed in, or no longer allowed, must not see what was known before.
  if (statusError?.code === 'session_required') return { status: 'session_required' }
  if (statusError?.code === 'forbidden') return { status: 'view_only', connection: null }
  if (facts.opening) return { status: 'opening' }
  if (isOpen(flow)) return openFlow(facts, flow)
  if (!connection) {
    if (!statusError) return { status: 'loading' }
    return statusError.code === 'offline'
      ? { status: 'offline' }
      : { status: 'failed', step: 'load', error: statusError }
  }
  if (connection.status === 'connected' || flow?.status === 'connected') return connected(connection, flow)
  if (!connection.canConnect) return { status: 'view_only', connection }
  if (actionError?.code === 'session_required') return { status: 'session_required' }
  if (actionError) return { status: 'failed', step: 'start', error: actionError }
  return (flow && endedFlow(flow, facts.checkedAt)) ?? idle(connection)
}

function openFlow(facts: Facts, flow: OpenFlow): Snapshot {
  const { blocked, slow, launchUrl } = facts
  switch (flow.status) {
    case 'starting':
      return { status: 'opening' }
    case 'returned':
    case 'binding':
      return { status: 'finishing', step: flow.status, slow }
    case 'waiting':
      return { status: 'waiting', launchUrl, popup: flow.mode === 'popup', blocked, slow }
  }
}

function connected(connection: ConnectionView, flow: FlowView | null): Snapshot {
  // The flow may tell first; the connection's details follow a moment later.
  if (connection.status !== 'connected')
    return { status: 'connected', account: flow?.account ?? null, connectedAt: null, manageUrl: null }
  if (!connection.canConnect) return { status: 'view_only', connection }
  const { account, connectedAt, manageUrl } = connection
  return { status: 'connected', account, connectedAt, manageUrl }
}

function idle({ status, reason, account, manageUrl }: ConnectionView): Snapshot {
  if (status === 'reconnect') return { status, reason: reason ?? 'unusable', account, manageUrl }
  return { status: 'not_connected', manageUrl }
}

/** Undefined for an end that leaves no trace on screen. */
function endedFlow(flow: FlowView, checkedAt: number): Snapshot | undefined {
  const { status, reference, account } = flow
  switch (status) {
    case 'awaiting_approval':
      return { status, checkedAt }
    case 'conflict':
      return { status, account, error: flowError(flow, 'already_bound') }
    case 'refused':
      return { status, reference, error: flowError(flow, 'installation_not_found') }
    case 'expired':
      return { status, error: flowError(flow, 'flow_expired') }
    case 'blocked':
      return { status, reference, error: flowError(flow, 'upstream_refused') }
    default:
      return undefined
  }
}

/** Why a flow ended badly. */
export const flowError = (flow: FlowView, otherwise: ErrorCode): ConnectGitHubError =>
  new ConnectGitHubError(flow.error ?? otherwise, `The flow ended as "${flow.status}".`)
