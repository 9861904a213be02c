// What both hooks stand on: one connector per client and server, this instance's token, and the connection.
import { QueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react'
import { getConnector } from './connector.ts'
import { checkOptions } from './options.ts'
import type { ConnectGitHubOptions, Owner } from './options.ts'

/** Replaced by bundlers, as for React: what only developers need costs nothing in production. */
declare const process: { readonly env: { readonly NODE_ENV?: string } }

/** Of all instances that bring none. A server's stays empty: only effects ask and remember anything. */
let ownClient: QueryClient | undefined

/**
 * @param watches true for an instance that starts no flow and has no callbacks.
 * @throws {TypeError} when an option is not of its kind; in development only.
 */
export function useConnection(options: ConnectGitHubOptions, watches = false) {
  if (process.env.NODE_ENV !== 'production') checkOptions(options)
  const { token, baseURL = '/connect/github', queryClient } = options
  const client = queryClient ?? (ownClient = ownClient ?? new QueryClient())
  const connector = getConnector(client, baseURL.replace(/\/+$/, ''))
  const owner: Owner = useRef(options)
  // Before the subscription below, whose effect sends the first request.
  useEffect(() => {
    owner.current = options
    connector.observe()
  })
  const subscribe = useCallback(
    (render: () => void) => connector.mount(owner, render, watches),
    [connector, owner, watches],
  )
  // What a server rendered knows nothing of this browser; the first client render has to look the same.
  const local = useSyncExternalStore(subscribe, connector.getLocal, () => null)

  const trouble = local && (local.statusError ?? local.actionError)
  useEffect(() => {
    if (trouble?.code === 'session_required') connector.checkAgain()
    // A new token is a reason to ask at once, a refusal is none; a function has another identity at each render.
    // eslint-disable-next-line react/exhaustive-deps
  }, [typeof token === 'string' && token])
  return { client, connector, owner, local, connection: local?.connection, trouble }
}
