// @vitest-environment jsdom
// What comes in between: failures in a row, a reload before the first answer, a page from the cache, a session that ends.
import { act, fireEvent, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { connected, errorAnswer, notConnected } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const storedFlows = () =>
  Array.from({ length: sessionStorage.length }, (_, at) =>
    sessionStorage.getItem(sessionStorage.key(at) ?? ''),
  )

describe('a first load that fails again and again', () => {
  it('shows the failure throughout, and tells it once', async () => {
    vi.useFakeTimers()
    const fail = () => errorAnswer(503, 'storage_unavailable')
    const { card, reach, calls, bff } = show(notConnected, {}, false, (server) =>
      server.once('GET /connection', fail, fail, fail),
    )
    await reach('failed')
    const seen = new Set<string | undefined>()
    new MutationObserver(() => seen.add(card().dataset['cghState'])).observe(card(), {
      attributeFilter: ['data-cgh-state'],
    })
    await act(() => vi.advanceTimersByTimeAsync(20_000))
    await reach('not_connected')
    expect(bff.count('GET /connection')).toBe(4)
    expect([...seen]).toEqual(['not_connected'])
    expect(calls.onError).toHaveBeenCalledTimes(1)
    expect(calls.onLoad).toHaveBeenCalledTimes(1)
  })

  it('is told again when it is another failure', async () => {
    vi.useFakeTimers()
    const { reach, calls } = show(notConnected, {}, false, (server) =>
      server.once(
        'GET /connection',
        () => errorAnswer(503, 'storage_unavailable'),
        () => errorAnswer(401, 'session_required'),
      ),
    )
    await reach('failed')
    await act(() => vi.advanceTimersByTimeAsync(1_000))
    expect(calls.onError.mock.calls.map(([error]) => error.code)).toEqual([
      'storage_unavailable',
      'session_required',
    ])
    expect(calls.onLoad).toHaveBeenCalledTimes(1)
  })
})

describe('a reload', () => {
  it('before the server knows of the flow is not told that it ended', async () => {
    let answer: (response: Response) => void = () => {}
    const { bff, reach } = show()
    await reach('not_connected')
    bff.once('POST /flows', () => new Promise<Response>((resolve) => (answer = resolve)))
    press('Connect GitHub')
    await reach('opening')
    expect(storedFlows()).toEqual([])
    answer(errorAnswer(503, 'storage_unavailable'))
    await reach('failed')
    expect(storedFlows()).toEqual([])
  })

  it('after that finds the flow again', async () => {
    const { bff, reach } = show()
    await reach('not_connected')
    press('Connect GitHub')
    await reach('waiting')
    expect(storedFlows()).toEqual([...bff.flows.keys()])
  })
})

describe('a page from the back/forward cache', () => {
  it('asks anew, although a request was under way when it left', async () => {
    const { bff, reach } = show()
    await reach('not_connected')
    bff.once('GET /connection', () => new Promise(() => {}))
    act(() => void window.dispatchEvent(new Event('focus')))
    await vi.waitFor(() => expect(bff.count('GET /connection')).toBe(2))
    act(() => void window.dispatchEvent(new Event('focus')))
    expect(bff.count('GET /connection')).toBe(2)
    bff.connection = connected
    act(() => void window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    await reach('connected')
  })
})

describe('a session that ends', () => {
  it('with an action takes what was known off the screen, and goes on after signing in', async () => {
    const { bff, card, reach } = show(connected)
    await reach('connected')
    bff.once('DELETE /connection', () => errorAnswer(401, 'session_required'))
    press('Disconnect')
    press('Disconnect')
    await reach('session_required')
    expect(card().textContent).not.toContain('acme-inc')
    press('Try again')
    await reach('connected')
  })

  it('in a frame of another origin asks for a tab of its own', async () => {
    vi.stubGlobal('top', {
      get document(): Document {
        throw new DOMException('Blocked a frame from accessing a cross-origin frame.', 'SecurityError')
      },
    })
    const { card, reach } = show(notConnected, {}, false, (server) =>
      server.once('GET /connection', () => errorAnswer(401, 'session_required')),
    )
    await reach('session_required')
    expect(card().textContent).toContain('Please open this page in its own tab')
    expect(screen.getByRole('link', { name: 'Open in a new tab' }).getAttribute('target')).toBe('_blank')
  })
})

it('says that opening takes long, after ten seconds', async () => {
  vi.useFakeTimers()
  const { bff, card, reach } = show()
  bff.once('POST /flows', () => new Promise(() => {}))
  await reach('not_connected')
  press('Connect GitHub')
  await reach('opening')
  expect(card().textContent).not.toContain('longer than usual')
  await act(() => vi.advanceTimersByTimeAsync(10_000))
  expect(card().textContent).toContain('longer than usual')
})

it('tells an error of a newer server as one that may pass, with its code', async () => {
  const { card, calls, reach } = show(notConnected, {}, false, (server) =>
    server.once(
      'GET /connection',
      () =>
        new Response('{"error":{"code":"moon_full","message":"Wait.","requestId":"r1"}}', { status: 500 }),
    ),
  )
  await reach('failed')
  expect(card().textContent).toContain('Something went wrong')
  expect(card().textContent).toContain('moon_full · r1')
  await vi.waitFor(() =>
    expect(calls.onError).toHaveBeenCalledWith(
      expect.objectContaining({ code: 'moon_full', retryable: true }),
    ),
  )
})
