// @vitest-environment jsdom
// A flow under way: remounts, redirects, reloads, failures in between, and two instances that share it.
import { act, fireEvent, render, screen } from '@testing-library/react'
import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it, vi } from 'vitest'
import { ConnectGitHub } from '../../widget/ConnectGitHub.tsx'
import { acme, connected, createFakeBff, json, notConnected, someFlow } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const connect = 'Connect GitHub'

describe('a flow in progress', () => {
  it('survives unmounting and fires once on the instance that comes back', async () => {
    const { bff, reach, unmount, element, calls } = show()
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    unmount()
    bff.move({ status: 'connected', account: acme })
    render(element())
    await vi.waitFor(() => expect(calls.onSuccess).toHaveBeenCalledTimes(1))
    expect(calls.onSuccess).toHaveBeenCalledWith(connected, expect.objectContaining({ status: 'connected' }))
  })

  it('that ended during a redirect fires once after the return', async () => {
    const { flowId } = someFlow()
    sessionStorage.setItem('connect-github:/connect/github', flowId)
    const { bff, reach, calls } = show(connected)
    bff.flows.set(flowId, someFlow({ status: 'connected', account: acme, mode: 'redirect' }))
    await reach('connected')
    await vi.waitFor(() => expect(calls.onSuccess).toHaveBeenCalledTimes(1))
    expect(sessionStorage.length).toBe(0)
  })

  it('is shown after a reload, with a storage that is denied', async () => {
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError')
    })
    const { reach } = show({ ...notConnected, flow: someFlow() })
    await reach('waiting')
    expect(screen.getByRole('button', { name: 'Open GitHub again' })).toBeTruthy()
  })

  it('is finished by one call when the server could not see the session', async () => {
    const { bff, reach } = show()
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    act(() => bff.move({ status: 'returned' }))
    await reach('finishing')
    await vi.waitFor(() => expect(bff.count('POST /flows/:id/finish')).toBe(1))
    act(() => bff.move({ status: 'connected', account: acme }))
    await reach('connected')
    expect(bff.count('POST /flows/:id/finish')).toBe(1)
  })

  it('is finished by one call, although the closing window brings the page to the front meanwhile', async () => {
    const { bff, reach } = show()
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    const finished = Promise.withResolvers<Response>()
    bff.once('POST /flows/:id/finish', () => finished.promise)
    act(() => bff.move({ status: 'returned' }))
    await vi.waitFor(() => expect(bff.count('POST /flows/:id/finish')).toBe(1))
    await act(async () => {
      window.dispatchEvent(new Event('focus'))
      // The fake answers without delay: a question would be answered, and followed by the call, before a timer.
      await new Promise((done) => setTimeout(done))
    })
    bff.move({ status: 'connected', account: acme })
    finished.resolve(json([...bff.flows.values()].at(-1)))
    await reach('connected')
    expect(bff.count('POST /flows/:id/finish')).toBe(1)
  })

  it('stays on screen through a lost connection and goes on by itself', async () => {
    const { bff, card, reach } = show()
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    await vi.waitFor(() => expect(bff.count('GET /flows/:id')).toBeGreaterThan(0))
    bff.once('GET /flows/:id', () => Promise.reject(new TypeError('Failed to fetch')))
    vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    act(() => void window.dispatchEvent(new Event('offline')))
    await vi.waitFor(() => expect(card().textContent).toContain('You seem to be offline. This goes on'))
    expect(card().dataset['cghState']).toBe('waiting')
    act(() => bff.move({ status: 'connected', account: acme }))
    await reach('connected')
  })

  it('stays on screen while the service cannot be reached, and does not blame the network', async () => {
    vi.useFakeTimers()
    const { bff, card, reach } = show()
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    await vi.waitFor(() => expect(bff.requests.at(-1)?.path).toContain('wait='))
    const fail = () => Promise.reject(new TypeError('Failed to fetch'))
    bff.once('GET /flows/:id', fail)
    bff.once('GET /connection', fail)
    act(() => void window.dispatchEvent(new Event('focus')))
    await vi.waitFor(() => expect(card().textContent).toContain('cannot be reached right now. This goes on'))
    expect(card().dataset['cghState']).toBe('waiting')
    await act(() => vi.advanceTimersByTimeAsync(2_000))
    expect(card().textContent).not.toContain('cannot be reached')
  })

  it('that the server no longer knows ends with an error, once', async () => {
    const { flowId } = someFlow()
    sessionStorage.setItem('connect-github:/connect/github', flowId)
    const { reach, calls } = show()
    await reach('not_connected')
    await vi.waitFor(() => expect(calls.onExit).toHaveBeenCalledTimes(1))
    expect(calls.onExit.mock.calls[0]?.[0]).toMatchObject({ code: 'not_found' })
    expect(calls.onSuccess).not.toHaveBeenCalled()
    expect(sessionStorage.length).toBe(0)
  })

  it('is replaced by starting over, which ends the first one once', async () => {
    const { bff, reach, calls } = show()
    await reach('not_connected')
    press(connect)
    await reach('waiting')
    const first = [...bff.flows.keys()][0]
    press('Start over')
    await vi.waitFor(() => expect(bff.flows.size).toBe(2))
    await reach('waiting')
    await vi.waitFor(() => expect(calls.onExit).toHaveBeenCalledTimes(1))
    expect(calls.onExit).toHaveBeenCalledWith(null, { flowId: first, status: 'superseded' })
  })

  it('never asks twice per second of a server that does not hold answers back', async () => {
    vi.useFakeTimers()
    const { bff, reach } = show()
    await reach('not_connected')
    const flow = () => json([...bff.flows.values()][0])
    bff.once('GET /flows/:id', ...Array.from({ length: 50 }, () => flow))
    press(connect)
    await reach('waiting')
    const before = bff.count('GET /flows/:id')
    await act(() => vi.advanceTimersByTimeAsync(10_000))
    const asked = bff.count('GET /flows/:id') - before
    expect(asked).toBeGreaterThan(5)
    expect(asked).toBeLessThanOrEqual(11)
  })
})

describe('two instances', () => {
  it('share one request and one truth', async () => {
    const bff = createFakeBff()
    vi.stubGlobal('fetch', bff.fetch)
    vi.stubGlobal('open', () => ({ close() {} }))
    const client = new QueryClient()
    const first = vi.fn()
    const second = vi.fn()
    const { container } = render(
      <>
        <ConnectGitHub queryClient={client} onSuccess={first} />
        <ConnectGitHub queryClient={client} onSuccess={second} />
      </>,
    )
    const states = () =>
      [...container.querySelectorAll<HTMLElement>('[data-cgh-state]')].map((c) => c.dataset['cghState'])
    await vi.waitFor(() => expect(states()).toEqual(['not_connected', 'not_connected']))
    expect(bff.count('GET /connection')).toBe(1)
    const [button] = screen.getAllByRole('button', { name: connect })
    if (button) fireEvent.click(button)
    await vi.waitFor(() => expect(states()).toEqual(['waiting', 'waiting']))
    act(() => bff.move({ status: 'connected', account: acme }))
    await vi.waitFor(() => expect(states()).toEqual(['connected', 'connected']))
    await vi.waitFor(() => expect(first).toHaveBeenCalledTimes(1))
    expect(second).not.toHaveBeenCalled()
    expect(bff.count('GET /connection')).toBe(2)
  })
})
