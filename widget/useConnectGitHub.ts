// The whole state machine without looks: what the customer is in, with the actions that are legal there.
import { useEffect, useRef, useState } from 'react'
import { call, report } from './connector.ts'
import { localizeError } from './error.ts'
import type { ConnectGitHubError } from './error.ts'
import type { ConnectGitHubOptions } from './options.ts'
import { toSnapshot } from './state.ts'
import type { Actions, Snapshot, Status } from './state.ts'
import { useConnection } from './useConnection.ts'

interface Common extends Pick<Actions, 'checkAgain'> {
  /** Why the last request failed, while what is shown is the last that was known. */
  readonly trouble: ConnectGitHubError | null
  /** A cancel or disconnect is under way. */
  readonly busy: boolean
  /** Something is under way, for longer than usual: 60 s of waiting on GitHub, 10 s of opening or finishing. */
  readonly slow: boolean
}

/** The state, tagged by `status`. */
export type ConnectGitHubState = Snapshot & Common

/** When a status lasts longer than usual. */
const SLOW_MS: { readonly [S in Status]?: number } = {
  opening: 10_000,
  waiting: 60_000,
  authorizing: 60_000,
  finishing: 10_000,
}

/**
 * @param options read again at each render; the latest callbacks are called.
 * @throws {TypeError} when an option is not of its kind; in development only.
 */
export function useConnectGitHub(options: ConnectGitHubOptions = {}): ConnectGitHubState {
  const { connector, owner, local, connection, trouble } = useConnection(options)
  const flowId = connection?.flow?.flowId ?? ''

  const localize = (error: ConnectGitHubError) => localizeError(error, options)
  const snapshot: Snapshot = local
    ? toSnapshot(local, connector.launchUrl(flowId), connector.actionsOf(owner, flowId), localize)
    : { status: 'loading' }

  const phase = snapshot.status + flowId
  const slowMs = SLOW_MS[snapshot.status]
  const [slowPhase, setSlowPhase] = useState('')
  useEffect(() => {
    if (!slowMs) return
    const timer = setTimeout(() => setSlowPhase(phase), slowMs)
    return () => clearTimeout(timer)
  }, [phase, slowMs])

  // `onLoad` once; `onError` once per row of failures.
  const statusError = local?.statusError
  const outcome = statusError?.code ?? (connection && 'loaded')
  const before = useRef<string>(undefined)
  useEffect(() => {
    if (!outcome || outcome === before.current) return
    if (!before.current) call(owner, ({ onLoad }) => onLoad?.())
    before.current = outcome
    // In a task, which a page that is being left runs no more: what its leaving cuts off is no failure.
    if (statusError) setTimeout(report, 0, owner, statusError)
    // eslint-disable-next-line react/exhaustive-deps -- each retry makes a new error of the same code
  }, [outcome])

  return {
    ...snapshot,
    checkAgain: connector.checkAgain,
    trouble: trouble && localize(trouble),
    busy: !!local?.busy,
    slow: phase === slowPhase,
  }
}
