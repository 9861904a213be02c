// The repositories that the connection can see, page by page, without looks.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { MAX_SEARCH_LENGTH } from '../bff/contract.ts'
import type { ConnectionView, RepositoriesView, RepositoryView } from '../bff/contract.ts'
import { localizeError, toError } from './error.ts'
import type { ConnectGitHubError } from './error.ts'
import type { ConnectGitHubOptions } from './options.ts'
import { parseRepositories } from './parse-repositories.ts'
import { useConnection } from './useConnection.ts'

export interface RepositoriesOptions extends Pick<
  ConnectGitHubOptions,
  'baseURL' | 'token' | 'queryClient' | 'messages' | 'locale'
> {
  /** Part of a name. The server is asked 250 ms after the last change. Default: all. */
  search?: string | undefined
  /** Default: while the connection is `connected`. True asks whatever it is, false never. */
  enabled?: boolean | undefined
}

export interface RepositoriesState {
  /** What is loaded so far, in the server's order; empty while there is no connection. */
  readonly repositories: readonly RepositoryView[]
  /** The server has more of them. */
  readonly hasMore: boolean
  /** Something else than `repositories` is on its way: the first page, or the one for a new search. */
  readonly loading: boolean
  /** The next page is on its way. */
  readonly loadingMore: boolean
  /** Why the last request failed; what was loaded before stays in `repositories`. */
  readonly error: ConnectGitHubError | null
  /** Loads the next page; nothing where there is none. After a failure it tries again. */
  readonly loadMore: () => void
  /** Loads everything anew that is loaded so far. */
  readonly refetch: () => void
}

const SEARCH_DELAY_MS = 250
/** A list this fresh is not asked for again on focus or by the next instance: each page costs calls to Layers. */
const FRESH_MS = 30_000

/**
 * @param options read again at each render. Without a `token`, that of the widget on the same page is used.
 * @throws {TypeError} when an option is not of its kind; in development only.
 */
export function useRepositories(options: RepositoriesOptions = {}): RepositoriesState {
  const { enabled } = options
  const { client, connector, local, connection } = useConnection(options, true)
  const search = useSettled((options.search ?? '').trim().slice(0, MAX_SEARCH_LENGTH))

  const statusError = local?.statusError ?? null
  // Whoever is not signed in, or no longer allowed, must not see what was known before.
  const denied = ['session_required', 'forbidden'].includes(statusError?.code ?? '')
  const active = !!local && !!connection && !denied && (enabled ?? connection.status === 'connected')

  // Another account, or the same one connected anew, is another list.
  const identity = connection ? identify(connection) : ''
  const prefix = ['repositories', ...connector.queryKey]
  const query = useInfiniteQuery<
    RepositoriesView,
    ConnectGitHubError,
    readonly RepositoryView[],
    string[],
    string
  >(
    {
      queryKey: [...prefix, identity, search.settled],
      queryFn: async ({ pageParam, signal }) => {
        const parameters = new URLSearchParams()
        if (search.settled) parameters.set('search', search.settled)
        if (pageParam) parameters.set('cursor', pageParam)
        const path = parameters.size ? `/repositories?${parameters}` : '/repositories'
        try {
          return await connector.send(parseRepositories, path, signal)
        } catch (thrown) {
          throw toError(thrown)
        }
      },
      initialPageParam: '',
      getNextPageParam: ({ nextCursor }) => nextCursor,
      select: ({ pages }) => withoutDoubles(pages),
      placeholderData: (previous, previousQuery) =>
        previousQuery?.queryKey.at(-2) === identity ? previous : undefined,
      enabled: active,
      // The options are set, so that no default of a host's own client changes what happens.
      retry: false,
      networkMode: 'always',
      staleTime: FRESH_MS,
      refetchOnMount: true,
      refetchOnWindowFocus: true,
      refetchOnReconnect: true,
      refetchInterval: false,
      throwOnError: false,
    },
    client,
  )

  // A host's provider does this; our own client has none, and would not notice the customer coming back from GitHub.
  useEffect(() => {
    client.mount()
    return () => client.unmount()
  }, [client])

  const ended = denied || (!!connection && connection.status !== 'connected')
  useEffect(() => {
    if (ended) client.removeQueries({ queryKey: prefix, type: 'inactive' })
    // eslint-disable-next-line react/exhaustive-deps -- the prefix is the connector's, made anew at each render
  }, [ended, client, connector])

  // The server knows that the connection ended before this page does.
  const isUnconnected = query.error?.code === 'not_connected'
  useEffect(() => {
    if (isUnconnected) connector.checkAgain()
  }, [isUnconnected, connector])

  const error = active ? query.error : statusError
  const waits = active
    ? search.isChanging || query.isPending || query.isPlaceholderData
    : enabled !== false && !connection && !error
  const isRefused = ['session_required', 'forbidden', 'not_connected'].includes(query.error?.code ?? '')
  return {
    repositories: (active && !isRefused && query.data) || NONE,
    hasMore: active && query.hasNextPage,
    loading: waits,
    loadingMore: query.isFetchingNextPage,
    error: error && localizeError(error, options),
    loadMore: () => {
      if (active && query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
    },
    refetch: () => {
      if (active) void query.refetch()
      else connector.checkAgain()
    },
  }
}

const NONE: readonly RepositoryView[] = []

const identify = ({ account, connectedAt }: ConnectionView) =>
  [account?.type, account?.login, connectedAt].join(' ')

/** A repository that moved between two requests is on two pages, and would be two rows with one key. */
const withoutDoubles = (pages: readonly RepositoriesView[]): readonly RepositoryView[] => [
  ...new Map(pages.flatMap(({ items }) => items.map((item) => [item.fullName, item] as const))).values(),
]

/** The text as it was when it last rested; `isChanging` until then. */
function useSettled(text: string) {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SEARCH_DELAY_MS)
    return () => clearTimeout(timer)
  }, [text])
  return { settled, isChanging: settled !== text }
}
