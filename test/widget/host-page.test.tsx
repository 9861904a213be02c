// @vitest-environment jsdom
// What a host page does around the widget: it renders often, mounts twice, loads code anew. And what the widget does to the page.
import { QueryClient } from '@tanstack/react-query'
import { act, fireEvent, render, renderHook, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useConnectGitHub } from '../../widget/useConnectGitHub.ts'
import { acme, createFakeBff, notConnected } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

/** Of `BroadcastChannel`: made since the test began, and not closed again. */
let channels: { made: number; open: number }
beforeEach(() => {
  channels = { made: 0, open: 0 }
  vi.stubGlobal(
    'BroadcastChannel',
    class extends EventTarget {
      constructor() {
        super()
        channels.made++
        channels.open++
      }
      close() {
        channels.open--
      }
    },
  )
})
afterEach(() => vi.resetModules())

const press = () => fireEvent.click(screen.getByRole('button', { name: 'Connect GitHub' }))
const settle = () => act(() => vi.advanceTimersByTimeAsync(1_000))

describe('a page that renders again', () => {
  it('causes no request, no listener and no flow, whatever it passes anew', async () => {
    vi.useFakeTimers()
    const { bff, reach, rerender, element } = show()
    await reach('not_connected')
    for (let count = 0; count < 5; count++) {
      rerender(
        element({
          onSuccess: () => {},
          onEvent: () => {},
          messages: { connect: 'Connect GitHub' },
          appearance: { variables: { accent: '#0b5fff' } },
        }),
      )
      await settle()
    }
    expect(bff.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /connection'])
    expect(channels).toEqual({ made: 1, open: 1 })
  })
})

describe('StrictMode, which mounts twice', () => {
  it('leaves one listener, which hears, and none when the widget is gone', async () => {
    vi.useFakeTimers()
    const { bff, reach, unmount } = show(notConnected, {}, true)
    await reach('not_connected')
    expect(channels.open).toBe(1)
    press()
    await reach('waiting')
    await vi.waitFor(() => expect(bff.requests.at(-1)?.path).toContain('wait='))
    const before = bff.count('GET /flows/:id')
    const [flowId] = [...bff.flows.keys()]
    const data = { source: 'connect-github', flowId }
    act(() => void window.dispatchEvent(new MessageEvent('message', { data, origin: location.origin })))
    await settle()
    expect(bff.count('GET /flows/:id')).toBeGreaterThan(before)
    unmount()
    expect(channels.open).toBe(0)
  })
})

it('settles once, however often the end is heard of', async () => {
  vi.useFakeTimers()
  const { bff, reach, calls } = show()
  await reach('not_connected')
  press()
  await reach('waiting')
  const [flowId] = [...bff.flows.keys()]
  const hear = () => {
    const data = { source: 'connect-github', flowId }
    window.dispatchEvent(new MessageEvent('message', { data, origin: location.origin }))
    window.dispatchEvent(new Event('focus'))
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  }
  act(() => {
    bff.move({ status: 'connected', account: acme })
    hear()
  })
  await reach('connected')
  for (let count = 0; count < 3; count++) {
    act(hear)
    await settle()
  }
  expect(calls.onSuccess).toHaveBeenCalledTimes(1)
  expect(calls.onEvent.mock.calls.map(([event]) => event.type)).toEqual(['click', 'waiting', 'connected'])
})

it('opens one window for one flow, however often it is told to connect at once', async () => {
  const bff = createFakeBff()
  vi.stubGlobal('fetch', bff.fetch)
  const open = vi.fn(() => ({ close() {} }))
  vi.stubGlobal('open', open)
  const queryClient = new QueryClient()
  const { result } = renderHook(() => useConnectGitHub({ queryClient }))
  await vi.waitFor(() => expect(result.current.status).toBe('not_connected'))
  const state = result.current
  act(() => {
    if (state.status !== 'not_connected') return
    state.connect()
    state.connect()
  })
  await vi.waitFor(() => expect(result.current.status).toBe('waiting'))
  expect(open).toHaveBeenCalledTimes(1)
  expect(bff.count('POST /flows')).toBe(1)
})

it('goes on when its code is loaded anew in mid-flow, as hot reload does, and tells the host once', async () => {
  const { bff, reach, unmount, calls } = show()
  await reach('not_connected')
  press()
  await reach('waiting')
  vi.resetModules()
  const anew = await import('../../widget/index.ts')
  unmount()
  const onSuccess = vi.fn()
  const { container } = render(<anew.ConnectGitHub queryClient={new QueryClient()} onSuccess={onSuccess} />)
  const state = () => container.querySelector<HTMLElement>('[data-cgh-state]')?.dataset['cghState']
  await vi.waitFor(() => expect(state()).toBe('waiting'))
  act(() => bff.move({ status: 'connected', account: acme }))
  await vi.waitFor(() => expect(onSuccess).toHaveBeenCalledTimes(1))
  expect(calls.onSuccess).not.toHaveBeenCalled()
})

it('speaks to the BFF only, and loads nothing into the page', async () => {
  const asked: string[] = []
  const sendBeacon = vi.fn()
  Object.assign(navigator, { sendBeacon })
  for (const other of ['XMLHttpRequest', 'WebSocket', 'EventSource', 'Image']) vi.stubGlobal(other, undefined)
  const { bff, open, reach } = show(notConnected, {}, false, (server) => {
    const { fetch } = server
    server.fetch = (url, init) => {
      asked.push(url)
      return fetch(url, init)
    }
  })
  await reach('not_connected')
  press()
  await reach('waiting')
  act(() => bff.move({ status: 'connected', account: acme }))
  await reach('connected')
  Reflect.deleteProperty(navigator, 'sendBeacon')
  expect(asked.length).toBeGreaterThan(2)
  for (const url of [...asked, open.mock.calls[0]?.[0]]) expect(url).toMatch(/^\/connect\/github\//)
  expect(sendBeacon).not.toHaveBeenCalled()
  expect(document.querySelectorAll('script, link, style, img, iframe')).toHaveLength(0)
})
