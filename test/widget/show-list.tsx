// Shows useRepositories() beside a widget, against a fake BFF, on a clock that stands still.
import { QueryClient } from '@tanstack/react-query'
import { act, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { vi } from 'vitest'
import type { ConnectionView } from '../../bff/contract.ts'
import { ConnectGitHub } from '../../widget/ConnectGitHub.tsx'
import type { ConnectGitHubProps } from '../../widget/ConnectGitHub.tsx'
import { useRepositories } from '../../widget/repositories.ts'
import type { RepositoriesOptions } from '../../widget/repositories.ts'
import { connected, createFakeBff, someRepository } from './fake-bff.ts'

/** Lets fake time pass; 50 ms are enough for answers and what follows from them. */
export const pass = (ms = 50) => act(() => vi.advanceTimersByTimeAsync(ms))

/** The hook beside a widget, both with one client; five repositories on three pages. */
export async function list(
  connection: ConnectionView = connected,
  options: RepositoriesOptions = {},
  widget: ConnectGitHubProps | null = {},
) {
  const bff = createFakeBff(connection)
  bff.repositories = ['api', 'docs', 'infra', 'ios', 'web'].map(someRepository)
  bff.token = typeof widget?.token === 'string' ? widget.token : undefined
  vi.stubGlobal('fetch', bff.fetch)
  const queryClient = new QueryClient()
  const wrapper = ({ children }: { children: ReactNode }) => (
    <>
      {widget && <ConnectGitHub queryClient={queryClient} {...widget} />}
      {children}
    </>
  )
  const { result, rerender, unmount } = renderHook(
    (more: RepositoriesOptions) => useRepositories({ queryClient, ...options, ...more }),
    { wrapper, initialProps: {} },
  )
  const before = result.current
  await pass()
  const names = () => result.current.repositories.map(({ fullName }) => fullName.replace('acme-inc/', ''))
  const asked = () =>
    bff.requests.filter(({ path }) => path.startsWith('/repositories')).map(({ path }) => path)
  return { bff, queryClient, before, result, rerender, unmount, names, asked }
}
