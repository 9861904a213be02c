// What both hooks stand on: one connector per client and server, this instance's token, and the connection.
import { QueryClient, useQuery } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { getConnector } from './connector.ts'
import type { ConnectGitHubOptions, Owner } from './options.ts'

let ownClient: QueryClient | undefined

/** One client for all instances in a browser; on a server one per render, because requests of many users meet there. */
const getOwnClient = () =>
  typeof window === 'undefined' ? new QueryClient() : (ownClient ??= new QueryClient())

/**
 * @param instance its `current` has to be up to date before this hook's effects run.
 * @param watches true for an instance that starts no flow and has no callbacks.
 */
export function useConnection(
  { token, baseURL = '/connect/github', queryClient }: ConnectGitHubOptions,
  instance: Owner,
  watches = false,
) {
  const [fallback] = useState(getOwnClient)
  const client = queryClient ?? fallback
  const connector = getConnector(client, baseURL.replace(/\/+$/, ''))
  // Before the query below, whose effect sends the first request.
  useEffect(() => connector.mount(instance, watches), [connector, instance, watches])
  // What a server rendered knows nothing of this browser; the first client render has to look the same.
  const local = useSyncExternalStore(connector.subscribe, connector.getLocal, () => null)
  const query = useQuery(connector.query, client)

  const signedOut = (query.error ?? local?.actionError)?.code === 'session_required'
  useEffect(() => {
    if (signedOut) connector.checkAgain()
    // A new token is a reason to ask at once, a refusal is none; a function has another identity at each render.
    // eslint-disable-next-line react/exhaustive-deps
  }, [typeof token === 'string' && token])
  return { client, connector, local, query }
}
