// What all instances on a page share for one server: the local facts, the customer's actions, and whose callbacks are due.
import type { QueryClient } from '@tanstack/react-query'
import type { ConnectionView, FlowMode, FlowView } from '../bff/contract.ts'
import { createApi } from './api.ts'
import type { Api } from './api.ts'
import { ConnectGitHubError, toError } from './error.ts'
import { listenForHints } from './hints.ts'
import { createFlowMemory } from './memory.ts'
import type { ConnectGitHubEventType, Owner } from './options.ts'
import { createFlowId, openPopup } from './popup.ts'
import { flowError, isOpen } from './state.ts'
import { createTokenReader } from './token.ts'
import type { TokenSource } from './token.ts'

/** What only this page knows. */
export interface Local {
  /** The flow started or resumed here, until its end was told; null when there is none. */
  readonly flowId: string | null
  readonly opening: boolean
  readonly blocked: boolean
  /** A cancel or disconnect is under way. */
  readonly busy: boolean
  readonly actionError: ConnectGitHubError | null
}

export const NOTHING: Local = { flowId: null, opening: false, blocked: false, busy: false, actionError: null }

export class Connector {
  readonly api: Api
  token: TokenSource | undefined
  local: Local
  /** The instance that started or resumed the present flow; only its callbacks are called. */
  owner: Owner | undefined
  /** The next status request shall not wait for a change. */
  immediate = false
  readonly baseURL: string
  readonly #client: QueryClient
  readonly #memory
  readonly #listeners = new Set<() => void>()
  #instances = 0
  #stopHints: (() => void) | undefined
  #popup: Window | null = null
  #told = ''

  constructor(client: QueryClient, baseURL: string) {
    this.#client = client
    this.baseURL = baseURL
    this.api = createApi(
      baseURL,
      createTokenReader(() => this.token),
    )
    this.#memory = createFlowMemory(baseURL)
    this.local = { ...NOTHING, flowId: this.#memory.get() }
  }

  readonly connectionKey = () => ['connect-github', this.baseURL, 'connection'] as const
  readonly flowKey = (flowId: string | null) => ['connect-github', this.baseURL, 'flow', flowId] as const
  readonly launchUrl = (flowId: string) => `${this.baseURL}/flows/${flowId}/launch`

  // Two arrow functions with a fixed identity, as useSyncExternalStore wants them.
  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
  readonly getLocal = () => this.local

  set(change: Partial<Local>) {
    this.local = { ...this.local, ...change }
    for (const listener of this.#listeners) listener()
  }

  /** Counts an instance in; the first one starts listening. A flow whose starter is gone gets this one as owner. */
  mount(owner: Owner): () => void {
    if (this.local.flowId) this.owner ??= owner
    if (!this.#instances++)
      this.#stopHints = listenForHints(
        new URL(this.baseURL, location.href).origin,
        (flowId) => flowId === this.openFlow()?.flowId && this.nudge(),
        () => this.nudge(),
      )
    return () => {
      if (this.owner === owner) this.owner = undefined
      if (!--this.#instances) this.#stopHints?.()
    }
  }

  /** The open flow that is followed, if any. */
  openFlow(): FlowView | undefined {
    const seen = this.#client.getQueryData<ConnectionView>(this.connectionKey())?.flow
    const flowId = this.local.flowId ?? seen?.flowId
    const flow = flowId && this.#client.getQueryData<FlowView>(this.flowKey(flowId))
    return [flow, seen].find((view) => view && view.flowId === flowId && isOpen(view)) || undefined
  }

  /** Asks the server once, now. Signs that come together lead to one request. */
  nudge() {
    const flow = this.openFlow()
    if (!flow) void this.#client.refetchQueries({ queryKey: this.connectionKey() }, { cancelRefetch: false })
    else if (!this.immediate) {
      this.immediate = true
      void this.#client.refetchQueries({ queryKey: this.flowKey(flow.flowId) })
    }
  }

  /** What a customer presses: the connection anew, and the open flow too. */
  checkAgain() {
    this.set({ actionError: null })
    if (this.openFlow()) this.nudge()
    void this.#client.refetchQueries({ queryKey: this.connectionKey() }, { cancelRefetch: false })
  }

  /** Runs inside the click. `withoutWindow` goes on with a link in the page instead of a second blocked window. */
  begin(owner: Owner, mode: FlowMode, withoutWindow = false) {
    if (this.local.opening) return
    this.#finish('superseded', null)
    this.#popup?.close()
    const flowId = createFlowId()
    const url = this.launchUrl(flowId)
    // Nothing may be awaited before this line: browsers open windows only inside the click.
    const popup = mode === 'popup' && !withoutWindow ? openPopup(url, flowId) : null
    const blocked = mode === 'popup' && !popup
    this.#popup = popup
    this.owner = owner
    this.#memory.set(flowId)
    this.set({ ...NOTHING, flowId, opening: true, blocked })
    this.tell('click')
    if (blocked) this.tell('popup_blocked')
    void this.#start(
      flowId,
      popup ? 'popup' : 'redirect',
      mode === 'redirect' ? url : undefined,
      owner.current.returnTo,
    )
  }

  async #start(flowId: string, mode: FlowMode, goTo?: string, returnTo = location.href.replace(/#.*/, '')) {
    try {
      const flow = this.publish(await this.api.startFlow({ flowId, mode, returnTo }))
      this.set({ opening: false })
      if (!isOpen(flow)) this.#popup?.close()
      else if (goTo) location.assign(goTo)
    } catch (thrown) {
      const error = toError(thrown)
      this.#popup?.close()
      this.#finish('failed', error)
      this.set({ ...NOTHING, actionError: error })
    }
  }

  /** Brings the window back to the front, or makes a new flow with a link where windows are blocked. */
  openAgain(owner: Owner, flowId: string) {
    this.#popup = openPopup(this.launchUrl(flowId), flowId)
    if (!this.#popup) this.begin(owner, 'popup', true)
  }

  cancel(owner: Owner, flowId: string) {
    void this.#act(owner, async () => {
      this.publish(await this.api.changeFlow(flowId, 'cancel'))
      this.#popup?.close()
      this.immediate = false
      void this.#client.refetchQueries({ queryKey: this.flowKey(flowId) })
    })
  }

  disconnect(owner: Owner) {
    void this.#act(owner, async () => {
      const connection = await this.api.deleteConnection()
      // An answer still under way is from before the change.
      await this.#client.cancelQueries({ queryKey: this.connectionKey() })
      this.#client.setQueryData(this.connectionKey(), connection)
      this.#memory.set(null)
      this.set({ flowId: null })
    })
  }

  async #act(owner: Owner, action: () => Promise<void>) {
    if (this.local.busy) return
    this.set({ busy: true, actionError: null })
    try {
      await action()
    } catch (thrown) {
      const actionError = toError(thrown)
      this.set({ actionError })
      call(() => owner.current.onError?.(owner.current.localize(actionError)))
    }
    this.set({ busy: false })
  }

  /** Stores a newer view of a flow; answers can overtake each other. */
  publish(flow: FlowView): FlowView {
    const key = this.flowKey(flow.flowId)
    const known = this.#client.getQueryData<FlowView>(key)
    if (known && known.version > flow.version) return known
    this.#client.setQueryData(key, flow)
    if (flow.flowId === this.local.flowId) this.tell(flow.status)
    return flow
  }

  /** Tells the owner of an ended flow how it ended. Without an owner on the page it waits for the next one. */
  settle(flow: FlowView, connection: ConnectionView) {
    if (flow.flowId !== this.local.flowId || !this.owner) return
    const quiet = ['cancelled', 'superseded', 'awaiting_approval'].includes(flow.status)
    const error = quiet ? null : flowError(flow, 'internal')
    this.#finish(flow.status, error, flow.status === 'connected' ? withAccount(connection, flow) : undefined)
    this.set({ flowId: null, blocked: false })
  }

  /** The server knows nothing of the flow: it is another user's, or long gone. */
  drop(error: ConnectGitHubError) {
    this.#finish('failed', error)
    this.set(NOTHING)
  }

  #finish(
    status: FlowView['status'] | 'failed',
    error: ConnectGitHubError | null,
    connection?: ConnectionView,
  ) {
    const { flowId } = this.local
    const { owner } = this
    this.#memory.set(null)
    this.owner = undefined
    if (!flowId || !owner) return
    const meta = { flowId, status }
    if (connection) return call(() => owner.current.onSuccess?.(connection, meta))
    if (error) call(() => owner.current.onError?.(owner.current.localize(error)))
    call(() => owner.current.onExit?.(error && owner.current.localize(error), meta))
  }

  /** One event per step and flow. */
  tell(type: ConnectGitHubEventType) {
    const { flowId } = this.local
    const { owner } = this
    if (!flowId || !owner || this.#told === flowId + type) return
    this.#told = flowId + type
    call(() => owner.current.onEvent?.({ type, flowId, at: Date.now() }))
  }
}

/** A host's callback that throws must not stop ours; as a microtask its error still reaches window.onerror. */
export const call = (callback: () => void) => queueMicrotask(callback)

/** The connection may have been read a moment before the flow ended. */
function withAccount(connection: ConnectionView, { account }: FlowView): ConnectionView {
  return connection.status === 'connected'
    ? connection
    : { ...connection, status: 'connected', reason: null, account }
}
