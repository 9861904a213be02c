// @vitest-environment jsdom
// The connect token: when it is asked for, how often, and where it never shows up.
import { act, fireEvent, render, screen } from '@testing-library/react'
import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it, vi } from 'vitest'
import { ConnectGitHub } from '../../widget/ConnectGitHub.tsx'
import { createTokenReader } from '../../widget/token.ts'
import type { TokenSource } from '../../widget/token.ts'
import { acme, connected, createFakeBff, notConnected } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

/** A widget whose BFF takes only `valid`. */
const showWith = (token: TokenSource, valid: string, connection = connected) =>
  show(connection, { token }, false, (bff) => {
    bff.token = valid
  })

describe('a connect token', () => {
  it.each<[string, TokenSource]>([
    ['a string', 'token-1'],
    ['a function', () => 'token-1'],
    ['an async function', async () => 'token-1'],
  ])('is sent with every request, given as %s', async (_, token) => {
    const { bff, reach } = showWith(token, 'token-1', notConnected)
    await reach('not_connected')
    press('Connect GitHub')
    await reach('waiting')
    act(() => bff.move({ status: 'returned' }))
    await reach('finishing')
    act(() => bff.move({ status: 'connected', account: acme }))
    await reach('connected')
    expect(bff.count('POST /flows/:id/finish')).toBe(1)
    expect(new Set(bff.requests.map(({ headers }) => headers.get('authorization')))).toEqual(
      new Set(['Bearer token-1']),
    )
  })

  it('is asked for once, and once more for all requests that were refused together', async () => {
    let minted = 0
    const token = vi.fn<() => Promise<string>>(async () => `token-${++minted}`)
    const { bff, reach } = showWith(token, 'token-1')
    await reach('connected')
    expect(token).toHaveBeenCalledTimes(1)
    bff.token = 'token-2'
    press('Disconnect')
    press('Disconnect')
    act(() => void window.dispatchEvent(new Event('focus')))
    await reach('not_connected')
    expect(token).toHaveBeenCalledTimes(2)
  })

  it('that ran out before the flow is finished is renewed by one call, and the flow goes on', async () => {
    let valid = 'token-1'
    const token = vi.fn<() => string>(() => valid)
    const { bff, reach } = showWith(token, valid, notConnected)
    await reach('not_connected')
    press('Connect GitHub')
    await reach('waiting')
    await vi.waitFor(() => expect(bff.requests.at(-1)?.path).toContain('wait='))
    bff.token = valid = 'token-2'
    act(() => bff.move({ status: 'returned' }))
    await reach('finishing')
    await vi.waitFor(() => expect(bff.count('POST /flows/:id/finish')).toBe(2))
    act(() => bff.move({ status: 'connected', account: acme }))
    await reach('connected')
    expect(token).toHaveBeenCalledTimes(2)
  })

  it('that is refused is not sent again when the function gives the same one', async () => {
    const token = vi.fn<() => string>(() => 'old')
    const { bff, reach } = showWith(token, 'new')
    await reach('session_required')
    expect(token).toHaveBeenCalledTimes(2)
    expect(bff.count('GET /connection')).toBe(1)
  })

  it('that stays refused is asked for no more often than the server is asked again', async () => {
    vi.useFakeTimers()
    let minted = 0
    const token = vi.fn<() => string>(() => `token-${++minted}`)
    const { reach } = showWith(token, 'never')
    await reach('session_required')
    await act(() => vi.advanceTimersByTimeAsync(5 * 60_000))
    // Each try doubles its wait up to 30 s, of which jitter takes at most half.
    expect(token.mock.calls.length).toBeGreaterThan(5)
    expect(token.mock.calls.length).toBeLessThan(30)
  })

  it.each<[string, () => string | Promise<string>]>([
    [
      'throws',
      () => {
        throw new Error('secret-token')
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret-token'))],
    ['gives an empty one', () => ''],
    // Hosts in JavaScript can; `JSON.parse` has no type to say so.
    ['gives nothing', () => JSON.parse('null')],
    ['gives one that no header takes', () => 'secret-token\n'],
  ])('whose function %s asks the customer to sign in, and the next try can succeed', async (_, failing) => {
    const token = vi.fn<() => string | Promise<string>>(() => 'token-1').mockImplementationOnce(failing)
    const { bff, reach, calls } = showWith(token, 'token-1')
    await reach('session_required')
    expect(bff.requests).toEqual([])
    await vi.waitFor(() =>
      expect(calls.onError.mock.calls[0]?.[0]).toMatchObject({ code: 'session_required' }),
    )
    expect(JSON.stringify(calls.onError.mock.calls) + String(calls.onError.mock.calls[0]?.[0])).not.toContain(
      'secret',
    )
    press('Try again')
    await reach('connected')
    expect(token).toHaveBeenCalledTimes(2)
  })

  it('whose function never answers is given up after ten seconds', async () => {
    vi.useFakeTimers()
    const token = vi
      .fn<() => string | Promise<string>>(() => 'token-1')
      .mockReturnValueOnce(new Promise(() => {}))
    const { card, reach } = showWith(token, 'token-1')
    await act(() => vi.advanceTimersByTimeAsync(9_900))
    expect(card().dataset['cghState']).toBe('loading')
    await act(() => vi.advanceTimersByTimeAsync(100))
    await reach('session_required')
    await act(() => vi.advanceTimersByTimeAsync(2_000))
    await reach('connected')
  })

  it('given as another string is used at once by a widget that was signed out', async () => {
    vi.useFakeTimers()
    const { bff, reach, rerender, element } = showWith('', 'token-2')
    await reach('session_required')
    expect(bff.requests).toEqual([])
    rerender(element({ token: 'token-2' }))
    await act(() => vi.advanceTimersByTimeAsync(0))
    await reach('connected')
    expect(bff.requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer token-2'])
  })

  it('is that of the latest render', async () => {
    const { bff, reach, rerender, element } = showWith('token-1', 'token-1')
    await reach('connected')
    rerender(element({ token: () => 'token-2' }))
    bff.token = 'token-2'
    press('Disconnect')
    press('Disconnect')
    await reach('not_connected')
    expect(bff.requests.at(-1)?.headers.get('authorization')).toBe('Bearer token-2')
  })

  it('is no longer sent when the prop is taken away', async () => {
    const { bff, reach, rerender, element } = showWith('token-1', 'token-1')
    await reach('connected')
    rerender(element({ token: undefined }))
    act(() => void window.dispatchEvent(new Event('focus')))
    await reach('session_required')
    expect(bff.requests.at(-1)?.headers.has('authorization')).toBe(false)
  })

  it('serves an instance without one on the same page', async () => {
    const bff = createFakeBff(connected)
    bff.token = 'token-1'
    vi.stubGlobal('fetch', bff.fetch)
    const client = new QueryClient()
    render(
      <>
        <ConnectGitHub queryClient={client} token="token-1" />
        <ConnectGitHub queryClient={client} />
      </>,
    )
    expect(await screen.findAllByText('acme-inc')).toHaveLength(2)
  })

  it('is nowhere but in the header', async () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.c2VjcmV0.c2lnbmF0dXJl'
    const { bff, reach, container, open, calls, queryClient } = showWith(() => token, token, notConnected)
    await reach('not_connected')
    press('Connect GitHub')
    await reach('waiting')
    const stored = [localStorage, sessionStorage].flatMap((storage) => Object.entries(storage))
    const cached = queryClient.getQueryCache().getAll()
    const seen = [
      stored,
      bff.requests.map(({ path, body }) => [path, body]),
      open.mock.calls,
      cached.map(({ queryKey, state }) => [queryKey, state]),
      Object.values(calls).map(({ mock }) => mock.calls),
    ]
    expect(JSON.stringify(seen)).not.toContain(token)
    expect(container.innerHTML + location.href + document.cookie).not.toContain(token)
    expect(bff.requests.every(({ headers }) => headers.get('authorization') === `Bearer ${token}`)).toBe(true)
  })
})

describe('the reader of tokens', () => {
  it('makes one call for all who wait, and one for all who were refused', async () => {
    let minted = 0
    const source = vi.fn<() => Promise<string>>(async () => `token-${++minted}`)
    const read = createTokenReader(() => source)
    const first = read()
    expect(await Promise.all([first, read(), read()])).toEqual(['token-1', 'token-1', 'token-1'])
    expect(await Promise.all([read(first), read(first), read()])).toEqual(['token-2', 'token-2', 'token-2'])
    // A request that was refused later, with the old one, takes the new one.
    expect(await read(first)).toBe('token-2')
    expect(source).toHaveBeenCalledTimes(2)
  })
})
