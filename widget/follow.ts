// The one query: reads the connection, and follows an open flow by long polling to its end. The options are set, so
// that no default of a host's own client changes what happens.
import { MAX_WAIT_SECONDS } from '../bff/contract.ts'
import type { ConnectionView, FlowView } from '../bff/contract.ts'
import type { Send } from './api.ts'
import type { Local } from './connector.ts'
import { toError } from './error.ts'
import type { ConnectGitHubError } from './error.ts'
import type { FlowMeta } from './options.ts'
import { isOpen, parseConnection, parseFlow, stageOf } from './parse.ts'
import { flowError } from './state.ts'

const REFRESHING_MS = 1_500
const MAX_REFRESHES = 10
/** Between two questions where nothing is expected soon: an owner has to approve, or the server does not answer. */
const CALM_MS = 30_000

/** The flow ended. The connection is given, as it was read after that, when it ended connected. */
export type Settle = (
  flowId: string,
  status: FlowMeta['status'],
  error: ConnectGitHubError | null,
  connection?: ConnectionView | false,
) => void

/**
 * @param read the cached answer, with the newest view of the flow in it.
 * @returns the query's options, and whether a request is under way that the server answers at once.
 */
export function createQuery(
  send: Send,
  read: () => ConnectionView | undefined,
  store: (view: ConnectionView) => void,
  publish: (flow: FlowView) => void,
  getLocal: () => Local,
  set: (change: Pick<Local, 'statusError'>) => void,
  tell: (status: FlowView['status'], flowId: string) => void,
  settle: Settle,
) {
  let asking = false
  let failures = 0
  let refreshes = 0
  /** Until the next question; 0 for never. */
  let delayMs = 0

  async function follow(signal: AbortSignal): Promise<ConnectionView> {
    const ask = async <T>(parse: (body: unknown, httpStatus: number) => T, path: string) => {
      const answer = await send(parse, path, signal)
      signal.throwIfAborted()
      asking = false
      failures = 0
      return answer
    }

    /** @param known the view to wait for a change of; without one the server answers at once. */
    const askFlow = async (path: string, known: FlowView | null | undefined) => {
      const askedAt = Date.now()
      const wait = known ? `?after=${known.version}&wait=${MAX_WAIT_SECONDS}` : ''
      let flow = await ask(parseFlow, path + wait)
      // The server could not see the session on GitHub's redirect: one same-origin call shows it.
      if (flow.status === 'returned') {
        // The window closes about now, and the page comes to the front: no reason to ask once more.
        asking = true
        flow = await send(parseFlow, `${path}/finish`, undefined, 'POST').catch((thrown: unknown) => {
          const { retryable, code } = toError(thrown)
          // Signed out or cut off: the same call can succeed later. Any other no is the server's answer.
          if (retryable && code !== 'session_mismatch') throw thrown
          return flow
        })
        signal.throwIfAborted()
        asking = false
      }
      tell(flow.status, flow.flowId)
      // A proxy that does not hold answers back must not turn this into a storm.
      if (known?.version === flow.version)
        await new Promise((resolve) => setTimeout(resolve, askedAt + 1_000 - Date.now()))
      return flow
    }

    for (let isFirst = true; ; isFirst = false) {
      const { flowId: ours, opening } = getLocal()
      const known = read()
      const seen = known?.flow
      // Before the server answered the click it does not know the flow.
      const flowId = !opening && (ours || (isOpen(seen) && seen.flowId))
      const flow =
        flowId &&
        (await askFlow(`/flows/${flowId}`, !isFirst && seen?.flowId === flowId ? seen : null).catch(
          (thrown: unknown) => {
            const error = toError(thrown)
            if (error.code !== 'not_found') throw error
            // The flow is another user's, or long gone.
            settle(flowId, 'failed', error)
            return null
          },
        ))
      signal.throwIfAborted()
      if (known && flow && isOpen(flow)) {
        publish(flow)
        continue
      }
      const connection = await ask(parseConnection, '/connection')
      const view = { ...connection, flow: connection.flow ?? (flow || null) }
      const stage = stageOf(view.flow)
      const goesOn = flow && isOpen(flow)
      if (flow && !goesOn) {
        const { status } = flow
        settle(
          flow.flowId,
          status,
          stageOf(flow) > 2 ? flowError(flow) : null,
          status === 'connected' && connection,
        )
      }
      refreshes = connection.refreshing && refreshes < MAX_REFRESHES ? refreshes + 1 : 0
      delayMs = stage === 1 || refreshes ? REFRESHING_MS : stage === 2 ? CALM_MS : 0
      store(view)
      if (stage !== 1 || opening || (flowId && !goesOn)) return view
    }
  }

  return [
    {
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        try {
          asking = true
          return await follow(signal)
        } catch (thrown) {
          const statusError = toError(thrown)
          // What we aborted ourselves is no failure. The others double the wait from 1 to 30 s, with jitter, so that
          // no crowd comes back at once.
          if (!signal.aborted) {
            asking = false
            delayMs = Math.min(CALM_MS, 1_000 * 2 ** failures++) * (1 - Math.random() / 2)
            set({ statusError })
          }
          throw statusError
        }
      },
      refetchInterval: () => delayMs,
      enabled: true,
      // Errors are answered by the interval above: TanStack's own retries pause in a hidden tab.
      retry: false,
      networkMode: 'always',
      staleTime: 0,
      refetchOnMount: true,
      refetchIntervalInBackground: true,
    },
    () => asking,
  ] as const
}
