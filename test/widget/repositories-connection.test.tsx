// @vitest-environment jsdom
// useRepositories() when the connection changes, and what it shares with the widget on the page.
import { act, fireEvent, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { connected, errorAnswer, json, notConnected, someRepository } from './fake-bff.ts'
import { keepTestsApart } from './setup.tsx'
import { list, pass } from './show-list.tsx'

keepTestsApart()
beforeEach(() => void vi.useFakeTimers())

const press = async (name: string) => {
  fireEvent.click(screen.getByRole('button', { name }))
  await pass()
}

describe('when the connection changes', () => {
  it('forgets the list on disconnecting, and asks anew after connecting again', async () => {
    const { bff, names, asked } = await list()
    await press('Disconnect')
    await press('Disconnect')
    expect(names()).toEqual([])
    bff.connection = connected
    bff.repositories = [someRepository('other')]
    act(() => void window.dispatchEvent(new Event('focus')))
    await pass()
    expect(names()).toEqual(['other'])
    expect(asked()).toHaveLength(2)
  })

  it('shows another account’s list without a glimpse of the former one', async () => {
    const { bff, result, names } = await list()
    const seen: string[][] = []
    bff.connection = { ...connected, account: { login: 'other-inc', type: 'Organization' } }
    bff.repositories = [someRepository('new')]
    bff.once('GET /repositories', () => {
      seen.push(names())
      return json({ items: bff.repositories, nextCursor: null })
    })
    act(() => void window.dispatchEvent(new Event('focus')))
    await pass()
    await pass()
    expect(names()).toEqual(['new'])
    expect(result.current.loading).toBe(false)
    expect(seen).toHaveLength(1)
  })

  it.each([
    [401, 'session_required'],
    [403, 'forbidden'],
  ] as const)('hides what was known when the answer becomes %i', async (status, code) => {
    const { bff, result } = await list()
    bff.once('GET /connection', () => errorAnswer(status, code))
    act(() => void window.dispatchEvent(new Event('focus')))
    await pass()
    expect(result.current).toMatchObject({ repositories: [], hasMore: false, error: { code } })
  })

  it('learns from the server that there is none any more', async () => {
    const { bff, result } = await list()
    bff.connection = notConnected
    act(() => result.current.loadMore())
    await pass()
    expect(bff.count('GET /connection')).toBe(2)
    expect(result.current).toMatchObject({ repositories: [], hasMore: false, loading: false, error: null })
    expect(screen.getByRole('button', { name: 'Connect GitHub' })).toBeTruthy()
  })
})

describe('what is shared with the widget', () => {
  it('is its token', async () => {
    const { bff, names } = await list(connected, {}, { token: 'token-1' })
    expect(names()).toEqual(['api', 'docs'])
    expect(bff.requests.at(-1)?.headers.get('authorization')).toBe('Bearer token-1')
  })

  it('is not its callbacks: they stay with the widget that started the flow', async () => {
    const onSuccess = vi.fn()
    vi.stubGlobal('open', () => ({ close() {} }))
    const { bff, names } = await list(notConnected, {}, { onSuccess })
    await press('Connect GitHub')
    act(() => bff.move({ status: 'connected' }))
    await pass()
    expect(names()).toEqual(['api', 'docs'])
    expect(onSuccess).toHaveBeenCalledTimes(1)
  })
})

it('stops when the page no longer shows it', async () => {
  const { bff, unmount } = await list(connected, {}, null)
  unmount()
  const before = bff.requests.length
  act(() => void window.dispatchEvent(new Event('focus')))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(bff.requests).toHaveLength(before)
})
