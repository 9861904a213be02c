// The parts a running BFF is made of, handed to routes and jobs. Made once by create-bff.ts.
import type { Avatars } from './avatars/avatars.ts'
import type { Config } from './config.ts'
import type { ConnectionRefresh } from './connections/connection-refresh.ts'
import type { Dispatcher } from './delivery/dispatcher.ts'
import type { RetryBudget } from './delivery/retry-budget.ts'
import type { FlowSecrets } from './flow-secrets.ts'
import type { FlowWatch } from './flows/flow-watch.ts'
import type { Identify } from './identify.ts'
import type { Limits } from './limits.ts'
import type { Log } from './log.ts'
import type { ClientAddressOf } from './middleware/client-address.ts'
import type { OwnershipProver } from './ownership/ownership.ts'
import type { Readiness } from './readiness.ts'
import type { Sealer } from './seal.ts'
import type { Secret } from './secret.ts'
import type { Storage } from './storage/storage.ts'
import type { LayersClient } from './upstream/layers-client.ts'

export interface Runtime {
  readonly config: Config
  readonly identify: Identify
  /** True when connect tokens say who is asking: navigations and the BFF's own pages cannot carry one. */
  readonly usesConnectTokens: boolean
  /** Null when Layers is relied on. */
  readonly ownership: OwnershipProver | null
  /** Null when no pictures are shown. */
  readonly avatars: Avatars | null
  readonly storage: Storage
  readonly readiness: Readiness
  readonly layers: LayersClient
  readonly retryBudget: RetryBudget
  readonly sealer: Sealer
  readonly secrets: FlowSecrets
  /** Those of GitHub's webhooks that are accepted now; none: webhooks are not. */
  readonly webhookSecrets: () => readonly Secret[]
  readonly limits: Limits
  readonly clientAddressOf: ClientAddressOf
  readonly log: Log
  readonly watch: FlowWatch
  readonly dispatcher: Dispatcher
  readonly connectionRefresh: ConnectionRefresh
  /** The flows for which this process is asking Layers for an install URL right now. */
  readonly asking: Set<string>
  /** False once shutdown has begun: balancers should send nothing more. */
  isAccepting(): boolean
  /** True once the store is about to close: new requests are refused. */
  isClosing(): boolean
}
