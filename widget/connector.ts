// What all instances on a page share for one server: the customer's actions, the local facts, and whose callbacks are due.
import { QueryObserver } from '@tanstack/react-query'
import type { QueryClient, QueryObserverOptions } from '@tanstack/react-query'
import type { ConnectionView, FlowView } from '../bff/contract.ts'
import { createSend } from './api.ts'
import { localizeError, toError } from './error.ts'
import type { ConnectGitHubError } from './error.ts'
import { createQuery } from './follow.ts'
import type { Settle } from './follow.ts'
import { listenForHints } from './hints.ts'
import { remember } from './memory.ts'
import type { ConnectGitHubEventType, ConnectGitHubOptions, Owner } from './options.ts'
import { isOpen, parseConnection, parseFlow } from './parse.ts'
import { createFlowId, describePages, openPopup, pickMode } from './popup.ts'
import type { Actions } from './state.ts'

/** What is known: the server's last answer, and what only this page knows. */
export interface Local {
  /** With the newest view of the flow; undefined before the first answer. */
  readonly connection: ConnectionView | undefined
  /** When it came, in epoch milliseconds. */
  readonly checkedAt: number
  /** The flow started or resumed here, until its end was told; '' when there is none. */
  readonly flowId: string
  /** True between the click and the server's answer to it. */
  readonly opening: boolean
  /** The browser blocked the window. */
  readonly blocked: boolean
  /** A cancel or disconnect is under way. */
  readonly busy: boolean
  /** Why the last action failed. */
  readonly actionError: ConnectGitHubError | null
  /** Why the last status request failed; null when it did not. Unlike the query's, it stays while the same is tried again. */
  readonly statusError: ConnectGitHubError | null
}

export type Connector = ReturnType<typeof createConnector>

function createConnector(client: QueryClient, baseURL: string) {
  const queryKey = ['connect-github', baseURL]
  /** Each with what makes it render. */
  const instances = new Map<Owner, () => void>()
  const nothing = { flowId: '', opening: false, blocked: false, busy: false, actionError: null }
  let local: Local = {
    ...nothing,
    connection: undefined,
    checkedAt: 0,
    statusError: null,
    flowId: remember(baseURL),
  }
  /** The instance that started or resumed the present flow; only its callbacks are called. */
  let owner: Owner | undefined
  let popup: Window | null = null
  let told = ''
  let stop: readonly (() => void)[]

  const send = createSend(baseURL, () =>
    [...instances.keys()].map(({ current }) => current.token).find((token) => token !== undefined),
  )
  const launchUrl = (flowId: string) => `${baseURL}/flows/${flowId}/launch`
  const read = () => client.getQueryData<ConnectionView>(queryKey)
  const set = (change: Partial<Local>) => {
    local = { ...local, ...change }
    for (const render of instances.values()) render()
  }
  /** In this order, so that nobody sees a moment with neither. */
  const store = (view: ConnectionView | undefined) => {
    client.setQueryData(queryKey, view)
    set({ statusError: null })
  }
  const publish = (flow: FlowView) => {
    const known = read()
    store(known && { ...known, flow })
  }

  /** Tells the owner one event per step and flow. */
  const tell = (type: ConnectGitHubEventType, flowId = local.flowId) => {
    const once = flowId + type
    if (!owner || flowId !== local.flowId || told === once) return
    told = once
    call(owner, ({ onEvent }) => onEvent?.({ type, flowId, at: Date.now() }))
  }

  /** Tells the owner how the flow ended, and forgets the flow. Without an owner on the page the end waits for the next one. */
  const end: Settle = (flowId, status, error, connection) => {
    const to = owner
    if (!to || flowId !== local.flowId) return
    const meta = { flowId, status }
    remember(baseURL, '')
    owner = undefined
    set(nothing)
    if (connection) return call(to, ({ onSuccess }) => onSuccess?.(connection, meta))
    if (error) report(to, error)
    call(to, (options) => options.onExit?.(error && localizeError(error, options), meta))
  }

  const [follow, isAsking] = createQuery(send, read, store, publish, () => local, set, tell, end)
  const options: QueryObserverOptions<ConnectionView, ConnectGitHubError> = {
    ...follow,
    queryKey,
  }
  // One for all instances, and not `useQuery`, whose part for suspense and hydration is 0.8 kB that nobody here needs.
  const observer = new QueryObserver(client, options)
  const refetch = () => void (instances.size && observer.refetch())

  /** Asks the server once, now. Signs that come together lead to one request. */
  const nudge = (isLost = false) => {
    if (isLost || !isAsking()) refetch()
  }
  const checkAgain = () => {
    set({ actionError: null })
    nudge()
  }

  /** @param flag is set meanwhile; a failed `opening` ends the flow. */
  const act = async (by: Owner, flag: 'opening' | 'busy', action: () => Promise<void>) => {
    if (local[flag]) return
    set({ [flag]: true, actionError: null })
    try {
      await action()
      set({ [flag]: false })
      // An answer still under way is from before the change; this drops it.
      refetch()
    } catch (thrown) {
      const actionError = toError(thrown)
      if (flag === 'busy') report(by, actionError)
      else {
        popup?.close()
        end(local.flowId, 'failed', actionError)
      }
      set({ [flag]: false, actionError })
    }
  }

  /** Runs inside the click. `withoutWindow` goes on with a link in the page instead of a second blocked window. */
  const begin = (by: Owner, withoutWindow = false) => {
    const { disabled, mode: wish = 'auto', returnTo = location.href.replace(/#.*/, '') } = by.current
    if (disabled || local.opening) return
    end(local.flowId, 'superseded', null)
    popup?.close()
    const flowId = createFlowId()
    const look = describePages(by.current)
    // The page is shown before the server was told of the flow.
    const query = String(new URLSearchParams({ ...look }))
    const url = launchUrl(flowId) + (query && `?${query}`)
    const isWindow = (wish === 'auto' ? pickMode() : wish) === 'popup'
    // Nothing may be awaited before this line: browsers open windows only inside the click.
    popup = isWindow && !withoutWindow ? openPopup(url, flowId) : null
    const mode = popup ? 'popup' : 'redirect'
    const blocked = isWindow && !popup
    owner = by
    set({ flowId, blocked })
    tell('click')
    if (blocked) tell('popup_blocked')
    void act(by, 'opening', async () => {
      const flow = await send(parseFlow, '/flows', undefined, 'POST', { flowId, mode, returnTo, ...look })
      // Not before: after a reload in between, the server would deny a flow that it is about to learn of.
      remember(baseURL, flowId)
      publish(flow)
      tell(flow.status)
      if (!isOpen(flow)) popup?.close()
      else if (!isWindow) location.assign(url)
    })
  }

  return {
    queryKey,
    /** After each render: the host may have cleared its client. */
    observe: () => observer.setOptions(options),
    send,
    launchUrl,
    checkAgain,
    getLocal: () => local,

    /**
     * Counts an instance in, with its token; the first one starts listening. A flow whose starter is gone gets this
     * one as owner, unless it only watches.
     * @param render called after each change of what `getLocal` returns.
     */
    mount: (by: Owner, render: () => void, watches: boolean) => {
      if (local.flowId && !watches) owner = owner ?? by
      instances.set(by, render)
      if (instances.size === 1) {
        const onHint = (flowId: unknown) => {
          const flow = read()?.flow
          if (isOpen(flow) && flow.flowId === flowId) nudge()
        }
        stop = [
          listenForHints(new URL(baseURL, location.href).origin, onHint, nudge),
          observer.subscribe(({ data, dataUpdatedAt }) =>
            set({ connection: data, checkedAt: dataUpdatedAt }),
          ),
        ]
      }
      return () => {
        if (owner === by) owner = undefined
        instances.delete(by)
        if (!instances.size) for (const each of stop) each()
      }
    },

    /** @param flowId the flow on screen. */
    actionsOf: (by: Owner, flowId: string): Omit<Actions, 'checkAgain'> => ({
      connect: () => begin(by),
      startOver: () => begin(by),
      openAgain: () => {
        popup = openPopup(launchUrl(flowId), flowId)
        if (popup) return
        // Another flow comes back by itself in the tab; but once the app is installed, GitHub would not return from it.
        if (read()?.flow?.status !== 'authorizing') return begin(by, true)
        set({ blocked: true })
        tell('popup_blocked')
      },
      cancel: () =>
        void act(by, 'busy', async () => {
          publish(await send(parseFlow, `/flows/${flowId}/cancel`, undefined, 'POST'))
          popup?.close()
        }),
      disconnect: () =>
        void act(by, 'busy', async () =>
          store(await send(parseConnection, '/connection', undefined, 'DELETE')),
        ),
    }),
  }
}

/** A host's callback that throws must not stop ours; as a microtask its error still reaches window.onerror. */
export const call = (to: Owner, use: (options: ConnectGitHubOptions) => void) =>
  queueMicrotask(() => use(to.current))

/** Tells an error to the host, with the customer's text. */
export const report = (to: Owner, error: ConnectGitHubError) =>
  call(to, (options) => options.onError?.(localizeError(error, options)))

const shared = new WeakMap<QueryClient, Record<string, Connector>>()

/** Made at most once per client and server; kept by the client. */
export function getConnector(client: QueryClient, baseURL: string): Connector {
  const perServer = shared.get(client) ?? {}
  shared.set(client, perServer)
  return (perServer[baseURL] ??= createConnector(client, baseURL))
}
