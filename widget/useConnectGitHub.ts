// The whole state machine without looks: what the customer is in, with the actions that are legal there.
import { useEffect, useRef, useState } from 'react'
import type { ConnectionView } from '../bff/contract.ts'
import { call, report } from './connector.ts'
import { localizeError } from './error.ts'
import type { ConnectGitHubError } from './error.ts'
import { checkOptions } from './options.ts'
import type { ConnectGitHubOptions, Owner } from './options.ts'
import { isOpen } from './parse.ts'
import { pickMode } from './popup.ts'
import { toSnapshot } from './state.ts'
import type { Snapshot } from './state.ts'
import { useConnection } from './useConnection.ts'

interface Common {
  /** Why the last request failed, while what is shown is the last that was known. */
  readonly trouble: ConnectGitHubError | null
  /** A cancel or disconnect is under way. */
  readonly busy: boolean
}

/** The state, tagged by `status`. */
export type ConnectGitHubState = Snapshot & Common

const SLOW_WAITING_MS = 60_000
const SLOW_FINISHING_MS = 10_000

/**
 * @param options read again at each render; the latest callbacks are called.
 * @throws {TypeError} when an option is not of its kind.
 */
export function useConnectGitHub(options: ConnectGitHubOptions = {}): ConnectGitHubState {
  checkOptions(options)
  const localize = (error: ConnectGitHubError) => localizeError(error, options.messages)
  const owner: Owner = useRef(options)

  useEffect(() => {
    owner.current = options
  })
  const { connector, local, query } = useConnection(options, owner)
  const { data: connection, error: statusError, dataUpdatedAt } = query
  const flow = connection?.flow
  const flowId = flow?.flowId ?? ''

  const phase = flow && flowId + flow.status
  const [slowPhase, setSlowPhase] = useState<string | null>()
  useEffect(() => {
    if (!isOpen(flow)) return
    const onGitHub = flow.status === 'waiting' || flow.status === 'authorizing'
    const slowMs = onGitHub ? SLOW_WAITING_MS : SLOW_FINISHING_MS
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
