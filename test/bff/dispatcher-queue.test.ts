// When the queue is looked at, and what a store in trouble does to it.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { StorageError } from '../../bff/storage/storage.ts'
import type { BindingAnswer } from '../../bff/upstream/parse-answers.ts'
import { answerOf, ID, openQueue } from './queue.ts'

// The dispatcher's own timers are moved by hand; everything else takes the time it takes.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('the queue', () => {
  it('is worked off eight at a time, and the next is claimed when one ends', async () => {
    const answers: ((answer: BindingAnswer) => void)[] = []
    const { dispatcher, accept, until, posts, asked } = await openQueue({
      post: () => new Promise((resolve) => void answers.push(resolve)),
    })
    for (let number = 0; number < 9; number += 1) await accept(number)
    dispatcher.wake()
    await vi.waitUntil(() => posts.length === 8)
    // Woken again, it claims nothing: there is no place.
    dispatcher.wake()
    expect(posts).toHaveLength(8)
    expect(asked.filter(({ name }) => name === 'claimJobs')).toHaveLength(1)
    const done = until('completeJob')
    answers[0]?.(answerOf(posts[0] ?? 0))
    await done
    await vi.waitUntil(() => posts.length === 9)
    expect(asked.filter(({ name }) => name === 'claimJobs').at(-1)?.args[1]).toMatchObject({ limit: 1 })
    for (const [index, answer] of answers.entries()) answer(answerOf(posts[index] ?? 0))
    await dispatcher.stop()
  })

  it('is looked at when the next job is due, every five seconds at least', async () => {
    let dueInMs: number | undefined = 1_200
    const { dispatcher, until, asked } = await openQueue({
      store: () => ({ findNextDueInMs: async () => dueInMs }),
    })
    const looks = (): number => asked.filter(({ name }) => name === 'claimJobs').length
    const look = async (afterMs: number): Promise<void> => {
      const before = looks()
      await vi.advanceTimersByTimeAsync(afterMs - 1)
      expect(looks()).toBe(before)
      const looked = until('findNextDueInMs')
      await vi.advanceTimersByTimeAsync(1)
      await looked
      expect(looks()).toBe(before + 1)
    }
    const first = until('findNextDueInMs')
    dispatcher.wake()
    await first
    await look(1_200)
    dueInMs = undefined
    await look(1_200)
    dueInMs = 60_000
    await look(5_000)
    await look(5_000)
    await dispatcher.stop()
  })

  it('that cannot be read is looked at again after five seconds, and the log says so', async () => {
    let isFailing = true
    const { bff, dispatcher, until, asked, fatal } = await openQueue({
      store: () => ({
        claimJobs: () => (isFailing ? Promise.reject(new StorageError('busy')) : Promise.resolve([])),
      }),
    })
    const failed = until('claimJobs')
    dispatcher.wake()
    await failed
    expect(bff.logged()).toMatchObject([
      { event: 'dispatch_failed', detail: 'a job could not be worked on; it is tried again' },
    ])
    expect(fatal).toEqual([])
    isFailing = false
    const again = until('claimJobs')
    await vi.advanceTimersByTimeAsync(5_000)
    await again
    expect(asked.filter(({ name }) => name === 'claimJobs')).toHaveLength(2)
    await dispatcher.stop()
  })

  it('that can no longer be trusted stops the process', async () => {
    const error = new StorageError('fatal')
    const { bff, dispatcher, until, fatal } = await openQueue({
      store: () => ({ claimJobs: () => Promise.reject(error) }),
    })
    const failed = until('claimJobs')
    dispatcher.wake()
    await failed
    expect(fatal).toEqual([error])
    expect(bff.logged()).toEqual([])
    await dispatcher.stop()
  })

  it('waits with what was learnt until a store that is full or busy has room, and says nothing', async () => {
    let failures = 0
    const { bff, dispatcher, accept, read, until, posts } = await openQueue({
      store: (storage) => ({
        completeJob(...args) {
          failures += 1
          const kind = failures === 1 ? 'full' : 'busy'
          return failures <= 2 ? Promise.reject(new StorageError(kind)) : storage.completeJob(...args)
        },
      }),
    })
    const flow = await accept()
    dispatcher.wake()
    for (let count = 0; count < 3; count += 1) await until('completeJob')
    expect(await read(flow)).toMatchObject({ status: 'connected' })
    expect(posts).toEqual([ID])
    expect(bff.logged().map(({ event }) => event)).toEqual(['binding_settled'])
    await dispatcher.stop()
  })

  it('is looked at once more, at once, when it was woken during a look, and never twice at a time', async () => {
    const looks: (() => void)[] = []
    const { dispatcher, asked } = await openQueue({
      store: () => ({ claimJobs: () => new Promise((resolve) => void looks.push(() => resolve([]))) }),
    })
    for (let times = 0; times < 3; times += 1) dispatcher.wake()
    expect(looks).toHaveLength(1)
    looks[0]?.()
    await vi.waitUntil(() => looks.length === 2)
    const stopped = dispatcher.stop()
    looks[1]?.()
    await stopped
    expect(asked.filter(({ name }) => name === 'claimJobs')).toHaveLength(2)
  })

  it('gives up on an outcome that no store takes when the lease is about to end, and the log says so', async () => {
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => now)
    const { bff, dispatcher, accept, until } = await openQueue({
      store: () => ({ completeJob: () => Promise.reject(new StorageError('full')) }),
      // The lease of three calls and a margin of five seconds ends at 35 000.
      callTimeoutMs: 10_000,
      post: async (installationId) => {
        now = 33_999
        return answerOf(installationId)
      },
    })
    await accept()
    const failed = until('completeJob')
    dispatcher.wake()
    await failed
    expect(bff.logged()).toEqual([])
    const again = until('completeJob')
    now = 34_000
    await again
    expect(bff.logged()).toMatchObject([{ event: 'dispatch_failed' }])
    await dispatcher.stop()
  })

  it('goes on when a job cannot be recorded at all; its lease brings it back', async () => {
    const { bff, dispatcher, accept, until } = await openQueue({
      store: () => ({ completeJob: () => Promise.reject(new Error('a mistake')) }),
    })
    await accept()
    const failed = until('completeJob')
    dispatcher.wake()
    await failed
    expect(bff.logged()).toMatchObject([
      { event: 'dispatch_failed', error: { name: 'Error' }, detail: expect.stringContaining('tried again') },
    ])
    const claimed = until('claimJobs')
    await vi.advanceTimersByTimeAsync(5_000)
    await claimed
    await dispatcher.stop()
  })

  it('stops the process when an outcome meets a store that can no longer be trusted', async () => {
    const error = new StorageError('fatal')
    const { dispatcher, accept, until, fatal } = await openQueue({
      store: () => ({ completeJob: () => Promise.reject(error) }),
    })
    await accept()
    const failed = until('completeJob')
    dispatcher.wake()
    await failed
    expect(fatal).toEqual([error])
    await dispatcher.stop()
  })
})
