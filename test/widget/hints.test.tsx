// @vitest-environment jsdom
import { act, fireEvent, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { someFlow } from './fake-bff.ts'
import { keepTestsApart, show } from './setup.tsx'

keepTestsApart()

class FakeChannel extends EventTarget {
  static readonly all = new Set<FakeChannel>()
  readonly name: string
  constructor(name: string) {
    super()
    this.name = name
    FakeChannel.all.add(this)
  }
  close() {
    FakeChannel.all.delete(this)
  }
}

beforeEach(() => {
  FakeChannel.all.clear()
  vi.useFakeTimers()
  vi.stubGlobal('BroadcastChannel', FakeChannel)
})

/** Time enough for a request that should not be there. */
const settle = () => act(() => vi.advanceTimersByTimeAsync(500))

/** A widget that waits on GitHub, with its long poll under way; `asked` counts the requests since. */
async function waiting() {
  const view = show()
  await view.reach('not_connected')
  fireEvent.click(screen.getByRole('button', { name: 'Connect GitHub' }))
  await view.reach('waiting')
  await vi.waitFor(() => expect(view.bff.requests.at(-1)?.path).toContain('wait=25'))
  const before = view.bff.requests.length
  const flowId = [...view.bff.flows.keys()][0] ?? ''
  const hint = { source: 'connect-github', flowId }
  const asked = () => view.bff.requests.slice(before).filter(({ path }) => !path.includes('wait='))
  return { ...view, hint, asked }
}

const post = (data: unknown, origin = location.origin) =>
  act(() => void window.dispatchEvent(new MessageEvent('message', { data, origin })))

describe('a window message', () => {
  it('of the right origin, shape and flow leads to one request', async () => {
    const { hint, asked } = await waiting()
    post(hint)
    await settle()
    expect(asked().map(({ method, path }) => `${method} ${path}`)).toEqual([`GET /flows/${hint.flowId}`])
  })

  it('together with a channel message and a focus still leads to one request', async () => {
    const { hint, asked } = await waiting()
    expect([...FakeChannel.all].map(({ name }) => name)).toEqual(['connect-github'])
    act(() => {
      const message = { data: hint, origin: location.origin }
      for (const channel of FakeChannel.all) channel.dispatchEvent(new MessageEvent('message', message))
      window.dispatchEvent(new MessageEvent('message', message))
      window.dispatchEvent(new Event('focus'))
      document.dispatchEvent(new Event('visibilitychange'))
    })
    await settle()
    expect(asked()).toHaveLength(1)
  })

  it.each<[string, (hint: object) => [unknown, string?]]>([
    ['another origin', (hint: object) => [hint, 'https://evil.example']],
    ['a look-alike origin', (hint: object) => [hint, `${location.origin}.evil.example`]],
    ['no origin', (hint: object) => [hint, '']],
    ['another flow', (hint: object) => [{ ...hint, flowId: someFlow().flowId }]],
    ['another source', (hint: object) => [{ ...hint, source: 'other' }]],
    ['another shape', () => ['connect-github']],
    ['nothing', () => [null]],
  ])('of %s leads to none', async (_, message) => {
    const { hint, asked } = await waiting()
    const [data, origin] = message(hint)
    post(data, origin)
    await settle()
    expect(asked()).toEqual([])
  })

  it('that claims success connects nothing', async () => {
    const { hint, card, calls } = await waiting()
    post({ ...hint, status: 'connected', account: { login: 'forged', type: 'User' } })
    await settle()
    expect(card().dataset['cghState']).toBe('waiting')
    expect(calls.onSuccess).not.toHaveBeenCalled()
  })
})

it('is heard on the channel alone, which a window reaches whose opener was cut off', async () => {
  const { hint, asked } = await waiting()
  const message = { data: hint, origin: location.origin }
  act(() => {
    for (const channel of FakeChannel.all) channel.dispatchEvent(new MessageEvent('message', message))
  })
  await settle()
  expect(asked()).toHaveLength(1)
})

it('stops listening and polling when the widget is gone', async () => {
  const { unmount, hint, asked, bff } = await waiting()
  unmount()
  const before = bff.requests.length
  post(hint)
  window.dispatchEvent(new Event('focus'))
  await settle()
  expect(asked()).toEqual([])
  expect(bff.requests.length).toBe(before)
  expect(FakeChannel.all.size).toBe(0)
})

it('asks again when the page comes back from the cache', async () => {
  const { asked } = await waiting()
  act(() => void window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
  await settle()
  expect(asked()).toHaveLength(1)
})
