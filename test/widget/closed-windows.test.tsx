// @vitest-environment jsdom
// A window that reads as closed, as one does that Cross-Origin-Opener-Policy has cut off while it is open: it says nothing.
import { act, fireEvent, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { acme } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const wait = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))
const wake = () => act(() => void window.dispatchEvent(new Event('focus')))

/** A flow that waits on GitHub; `looks` counts how often somebody looked whether its window is closed. */
async function waiting() {
  vi.useFakeTimers()
  const view = show()
  const looks = vi.fn(() => true)
  view.open.mockReturnValue({
    close() {},
    get closed() {
      return looks()
    },
  })
  await view.reach('not_connected')
  fireEvent.click(screen.getByRole('button', { name: 'Connect GitHub' }))
  await view.reach('waiting')
  return { ...view, looks }
}

it('is never asked whether it is closed, which would be reported in the console', async () => {
  const { bff, reach, looks } = await waiting()
  await wait(5_000)
  wake()
  await wait(5_000)
  act(() => bff.move({ status: 'connected', account: acme }))
  await reach('connected')
  expect(looks).not.toHaveBeenCalled()
})

it('ends no flow, neither by itself nor when the page comes to the front', async () => {
  const { bff, card, calls } = await waiting()
  await wait(5_000)
  wake()
  await wait(5_000)
  expect(card().dataset['cghState']).toBe('waiting')
  expect(bff.count('POST /flows/:id/cancel')).toBe(0)
  expect(calls.onExit).not.toHaveBeenCalled()
})

it('connects all the same, which the host is told once', async () => {
  const { bff, reach, calls } = await waiting()
  await wait(5_000)
  act(() => bff.move({ status: 'connected', account: acme }))
  await reach('connected')
  await wait(1_000)
  expect(calls.onSuccess).toHaveBeenCalledTimes(1)
  expect(calls.onExit).not.toHaveBeenCalled()
})

it('is one success when its message and its closing arrive together', async () => {
  const { bff, reach, calls } = await waiting()
  const [flowId] = [...bff.flows.keys()]
  const data = { source: 'connect-github', flowId }
  act(() => {
    window.dispatchEvent(new MessageEvent('message', { data, origin: location.origin }))
    window.dispatchEvent(new Event('focus'))
  })
  await wait(1_000)
  act(() => bff.move({ status: 'connected', account: acme }))
  await reach('connected')
  await wait(1_000)
  expect(calls.onSuccess).toHaveBeenCalledTimes(1)
  expect(calls.onExit).not.toHaveBeenCalled()
})

it('is followed for as long as a flow lives', async () => {
  const { bff, reach, calls } = await waiting()
  await wait(14 * 60_000)
  act(() => bff.move({ status: 'connected', account: acme }))
  await reach('connected')
  await wait(1_000)
  expect(calls.onSuccess).toHaveBeenCalledTimes(1)
})
