// The two queries: the connection, and the flow that is followed by long polling. Every option is set, so that the
// defaults of a host's own client change nothing.
import { queryOptions } from '@tanstack/react-query'
import type { QueryClient } from '@tanstack/react-query'
import { MAX_WAIT_SECONDS } from '../bff/contract.ts'
import type { ConnectionView, FlowView } from '../bff/contract.ts'
import { Connector } from './connector.ts'
import { toError } from './error.ts'
import type { ConnectGitHubError } from './error.ts'
import { isOpen } from './state.ts'

const REFRESHING_MS = 1_500
const MAX_REFRESHES = 10
const APPROVAL_MS = 30_000
const LONGEST_DELAY_MS = 30_000

const SETTLED_HERE = {
  enabled: true,
  // Errors are answered by the interval below: TanStack's own retries pause in a hidden tab.
  retry: false,
  networkMode: 'always',
  staleTime: 0,
  gcTime: 300_000,
  refetchOnMount: true,
  retryOnMount: true,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
  refetchIntervalInBackground: true,
  throwOnError: false,
  structuralSharing: true,
} as const

/** How long to wait after a failure: doubling from 1 to 30 s, each with jitter, so that no crowd comes back at once. */
class Backoff {
  #failures = 0
  delayMs = 0

  reset() {
    this.#failures = this.delayMs = 0
  }

  /** The result of `request`; counts how often it failed in a row. What we aborted ourselves is no failure. */
  async watch<T>(request: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      const result = await request()
      this.reset()
      return result
    } catch (thrown) {
      if (!signal?.aborted) {
        const longest = Math.min(LONGEST_DELAY_MS, 1_000 * 2 ** this.#failures++)
        this.delayMs = longest * (1 - Math.random() / 2)
      }
      throw thrown
    }
  }
}

function createQueries(client: QueryClient, connector: Connector) {
  const { api } = connector
  const connectionBackoff = new Backoff()
  const flowBackoff = new Backoff()
  let refreshes = 0
  let finished = ''

  const connection = queryOptions<ConnectionView, ConnectGitHubError, ConnectionView>({
    ...SETTLED_HERE,
    queryKey: connector.connectionKey(),
    queryFn: () =>
      connectionBackoff.watch(async () => {
        const answer = await api.getConnection()
        refreshes = answer.refreshing ? refreshes + 1 : 0
        return answer
      }),
    refetchInterval: ({ state: { data, status } }) => {
      if (status === 'error') return connectionBackoff.delayMs
      if (data?.refreshing && refreshes <= MAX_REFRESHES) return REFRESHING_MS
      return data?.flow?.status === 'awaiting_approval' && APPROVAL_MS
    },
  })

  /** `returned` means that the server could not see the session on GitHub's redirect: one same-origin call shows it. */
  async function finish(flow: FlowView): Promise<FlowView> {
    const once = `${flow.flowId} ${flow.version}`
    if (flow.status !== 'returned' || finished === once) return flow
    try {
      const answer = await api.changeFlow(flow.flowId, 'finish')
      finished = once
      return answer
    } catch (thrown) {
      const error = toError(thrown)
      // Signed out or cut off: the same call can succeed later. Any other no is the server's answer to this version.
      if (error.retryable && error.code !== 'session_mismatch') throw error
      finished = once
      return flow
    }
  }

  /** Follows the flow to its end; every step is stored as it comes. */
  async function follow(flowId: string, signal: AbortSignal, afterError: boolean): Promise<FlowView> {
    const key = connector.flowKey(flowId)
    for (let wait = !afterError; ; wait = true) {
      const known = client.getQueryData<FlowView>(key)
      const waitSeconds = known && wait && !connector.immediate && isOpen(known) ? MAX_WAIT_SECONDS : 0
      const askedAt = Date.now()
      let flow: FlowView
      try {
        flow = await api.getFlow(flowId, known?.version ?? 0, waitSeconds, signal)
      } finally {
        if (!signal.aborted) connector.immediate = false
      }
      signal.throwIfAborted()
      flow = connector.publish(await finish(flow))
      if (!isOpen(flow)) {
        // A connection read before the end knows nothing of it.
        await client.cancelQueries({ queryKey: connection.queryKey })
        connector.settle(flow, await client.fetchQuery(connection))
        return flow
      }
      flowBackoff.reset()
      // A proxy that does not hold answers back must not turn this into a storm.
      if (waitSeconds && flow.version === known?.version && Date.now() - askedAt < 1_000)
        await new Promise((resolve) => setTimeout(resolve, 1_000))
      signal.throwIfAborted()
    }
  }

  const flow = (flowId: string | null) =>
    queryOptions<FlowView, ConnectGitHubError, FlowView>({
      ...SETTLED_HERE,
      queryKey: connector.flowKey(flowId),
      queryFn: ({ signal, queryKey }) =>
        flowBackoff.watch(async () => {
          try {
            return await follow(flowId ?? '', signal, client.getQueryState(queryKey)?.status === 'error')
          } catch (thrown) {
            const error = toError(thrown)
            if (error.code === 'not_found') {
              if (flowId === connector.local.flowId) connector.drop(error)
              void client.refetchQueries({ queryKey: connection.queryKey })
            }
            throw error
          }
        }, signal),
      refetchInterval: ({ state }) => state.status === 'error' && flowBackoff.delayMs,
    })

  return { connection, flow }
}

/** What all instances of a page share for one client and server. */
export type Shared = { readonly connector: Connector; readonly queries: ReturnType<typeof createQueries> }

const shared = new WeakMap<QueryClient, Map<string, Shared>>()

/** Made at most once per client and server; kept by the client, so that a server render leaves nothing behind. */
export function getShared(client: QueryClient, baseURL: string): Shared {
  const perServer = shared.get(client) ?? new Map<string, Shared>()
  shared.set(client, perServer)
  let found = perServer.get(baseURL)
  if (!found) {
    const connector = new Connector(client, baseURL)
    found = { connector, queries: createQueries(client, connector) }
    perServer.set(baseURL, found)
  }
  return found
}
