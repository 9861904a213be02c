// The one query: reads the connection, and follows an open flow by long polling to its end. The options are set, so
// that no default of a host's own client changes what happens.
import type { Query } from '@tanstack/react-query'
import { MAX_WAIT_SECONDS } from '../bff/contract.ts'
import type { ConnectionView, FlowView } from '../bff/contract.ts'
import type { Send } from './api.ts'
import type { Local } from './connector.ts'
import { toError } from './error.ts'
import type { ConnectGitHubError } from './error.ts'
import type { FlowMeta } from './options.ts'
import { isOpen, parseConnection, parseFlow } from './parse.ts'
import { flowError } from './state.ts'

const REFRESHING_MS = 1_500
const MAX_REFRESHES = 10
const APPROVAL_MS = 30_000
const LONGEST_DELAY_MS = 30_000

/** Ends that nobody did wrong. */
const QUIET: readonly FlowView['status'][] = ['connected', 'cancelled', 'superseded', 'awaiting_approval']

interface Surroundings {
  readonly send: Send
  /** The cached answer, with the newest view of the flow in it. */
  readonly read: () => ConnectionView | undefined
  readonly store: (view: ConnectionView) => void
  readonly getLocal: () => Local
  readonly tell: (status: FlowView['status'], flowId: string) => void
  /** The flow ended. The connection is given, as it was read after that, when it ended connected. */
  readonly settle: (
    flowId: string,
    status: FlowMeta['status'],
    error: ConnectGitHubError | null,
    connection?: ConnectionView | false,
  ) => void
}

export function createQuery({ send, read, store, getLocal, tell, settle }: Surroundings) {
  let asking = false
  let failures = 0
  let delayMs = 0
  let refreshes = 0
  let finished = ''

  async function follow(signal: AbortSignal): Promise<ConnectionView> {
    const ask = async <T>(parse: (body: unknown) => T, path: string) => {
      const answer = await send(parse, path, { signal })
      signal.throwIfAborted()
      asking = false
      failures = 0
      return answer
    }

    /** @param known the view to wait for a change of; without one the server answers at once. */
    const askFlow = async (flowId: string, known: FlowView | null) => {
      const askedAt = Date.now()
      const wait = known ? `?after=${known.version}&wait=${MAX_WAIT_SECONDS}` : ''
      const path = `/flows/${flowId}`
      try {
        const flow = await finish(await ask(parseFlow, path + wait))
        tell(flow.status, flowId)
        // A proxy that does not hold answers back must not turn this into a storm.
        if (known?.version === flow.version && Date.now() - askedAt < 1_000)
          await new Promise((resolve) => setTimeout(resolve, 1_000))
        return flow
      } catch (thrown) {
        const error = toError(thrown)
        if (error.code !== 'not_found') throw error
        // The flow is another user's, or long gone.
        settle(flowId, 'failed', error)
        return null
      }
    }

    asking = true
    for (let wait = false; ; wait = true) {
      const { flowId: ours, opening } = getLocal()
      const known = read()
      const seen = isOpen(known?.flow) ? known.flow : null
      // Before the server answered the click it does not know the flow.
      const flowId = opening ? null : (ours ?? seen?.flowId)
      const flow = flowId ? await askFlow(flowId, wait && seen?.flowId === flowId ? seen : null) : null
      signal.throwIfAborted()
      if (known && isOpen(flow)) {
        store({ ...known, flow })
        continue
      }
      const connection = await ask(parseConnection, '/connection')
      const view = { ...connection, flow: connection.flow ?? flow }
      refreshes = connection.refreshing ? refreshes + 1 : 0
      if (flow && !isOpen(flow)) {
        const { status } = flow
        const error = QUIET.includes(status) ? null : flowError(flow)
        settle(flow.flowId, status, error, status === 'connected' && connection)
      }
      if (!isOpen(view.flow) || opening || (flowId && !isOpen(flow))) return view
      store(view)
    }
  }

  /** `returned` means that the server could not see the session on GitHub's redirect: one same-origin call shows it. */
  async function finish(flow: FlowView): Promise<FlowView> {
    const once = flow.flowId + flow.version
    if (flow.status !== 'returned' || finished === once) return flow
    try {
      const answer = await send(parseFlow, `/flows/${flow.flowId}/finish`, { method: 'POST' })
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

  return {
    /** True while a request is under way that the server answers at once. */
    isAsking: () => asking,
    options: {
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        try {
          return await follow(signal)
        } catch (thrown) {
          // What we aborted ourselves is no failure. The others double the wait from 1 to 30 s, with jitter, so that
          // no crowd comes back at once.
          if (!signal.aborted) {
            asking = false
            delayMs = Math.min(LONGEST_DELAY_MS, 1_000 * 2 ** failures++) * (1 - Math.random() / 2)
          }
          throw toError(thrown)
        }
      },
      refetchInterval: ({
        state: { data, status, fetchStatus },
      }: Query<ConnectionView, ConnectGitHubError>) => {
        if (status === 'error') return delayMs
        const flow = data?.flow
        if ((data?.refreshing && refreshes <= MAX_REFRESHES) || (isOpen(flow) && fetchStatus === 'idle'))
          return REFRESHING_MS
        return flow?.status === 'awaiting_approval' && APPROVAL_MS
      },
      enabled: true,
      // Errors are answered by the interval above: TanStack's own retries pause in a hidden tab.
      retry: false,
      networkMode: 'always',
      staleTime: 0,
      refetchOnMount: true,
      refetchIntervalInBackground: true,
      throwOnError: false,
    } as const,
  }
}
