// What the server of a case answers: examples of the wire contract's views, and the ways an answer can fail.
import type { ConnectionView, ErrorCode, FlowView, RepositoriesView } from '../../bff/contract.ts'

/**
 * `never`: no answer, as with a long poll or a slow network. `unreachable`: the network fails. `offline`: it fails, and the
 * browser knows why. `nonsense`: a page that is not the BFF's.
 */
type Failure = 'never' | 'unreachable' | 'offline' | 'nonsense'

export type Answer<T> = Failure | { readonly body: T } | { readonly refusal: ErrorCode }

/** Answers by route. What is not named never answers. */
export interface Answers {
  /** `GET /connection`. Of two the second is given a second after the first. */
  readonly connection: Answer<ConnectionView> | readonly [Answer<ConnectionView>, Answer<ConnectionView>]
  /** `GET /flows/:id`. Default: the flow of the start or of the connection. A view that the widget already has is held back. */
  readonly flow?: Answer<FlowView>
  /** `POST /flows`; the flow gets the id that was asked for. */
  readonly start?: Answer<FlowView>
  /** `POST /flows/:id/cancel` */
  readonly cancel?: Answer<FlowView>
  /** `DELETE /connection` */
  readonly disconnect?: Answer<ConnectionView>
  /** `GET /repositories` */
  readonly repositories?: Answer<RepositoriesView>
}

export const notConnected: ConnectionView = {
  status: 'not_connected',
  account: null,
  reason: null,
  connectedAt: null,
  checkedAt: null,
  refreshing: false,
  manageUrl: null,
  avatarUrl: null,
  canConnect: true,
  flow: null,
}

export const connected: ConnectionView = {
  ...notConnected,
  status: 'connected',
  account: { login: 'acme-coffee', type: 'Organization' },
  connectedAt: '2026-03-04T12:00:00.000Z',
  checkedAt: '2026-03-05T12:00:00.000Z',
  manageUrl: 'https://github.com/organizations/acme-coffee/settings/installations',
}

export const someFlow = (change: Partial<FlowView>): FlowView => ({
  flowId: 'AAAAAAAAAAAAAAAAAAAAAA',
  status: 'waiting',
  version: 2,
  mode: 'popup',
  reference: '7c19e04b52af',
  error: null,
  account: null,
  startedAt: '2026-03-04T12:00:00.000Z',
  expiresAt: '2026-03-04T12:15:00.000Z',
  ...change,
})

/** A connection whose latest flow is as given. */
export const withFlow = (change: Partial<FlowView>, connection = notConnected): ConnectionView => ({
  ...connection,
  flow: someFlow(change),
})
