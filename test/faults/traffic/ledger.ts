// What the BFF acknowledged to its customers, and how that compares with what Layers and the store have in the end.
import type { FlowStatus } from '../../../bff/contract.ts'
import type { StoreRecord } from './store-record.ts'
import type { Tenant } from './tenants.ts'
import type { UpstreamRecord } from './upstream-record.ts'

export interface LedgerFlow {
  readonly tenant: Tenant
  readonly flowId: string
  readonly state: string
  readonly installationId: number
}

interface Entry extends LedgerFlow {
  /** `performance.now()` of the 303 that answered the return; undefined before. */
  readonly acknowledgedAt?: number
  /** Of the moment when the customer saw the end. */
  readonly endedAt?: number
  readonly status?: FlowStatus
}

export interface Ledger {
  started(flow: LedgerFlow): void
  acknowledged(flowId: string): void
  ended(flowId: string, status: FlowStatus): void
  readonly entries: () => readonly Entry[]
  /** Flows whose return was acknowledged and whose end nobody has seen yet. */
  readonly countOpen: () => number
}

export function createLedger(): Ledger {
  const entries = new Map<string, Entry>()
  function change(flowId: string, part: Partial<Entry>): void {
    const entry = entries.get(flowId)
    if (entry === undefined) throw new Error('the ledger does not know this flow')
    entries.set(flowId, { ...entry, ...part })
  }
  return {
    started: (flow) => void entries.set(flow.flowId, flow),
    acknowledged: (flowId) => change(flowId, { acknowledgedAt: performance.now() }),
    ended: (flowId, status) => change(flowId, { endedAt: performance.now(), status }),
    entries: () => [...entries.values()],
    countOpen: () =>
      [...entries.values()].filter(
        ({ acknowledgedAt, endedAt }) => acknowledgedAt !== undefined && endedAt === undefined,
      ).length,
  }
}

export interface Balance {
  readonly acknowledged: number
  /** Acknowledged, and neither recorded with Layers nor on its way there. */
  readonly lost: number
  /** Acknowledged, and still on its way. */
  readonly open: number
  /** `binding` in the store without a job, acknowledged or not yet: nobody will ever work on it. */
  readonly stuck: number
  /** Posts, bindings and connections that are not the flow's own tenant's. */
  readonly wrongTenant: number
  readonly posts: number
  /** Posts of a state beyond its first. */
  readonly extraPosts: number
  /** The most posts that one state had. */
  readonly mostPosts: number
  /** Posts with another id, or for another organization, than the first of the same state. */
  readonly differingPosts: number
}

/** Nothing else may have used the sandbox and the store. */
export function balance(ledger: Ledger, upstream: UpstreamRecord, store: StoreRecord): Balance {
  const entries = ledger.entries()
  const byState = new Map(entries.map((entry) => [entry.state, entry]))
  const byTenant = new Map(entries.map((entry) => [entry.tenant.tenantId, entry]))
  const byOrganization = new Map(entries.map((entry) => [entry.tenant.organizationId, entry]))
  const bound = new Map(upstream.bindings.map((one) => [one.organizationId, one.installationId]))

  const acknowledged = entries.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined)
  const isBound = ({ tenant, installationId }: Entry): boolean =>
    bound.get(tenant.organizationId) === installationId
  const isOpen = ({ flowId }: Entry): boolean =>
    store.flows.get(flowId) === 'binding' && store.jobs.has(flowId)
  const isKept = (entry: Entry): boolean =>
    isOpen(entry) || (store.flows.get(entry.flowId) === 'connected' && isBound(entry))

  const wrongPosts = upstream.posts.filter(({ state, organizationId, installationId }) => {
    const entry = byState.get(state)
    return entry?.tenant.organizationId !== organizationId || entry.installationId !== installationId
  })
  const wrongBindings = upstream.bindings.filter(
    ({ organizationId, installationId }) =>
      byOrganization.get(organizationId)?.installationId !== installationId,
  )
  const wrongConnections = store.connections.filter(
    ({ tenantId, account }) => byTenant.get(tenantId)?.tenant.account !== account,
  )

  const postsOf = Map.groupBy(upstream.posts, ({ state }) => state)
  const groups = [...postsOf.values()]
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((entry) => !isKept(entry)).length,
    open: acknowledged.filter(isOpen).length,
    stuck: [...store.flows].filter(([flowId, status]) => status === 'binding' && !store.jobs.has(flowId))
      .length,
    wrongTenant: wrongPosts.length + wrongBindings.length + wrongConnections.length,
    posts: upstream.posts.length,
    extraPosts: upstream.posts.length - groups.length,
    mostPosts: Math.max(0, ...groups.map((posts) => posts.length)),
    differingPosts: groups.flatMap(([first, ...others]) =>
      others.filter(
        (post) =>
          post.installationId !== first?.installationId || post.organizationId !== first.organizationId,
      ),
    ).length,
  }
}
