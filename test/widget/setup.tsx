// Renders the widget against a fake BFF, with a client and a session storage of its own for each test.
import { QueryClient } from '@tanstack/react-query'
import { act, cleanup, render } from '@testing-library/react'
import { StrictMode } from 'react'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import type { ConnectionView } from '../../bff/contract.ts'
import { ConnectGitHub } from '../../widget/ConnectGitHub.tsx'
import type { ConnectGitHubProps } from '../../widget/ConnectGitHub.tsx'
import { createFakeBff } from './fake-bff.ts'
import type { FakeBff } from './fake-bff.ts'

export interface FakePopup {
  readonly close: () => void
  readonly closed: boolean
}

/** Reading `closed` fails the test: a window cut off by Cross-Origin-Opener-Policy reads as closed while it is open. */
const createPopup = (): FakePopup => ({
  close: vi.fn(),
  get closed(): boolean {
    throw new Error('The widget must not read popup.closed.')
  },
})

/** Call in each file: no test may leave anything behind, or write to the console. */
export function keepTestsApart() {
  beforeEach(() => {
    sessionStorage.clear()
    for (const level of ['error', 'warn', 'log', 'info', 'debug'] as const) vi.spyOn(console, level)
  })
  afterEach(() => {
    cleanup()
    for (const level of ['error', 'warn', 'log', 'info', 'debug'] as const)
      // eslint-disable-next-line no-console -- the spy is what is checked
      expect(console[level]).not.toHaveBeenCalled()
    vi.useRealTimers()
  })
}

export function show(
  connection?: ConnectionView,
  props: ConnectGitHubProps = {},
  strict = false,
  prepare?: (bff: FakeBff) => void,
) {
  const bff = createFakeBff(connection)
  prepare?.(bff)
  vi.stubGlobal('fetch', bff.fetch)
  const popup = createPopup()
  const open = vi.fn<(url: string, name: string, features: string) => FakePopup | null>(() => popup)
  vi.stubGlobal('open', open)
  const calls = {
    onSuccess: vi.fn(),
    onExit: vi.fn(),
    onError: vi.fn(),
    onEvent: vi.fn(),
    onLoad: vi.fn(),
  }
  const queryClient = new QueryClient()
  const element = (more: ConnectGitHubProps = {}) => {
    const widget = <ConnectGitHub queryClient={queryClient} {...calls} {...props} {...more} />
    return strict ? <StrictMode>{widget}</StrictMode> : widget
  }
  const view = render(element())
  const card = () => {
    const root = view.container.querySelector<HTMLElement>('[data-cgh-state]')
    if (!root) throw new Error('No widget is on the page.')
    return root
  }
  /** The state is on screen, with its effects. */
  const reach = async (state: string) => {
    await vi.waitFor(() => expect(card().dataset['cghState']).toBe(state), 4_000)
    await act(async () => {})
  }
  return { ...view, bff, popup, open, calls, queryClient, element, card, reach }
}
