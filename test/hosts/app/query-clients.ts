// TanStack Query clients as hosts have them: one as it comes, and one whose defaults are against everything a widget could want.
import { QueryClient } from '@tanstack/react-query'
import type { HostOptions } from './read-options.ts'

export function createHostClient(kind: HostOptions['client']): QueryClient | undefined {
  if (kind === 'none') return undefined
  if (kind === 'plain') return new QueryClient()
  return new QueryClient({
    defaultOptions: {
      queries: {
        enabled: false,
        staleTime: Infinity,
        gcTime: 0,
        retry: 5,
        retryDelay: 60_000,
        refetchInterval: 200,
        refetchOnMount: false,
        refetchOnReconnect: false,
        refetchOnWindowFocus: false,
        networkMode: 'offlineFirst',
        structuralSharing: false,
        throwOnError: true,
      },
      mutations: { retry: 5, throwOnError: true },
    },
  })
}
