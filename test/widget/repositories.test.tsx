// @vitest-environment jsdom
// useRepositories(): pages, failures and search.
import { QueryClient } from '@tanstack/react-query'
import { act, renderHook } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useRepositories } from '../../widget/repositories.ts'
import { connected, createFakeBff, errorAnswer, json, notConnected, someRepository } from './fake-bff.ts'
import { keepTestsApart } from './setup.tsx'
import { list, pass } from './show-list.tsx'

keepTestsApart()
beforeEach(() => void vi.useFakeTimers())

describe('the list of repositories', () => {
  it('is asked for once the connection is known to be there', async () => {
    const { before, result, names, asked, bff } = await list()
    expect(before).toMatchObject({ repositories: [], loading: true, hasMore: false, error: null })
    expect(names()).toEqual(['api', 'docs'])
    expect(result.current).toMatchObject({ loading: false, hasMore: true, error: null })
    expect(result.current.repositories[0]).toEqual(someRepository('api'))
    expect(asked()).toEqual(['/repositories'])
    expect(bff.count('GET /connection')).toBe(1)
  })

  it('needs no widget on the page', async () => {
    const { names } = await list(connected, {}, null)
    expect(names()).toEqual(['api', 'docs'])
  })

  it('is empty and not asked for while there is no connection', async () => {
    const { result, asked } = await list(notConnected)
    expect(result.current).toMatchObject({ repositories: [], loading: false, hasMore: false, error: null })
    act(() => result.current.loadMore())
    await pass()
    expect(asked()).toEqual([])
  })

  it('is not asked for when it is not enabled', async () => {
    const { before, asked, result } = await list(connected, { enabled: false }, null)
    act(() => result.current.refetch())
    await pass(1_000)
    expect(asked()).toEqual([])
    expect([before.loading, result.current.loading]).toEqual([false, false])
  })

  it('grows page by page to its end', async () => {
    const { bff, result, names, asked } = await list()
    let answer = () => {}
    bff.once('GET /repositories', async () => {
      await new Promise<void>((resolve) => void (answer = resolve))
      return json({ items: bff.repositories.slice(2, 4), nextCursor: '4' })
    })
    act(() => result.current.loadMore())
    await pass()
    expect(result.current).toMatchObject({ loadingMore: true, loading: false })
    act(() => result.current.loadMore())
    answer()
    await pass()
    expect(names()).toEqual(['api', 'docs', 'infra', 'ios'])
    act(() => result.current.loadMore())
    await pass()
    expect(names()).toHaveLength(5)
    expect(result.current.hasMore).toBe(false)
    act(() => result.current.loadMore())
    await pass()
    expect(asked()).toEqual(['/repositories', '/repositories?cursor=2', '/repositories?cursor=4'])
  })

  it('shows a repository once that moved to another page in between', async () => {
    const { bff, result, names } = await list()
    bff.repositories.unshift(someRepository('aaa'))
    act(() => result.current.loadMore())
    await pass()
    expect(names()).toEqual(['api', 'docs', 'infra'])
  })

  it('keeps what is loaded when the next page fails, says why, and goes on', async () => {
    const { bff, result, names } = await list(connected, { messages: { rate_limited: { title: 'Langsam' } } })
    bff.once('GET /repositories', () => errorAnswer(429, 'rate_limited'))
    act(() => result.current.loadMore())
    await pass()
    expect(names()).toEqual(['api', 'docs'])
    expect(result.current.error).toMatchObject({ code: 'rate_limited', requestId: 'req-1' })
    expect(result.current.error?.displayMessage).toContain('Langsam.')
    act(() => result.current.loadMore())
    await pass()
    expect(names()).toHaveLength(4)
    expect(result.current.error).toBeNull()
  })

  it.each<[string, () => Response | Promise<Response>, string]>([
    [
      'a server that cannot be reached',
      () => Promise.reject(new TypeError('Failed to fetch')),
      'unreachable',
    ],
    [
      'an answer of another shape',
      () => json({ items: [{ fullName: 'a/b' }], nextCursor: null }),
      'unexpected_answer',
    ],
    [
      'a link that is none',
      () => json({ items: [{ ...someRepository('api'), url: 'javascript:alert(1)' }], nextCursor: null }),
      'unexpected_answer',
    ],
  ])('tells of %s, and can be asked for again', async (_, answer, code) => {
    const { bff, result, names } = await list(notConnected)
    bff.once('GET /repositories', answer)
    bff.connection = connected
    act(() => result.current.refetch())
    await pass()
    expect(result.current).toMatchObject({ repositories: [], loading: false, error: { code } })
    act(() => result.current.refetch())
    await pass()
    expect(names()).toEqual(['api', 'docs'])
    expect(result.current.error).toBeNull()
  })

  it('says why when the connection itself cannot be loaded', async () => {
    const bff = createFakeBff()
    bff.once('GET /connection', () => errorAnswer(503, 'storage_unavailable'))
    vi.stubGlobal('fetch', bff.fetch)
    const queryClient = new QueryClient()
    const { result } = renderHook(() => useRepositories({ queryClient }))
    await pass()
    expect(result.current).toMatchObject({ loading: false, error: { code: 'storage_unavailable' } })
  })
})

describe('a search', () => {
  it('is sent when the typing rests, and keeps the former list until its answer is there', async () => {
    const { result, rerender, names, asked } = await list()
    for (const search of ['i', 'in', ' inf ']) {
      rerender({ search })
      await pass(100)
    }
    expect(result.current.loading).toBe(true)
    expect(names()).toEqual(['api', 'docs'])
    await pass(150)
    await pass()
    expect(names()).toEqual(['infra'])
    expect(result.current).toMatchObject({ loading: false, hasMore: false })
    expect(asked()).toEqual(['/repositories', '/repositories?search=inf'])
  })

  it('goes on over the pages', async () => {
    const { result, names, asked } = await list(connected, {
      search: 'acme inc/&'.replace(' inc/&', '-inc/'),
    })
    act(() => result.current.loadMore())
    await pass()
    expect(names()).toHaveLength(4)
    expect(asked()).toEqual(['/repositories?search=acme-inc%2F', '/repositories?search=acme-inc%2F&cursor=2'])
  })
})
