// The whole state machine without looks: what the customer is in, with the actions that are legal there.
import { QueryClient, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { ConnectionView } from '../bff/contract.ts'
import { call, getConnector, report } from './connector.ts'
import { localizeError } from './error.ts'
import type { ConnectGitHubError } from './error.ts'
import { mergeMessages } from './messages.ts'
import { checkOptions } from './options.ts'
import type { ConnectGitHubOptions, Owner } from './options.ts'
import { isOpen } from './parse.ts'
import { pickMode } from './popup.ts'
import { toSnapshot } from './state.ts'
import type { Snapshot } from './state.ts'

interface Common {
  /** Why the last request failed, while what is shown is the last that was known. */
  readonly trouble: ConnectGitHubError | null
  /** A cancel or disconnect is under way. */
  readonly busy: boolean
}

/** The state, tagged by `status`. */
export type ConnectGitHubState = Snapshot & Common

let ownClient: QueryClient | undefined

/** One client for all instances in a browser; on a server one per render, because requests of many users meet there. */
const getOwnClient = () =>
  typeof window === 'undefined' ? new QueryClient() : (ownClient ??= new QueryClient())

const SLOW_WAITING_MS = 60_000
const SLOW_FINISHING_MS = 10_000

/**
 * @param options read again at each render; the latest callbacks are called.
 * @throws {TypeError} when an option is not of its kind.
 */
export function useConnectGitHub(options: ConnectGitHubOptions = {}): ConnectGitHubState {
  checkOptions(options)
  const { token, messages: overrides, baseURL = '/connect/github', queryClient } = options
  const [fallback] = useState(getOwnClient)
  const client = queryClient ?? fallback
  const connector = getConnector(client, baseURL.replace(/\/+$/, ''))
  const messages = useMemo(() => mergeMessages(overrides), [overrides])
  const localize = (error: ConnectGitHubError) => localizeError(error, messages)
  const latest = { ...options, localize }
  const owner: Owner = useRef(latest)

  // Before the query below, whose effect sends the first request.
  useEffect(() => {
    owner.current = latest
    connector.setToken(token)
  })
  useEffect(() => connector.mount(owner), [connector, owner])

  // What a server rendered knows nothing of this browser; the first client render has to look the same.
  const local = useSyncExternalStore(connector.subscribe, connector.getLocal, () => null)
  const { data: connection, error: statusError, dataUpdatedAt } = useQuery(connector.query, client)
  const flow = connection?.flow
  const flowId = flow?.flowId ?? ''

  const phase = flow && flowId + flow.status
  const [slowPhase, setSlowPhase] = useState<string | null>()
  useEffect(() => {
    if (!isOpen(flow)) return
    const slowMs = flow.status === 'waiting' ? SLOW_WAITING_MS : SLOW_FINISHING_MS
    const timer = setTimeout(() => setSlowPhase(phase), slowMs)
    return () => clearTimeout(timer)
    // eslint-disable-next-line react/exhaustive-deps -- a newer view of the same phase must not restart the clock
  }, [phase])
  useLoadCallbacks(owner, connection, statusError)

  if (!local) return { status: 'loading', trouble: null, busy: false }
  const connect = () => {
    const { mode = 'auto', disabled } = owner.current
    if (!disabled) connector.begin(owner, mode === 'auto' ? pickMode() : mode)
  }
  const snapshot = toSnapshot(
    {
      connection,
      checkedAt: dataUpdatedAt,
      statusError,
      local,
      slow: phase === slowPhase,
      launchUrl: connector.launchUrl(flowId),
    },
    {
      connect,
      startOver: connect,
      openAgain: () => connector.openAgain(owner, flowId),
      cancel: () => void connector.cancel(owner, flowId),
      disconnect: () => void connector.disconnect(owner),
      checkAgain: connector.checkAgain,
    },
  )
  const trouble = statusError ?? local.actionError
  return {
    ...snapshot,
    ...('error' in snapshot && { error: localize(snapshot.error) }),
    trouble: trouble && localize(trouble),
    busy: local.busy,
  }
}

/** `onLoad` once; `onError` once per row of failures. */
function useLoadCallbacks(
  owner: Owner,
  connection: ConnectionView | undefined,
  error: ConnectGitHubError | null,
) {
  const loaded = useRef(false)
  const ready = !!(connection ?? error)
  const code = error?.code
  useEffect(() => {
    if (!ready || loaded.current) return
    loaded.current = true
    call(() => owner.current.onLoad?.())
  }, [ready, owner])
  useEffect(() => {
    if (error) report(owner, error)
    // eslint-disable-next-line react/exhaustive-deps -- each retry makes a new error of the same code
  }, [code])
}
