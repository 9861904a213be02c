// @vitest-environment jsdom
// What `mode="auto"` means on a phone, on a desk, and in a frame; and when the page itself is left.
import { fireEvent, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

it.each([
  ['a desk', { isPhone: false, isFramed: false }, 'popup'],
  ['a phone', { isPhone: true, isFramed: false }, 'redirect'],
  ['a frame', { isPhone: false, isFramed: true }, 'popup'],
  ['a frame on a phone, which may not leave the page around it', { isPhone: true, isFramed: true }, 'popup'],
] as const)('is right for %s', async (_, { isPhone, isFramed }, mode) => {
  vi.stubGlobal('matchMedia', () => ({ matches: isPhone }))
  if (isFramed) vi.stubGlobal('top', { document })
  const { bff, open, reach } = show()
  // jsdom cannot navigate: the flow never starts here, so that nothing has to.
  bff.once('POST /flows', () => new Promise(() => {}))
  await reach('not_connected')
  fireEvent.click(screen.getByRole('button', { name: 'Connect GitHub' }))
  await vi.waitFor(() => expect(bff.requests.at(-1)?.body).toMatchObject({ mode }))
  expect(open).toHaveBeenCalledTimes(mode === 'popup' ? 1 : 0)
})

it.each([
  ['once the flow has started, where the tab was asked for', 'redirect', false, 1],
  ['never, where a window was', 'popup', false, 0],
  ['never, where a window was and is blocked', 'popup', true, 0],
] as const)('leaves the page %s', async (_, mode, isBlocked, times) => {
  const { href, origin, pathname } = location
  const assign = vi.fn()
  vi.stubGlobal('location', { href, origin, pathname, assign })
  const { bff, open, reach } = show(undefined, { mode })
  if (isBlocked) open.mockReturnValue(null)
  await reach('not_connected')
  fireEvent.click(screen.getByRole('button', { name: 'Connect GitHub' }))
  await reach('waiting')
  const [flowId] = [...bff.flows.keys()]
  expect(assign).toHaveBeenCalledTimes(times)
  if (times > 0) expect(assign).toHaveBeenCalledWith(`/connect/github/flows/${flowId}/launch`)
})
