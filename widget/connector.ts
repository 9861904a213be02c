// What all instances on a page share for one server: the customer's actions, the local facts, and whose callbacks are due.
import type { QueryClient } from '@tanstack/react-query'
import type { ConnectionView, FlowMode, FlowView } from '../bff/contract.ts'
import { createSend } from './api.ts'
import { localizeError, toError } from './error.ts'
import type { ConnectGitHubError } from './error.ts'
import { createQuery } from './follow.ts'
import { listenForHints } from './hints.ts'
import { recallFlow, rememberFlow } from './memory.ts'
import type { ConnectGitHubEventType, FlowMeta, Owner } from './options.ts'
import { isOpen, parseConnection, parseFlow } from './parse.ts'
import { createFlowId, openPopup } from './popup.ts'

/** What only this page knows. */
export interface Local {
  /** The flow started or resumed here, until its end was told; null when there is none. */
  readonly flowId: string | null
  /** True between the click and the server's answer to it. */
  readonly opening: boolean
  /** The browser blocked the window. */
  readonly blocked: boolean
  /** A cancel or disconnect is under way. */
  readonly busy: boolean
  /** Why the last action failed. */
  readonly actionError: ConnectGitHubError | null
}

const NOTHING: Local = { flowId: null, opening: false, blocked: false, busy: false, actionError: null }

export type Connector = ReturnType<typeof createConnector>

function createConnector(client: QueryClient, baseURL: string) {
  const queryKey = ['connect-github', baseURL]
  const listeners = new Set<() => void>()
  let local: Local = { ...NOTHING, flowId: recallFlow(baseURL) }
  /** The instance that started or resumed the present flow; only its callbacks are called. */
  let owner: Owner | undefined
  let popup: Window | null = null
  let told = ''
  const instances = new Set<Owner>()
  let stopListening: () => void

  const send = createSend(
    baseURL,
    () => [...instances].find(({ current }) => current.token !== undefined)?.current.token,
  )
  const launchUrl = (flowId: string) => `${baseURL}/flows/${flowId}/launch`
  const read = () => client.getQueryData<ConnectionView>(queryKey)
  const store = (view: ConnectionView) => client.setQueryData(queryKey, view)
  const publish = (flow: FlowView) => {
    const known = read()
    if (known) store({ ...known, flow })
  }
  const refetch = () => void client.refetchQueries({ queryKey })

  const set = (change: Partial<Local>) => {
    local = { ...local, ...change }
    for (const listener of listeners) listener()
  }

  /** Tells the owner one event per step and flow. */
  const tell = (type: ConnectGitHubEventType, flowId = local.flowId) => {
    const to = owner
    if (!to || !flowId || flowId !== local.flowId || told === flowId + type) return
    told = flowId + type
    call(() => to.current.onEvent?.({ type, flowId, at: Date.now() }))
  }

  /** Tells the owner how the flow ended, and forgets the flow. */
  const end = (
    status: FlowMeta['status'],
    error: ConnectGitHubError | null,
    connection?: ConnectionView | false,
  ) => {
    const { flowId } = local
    const to = owner
    rememberFlow(baseURL, null)
    owner = undefined
    set(NOTHING)
    if (!flowId || !to) return
    const meta = { flowId, status }
    if (connection) return call(() => to.current.onSuccess?.(connection, meta))
    if (error) report(to, error)
    call(() => to.current.onExit?.(error && localizeError(error, to.current.messages), meta))
  }

  const query = createQuery({
    send,
    read,
    store,
    tell,
    getLocal: () => local,
    /** Without an owner on the page the end waits for the next one. */
    settle: (flowId, ...how) => {
      if (flowId === local.flowId && owner) end(...how)
    },
  })

  /** Asks the server once, now. Signs that come together lead to one request. */
  const nudge = () => {
    if (!query.isAsking()) refetch()
  }

  const start = async (flowId: string, mode: FlowMode, returnTo: string, goTo: string | null) => {
    try {
      const body = { flowId, mode, returnTo }
      const flow = await send(parseFlow, '/flows', { method: 'POST', body })
      publish(flow)
      tell(flow.status)
      set({ opening: false })
      if (!isOpen(flow)) popup?.close()
      else if (goTo) location.assign(goTo)
      refetch()
    } catch (thrown) {
      const actionError = toError(thrown)
      popup?.close()
      end('failed', actionError)
      set({ actionError })
    }
  }

  /** Runs inside the click. `withoutWindow` goes on with a link in the page instead of a second blocked window. */
  const begin = (by: Owner, mode: FlowMode, withoutWindow = false) => {
    if (local.opening) return
    end('superseded', null)
    popup?.close()
    const flowId = createFlowId()
    const url = launchUrl(flowId)
    // Nothing may be awaited before this line: browsers open windows only inside the click.
    popup = mode === 'popup' && !withoutWindow ? openPopup(url, flowId) : null
    const blocked = mode === 'popup' && !popup
    owner = by
    rememberFlow(baseURL, flowId)
    set({ flowId, opening: true, blocked })
    tell('click')
    if (blocked) tell('popup_blocked')
    const returnTo = by.current.returnTo ?? location.href.replace(/#.*/, '')
    void start(flowId, popup ? 'popup' : 'redirect', returnTo, mode === 'redirect' ? url : null)
  }

  const act = async (by: Owner, action: () => Promise<void>) => {
    if (local.busy) return
    set({ busy: true, actionError: null })
    try {
      await action()
    } catch (thrown) {
      const actionError = toError(thrown)
      set({ actionError })
      report(by, actionError)
    }
    set({ busy: false })
  }

  return {
    query: { ...query.options, queryKey },
    send,
    launchUrl,
    begin,
    getLocal: () => local,
    subscribe: (listener: () => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /**
     * Counts an instance in, with its token; the first one starts listening. A flow whose starter is gone gets this
     * one as owner, unless it only watches.
     */
    mount: (by: Owner, watches: boolean) => {
      if (local.flowId && !watches) owner ??= by
      if (!instances.size) {
        const onHint = (flowId: unknown) => {
          const flow = read()?.flow
          if (isOpen(flow) && flow.flowId === flowId) nudge()
        }
        stopListening = listenForHints(new URL(baseURL, location.href).origin, onHint, nudge)
      }
      instances.add(by)
      return () => {
        if (owner === by) owner = undefined
        instances.delete(by)
        if (!instances.size) stopListening()
      }
    },

    checkAgain: () => {
      set({ actionError: null })
      nudge()
    },

    /** Brings the window back to the front, or goes on with a link where windows are blocked. */
    openAgain: (by: Owner, flowId: string) => {
      popup = openPopup(launchUrl(flowId), flowId)
      if (popup) return
      // Another flow comes back by itself in the tab; but once the app is installed, GitHub would not return from it.
      if (read()?.flow?.status !== 'authorizing') return begin(by, 'popup', true)
      set({ blocked: true })
      tell('popup_blocked')
    },

    cancel: (by: Owner, flowId: string) =>
      act(by, async () => {
        const flow = await send(parseFlow, `/flows/${flowId}/cancel`, { method: 'POST' })
        publish(flow)
        popup?.close()
        refetch()
      }),

    disconnect: (by: Owner) =>
      act(by, async () => {
        const connection = await send(parseConnection, '/connection', { method: 'DELETE' })
        // An answer still under way is from before the change.
        await client.cancelQueries({ queryKey })
        store(connection)
      }),
  }
}

/** A host's callback that throws must not stop ours; as a microtask its error still reaches window.onerror. */
export const call = (callback: () => void) => queueMicrotask(callback)

/** Tells an error to the host, with the customer's text. */
export const report = (to: Owner, error: ConnectGitHubError) =>
  call(() => to.current.onError?.(localizeError(error, to.current.messages)))

const shared = new WeakMap<QueryClient, Map<string, Connector>>()

/** Made at most once per client and server; kept by the client, so that a server render leaves nothing behind. */
export function getConnector(client: QueryClient, baseURL: string): Connector {
  const perServer = shared.get(client) ?? new Map<string, Connector>()
  shared.set(client, perServer)
  const connector = perServer.get(baseURL) ?? createConnector(client, baseURL)
  perServer.set(baseURL, connector)
  return connector
}
