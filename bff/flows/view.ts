// What a browser may see of a flow and of a connection: no ids of GitHub's, no state, no other tenant.
import { FLOW_STATUSES, type ConnectionView, type FlowView, type GitHubAccount } from '../contract.ts'
import type { FlowSecrets } from '../flow-secrets.ts'
import type { Connection, Flow } from '../storage/storage.ts'

/** How long a flow that ended badly is still shown to its user after a reload. */
const SHOWN_AFTER_END_MS = 15 * 60_000
/** Owners take their time; after a week the request is forgotten, and Connect is offered again. */
const APPROVAL_SHOWN_MS = 7 * 24 * 60 * 60_000

export function toFlowView(flow: Flow, secrets: Pick<FlowSecrets, 'pseudonymOf'>): FlowView {
  return {
    flowId: flow.flowId,
    status: flow.status,
    version: flow.version,
    mode: flow.mode,
    reference: secrets.pseudonymOf(flow.flowId),
    error: flow.error,
    account: flow.account,
    startedAt: new Date(flow.createdAt).toISOString(),
    expiresAt: new Date(flow.expiresAt).toISOString(),
  }
}

export function toConnectionView(parts: {
  readonly connection: Connection | undefined
  readonly latestFlow: Flow | undefined
  readonly canConnect: boolean
  readonly refreshing: boolean
  readonly githubOrigin: string
  /** Where pictures are; null where none are shown. */
  readonly avatarBaseUrl: string | null
  readonly secrets: Pick<FlowSecrets, 'pseudonymOf'>
  readonly now: number
}): ConnectionView {
  const { connection, latestFlow, canConnect, refreshing, githubOrigin, now } = parts
  const flow =
    latestFlow !== undefined && isWorthShowing(latestFlow, connection, now)
      ? toFlowView(latestFlow, parts.secrets)
      : null
  if (connection === undefined) {
    return {
      status: 'not_connected',
      account: null,
      reason: null,
      connectedAt: null,
      checkedAt: null,
      refreshing,
      manageUrl: null,
      avatarUrl: null,
      canConnect,
      flow,
    }
  }
  return {
    status: connection.reason === null ? 'connected' : 'reconnect',
    account: connection.account,
    reason: connection.reason,
    connectedAt: new Date(connection.registeredAt).toISOString(),
    checkedAt: new Date(connection.checkedAt).toISOString(),
    refreshing,
    manageUrl: manageUrlOf(githubOrigin, connection.account),
    avatarUrl: avatarUrlOf(parts.avatarBaseUrl, connection.account, parts.secrets),
    canConnect,
    flow,
  }
}

/** Another account has another address, so that browsers may keep the picture; the login itself would end up in logs of servers. */
function avatarUrlOf(
  baseUrl: string | null,
  { login }: GitHubAccount,
  secrets: Pick<FlowSecrets, 'pseudonymOf'>,
): string | null {
  return baseUrl === null ? null : `${baseUrl}?v=${secrets.pseudonymOf(`avatar ${login}`)}`
}

/** GitHub's list of installed apps; the page of one installation would have its id in the URL. */
export function manageUrlOf(githubOrigin: string, account: GitHubAccount): string {
  return account.type === 'Organization'
    ? `${githubOrigin}/organizations/${encodeURIComponent(account.login)}/settings/installations`
    : `${githubOrigin}/settings/installations`
}

function isWorthShowing(flow: Flow, connection: Connection | undefined, now: number): boolean {
  if (FLOW_STATUSES[flow.status].open) return true
  // Once somebody has connected, nobody waits for an approval any more.
  if (flow.status === 'awaiting_approval')
    return connection === undefined && now - flow.updatedAt < APPROVAL_SHOWN_MS
  if (flow.status === 'connected' || flow.status === 'cancelled' || flow.status === 'superseded') return false
  return now - flow.updatedAt < SHOWN_AFTER_END_MS
}
