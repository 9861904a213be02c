// The whole state machine without looks: what the customer is in, with the actions that are legal there.
import { QueryClient, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { ConnectionView } from '../bff/contract.ts'
import { call, NOTHING } from './connector.ts'
import { localizeError } from './error.ts'
import type { ConnectGitHubError } from './error.ts'
import { english, mergeMessages } from './messages.ts'
import type { Messages } from './messages.ts'
import { checkOptions } from './options.ts'
import type { ConnectGitHubOptions, Owner } from './options.ts'
import { pickMode } from './popup.ts'
import { getShared } from './queries.ts'
import { isOpen, toSnapshot } from './state.ts'
import type { Facts, Snapshot, Status } from './state.ts'

/** Everything a customer can do. A state carries only what is legal in it. */
export interface Actions {
  /** Starts a flow. Call it straight from the click: only there may a window be opened. */
  connect(): void
  /** Starts another flow in place of the present one. Call it straight from the click. */
  startOver(): void
  /** Brings GitHub's window back. Call it straight from the click. */
  openAgain(): void
  /** Gives the flow up. A failure is told by `trouble` and `onError`. */
  cancel(): void
  /** Forgets the connection; the app stays installed on GitHub. A failure is told by `trouble` and `onError`. */
  disconnect(): void
  /** Asks the server again, now. */
  checkAgain(): void
}

const LEGAL = {
  loading: [],
  not_connected: ['connect'],
  view_only: ['checkAgain'],
  opening: [],
  waiting: ['openAgain', 'startOver', 'cancel'],
  finishing: [],
  connected: ['disconnect'],
  awaiting_approval: ['checkAgain', 'startOver'],
  conflict: ['checkAgain', 'startOver'],
  refused: ['startOver'],
  expired: ['startOver'],
  blocked: ['checkAgain', 'startOver'],
  reconnect: ['connect', 'disconnect'],
  failed: ['checkAgain', 'startOver'],
  offline: ['checkAgain'],
  session_required: ['checkAgain'],
} as const satisfies Record<Status, readonly (keyof Actions)[]>

interface Common {
  /** Why the last request failed, while what is shown is the last that was known. */
  readonly trouble: ConnectGitHubError | null
  /** A cancel or disconnect is under way. */
  readonly busy: boolean
}

/** The state, tagged by `status`. */
export type ConnectGitHubState = {
  [S in Status]: Extract<Snapshot, { status: S }> & Pick<Actions, (typeof LEGAL)[S][number]> & Common
}[Status]

let ownClient: QueryClient | undefined

/** One client for all instances in a browser; on a server one per render, because requests of many users meet there. */
function getOwnClient(): QueryClient {
  return typeof window === 'undefined' ? new QueryClient() : (ownClient ??= new QueryClient())
}

const noSubscription = () => () => {}

/**
 * @param options read again at each render; the latest callbacks are called.
 * @throws {TypeError} when an option is not of its kind.
 */
export function useConnectGitHub(options: ConnectGitHubOptions = {}): ConnectGitHubState {
  checkOptions(options)
  const { token, messages: overrides } = options
  const [fallback] = useState(getOwnClient)
  const client = options.queryClient ?? fallback
  const { connector, queries } = getShared(client, (options.baseURL ?? '/connect/github').replace(/\/+$/, ''))
  const messages = useMemo<Messages>(() => mergeMessages(english, overrides), [overrides])
  const latest = { ...options, localize: (error: ConnectGitHubError) => localizeError(error, messages) }
  const owner: Owner = useRef(latest)

  // Before the queries below, whose effects send the first requests.
  useEffect(() => {
    owner.current = latest
    connector.token = token
  })
  useEffect(() => connector.mount(owner), [connector, owner])

  const local = useSyncExternalStore(connector.subscribe, connector.getLocal, () => NOTHING)
  // What a server rendered knows nothing of this browser's cache; the first client render has to look the same.
  const hydrated = useSyncExternalStore(
    noSubscription,
    () => true,
    () => false,
  )
  const connectionQuery = useQuery(queries.connection, client)
  const connection = connectionQuery.data
  const seen = connection?.flow
  const flowId = local.flowId ?? seen?.flowId ?? null
  // Before the server answered the click it does not know the flow.
  const enabled = !!flowId && !local.opening && (flowId === local.flowId || isOpen(seen))
  const flowQuery = useQuery({ ...queries.flow(flowId), enabled }, client)
  const views = [flowQuery.data, seen].filter((view) => view?.flowId === flowId)
  const flow = views.reduce((a, b) => (b && (!a || b.version > a.version) ? b : a), undefined) ?? null

  const phase = flow && `${flow.flowId} ${flow.status}`
  const [slowPhase, setSlowPhase] = useState<string | null>(null)
  useEffect(() => {
    if (!isOpen(flow)) return
    const timer = setTimeout(() => setSlowPhase(phase), flow.status === 'waiting' ? 60_000 : 10_000)
    return () => clearTimeout(timer)
    // eslint-disable-next-line react/exhaustive-deps -- a newer view of the same phase must not restart the clock
  }, [phase])

  const statusError = connectionQuery.error ?? (enabled ? flowQuery.error : null)
  useLoadCallbacks(owner, connection, statusError)

  const { opening, blocked, busy, actionError } = local
  const facts: Facts = {
    connection,
    flow,
    statusError,
    actionError,
    opening,
    blocked,
    checkedAt: connectionQuery.dataUpdatedAt,
    slow: phase === slowPhase,
    launchUrl: flowId ? connector.launchUrl(flowId) : '',
  }
  const snapshot: Snapshot = hydrated ? toSnapshot(facts) : { status: 'loading' }

  const begin = () => {
    const { mode = 'auto', disabled } = owner.current
    if (!disabled) connector.begin(owner, mode === 'auto' ? pickMode() : mode)
  }
  const actions: Actions = {
    connect: begin,
    startOver: begin,
    openAgain: () => flowId && connector.openAgain(owner, flowId),
    cancel: () => flowId && connector.cancel(owner, flowId),
    disconnect: () => connector.disconnect(owner),
    checkAgain: () => connector.checkAgain(),
  }
  const legal: readonly (keyof Actions)[] = LEGAL[snapshot.status]
  const trouble = statusError ?? actionError
  // LEGAL is what the type of the state is made of, so the picked actions are those it promises.
  // eslint-disable-next-line typescript/no-unsafe-type-assertion
  return {
    ...snapshot,
    ...('error' in snapshot && { error: latest.localize(snapshot.error) }),
    ...Object.fromEntries(legal.map((name) => [name, actions[name]])),
    trouble: trouble && latest.localize(trouble),
    busy,
  } as ConnectGitHubState
}

/** `onLoad` once; `onError` once per row of failures. */
function useLoadCallbacks(
  owner: Owner,
  connection: ConnectionView | undefined,
  error: ConnectGitHubError | null,
) {
  const loaded = useRef(false)
  const reported = useRef<string | undefined>(undefined)
  const code = error?.code
  const ready = !!(connection ?? error)
  useEffect(() => {
    if (ready && !loaded.current) {
      loaded.current = true
      call(() => owner.current.onLoad?.())
    }
    if (error && reported.current !== code) call(() => owner.current.onError?.(owner.current.localize(error)))
    reported.current = code
    // eslint-disable-next-line react/exhaustive-deps -- each retry makes a new error of the same code
  }, [ready, code])
}
