// What is rendered inside <connect-github>: the state, handed to the element, and its card.
import { useEffect, useLayoutEffect } from 'react'
import type { ReactNode } from 'react'
import { useCard } from '../ConnectGitHub.tsx'
import type { ConnectGitHubProps } from '../ConnectGitHub.tsx'
import { useConnectGitHub } from '../useConnectGitHub.ts'
import type { ConnectGitHubState } from '../useConnectGitHub.ts'

interface ConnectedCardProps {
  readonly options: ConnectGitHubProps
  /** Called after each render, before the browser paints. */
  readonly onState: (state: ConnectGitHubState) => void
}

export function ConnectedCard({ options, onState }: ConnectedCardProps): ReactNode {
  const state = useConnectGitHub({ theme: options.appearance?.theme, ...options })
  useLayoutEffect(() => onState(state))
  const { token } = options
  useEffect(() => {
    if (state.status === 'session_required') state.checkAgain()
    // Whatever set a token after the element had started need not wait for the next try.
    // eslint-disable-next-line react/exhaustive-deps
  }, [token])
  return useCard(options, state)
}
