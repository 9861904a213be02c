// What stopping the dispatcher leaves behind.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OwnershipProver } from '../../bff/ownership/ownership.ts'
import { StorageError } from '../../bff/storage/storage.ts'
import type { BindingAnswer } from '../../bff/upstream/parse-answers.ts'
import { answerOf, ID, namesOf, openQueue, OWNER } from './queue.ts'

// The dispatcher's own timers are moved by hand; everything else takes the time it takes.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('stopping', () => {
  it('claims nothing more, and gives back what is held', async () => {
    const { dispatcher, accept, until, asked } = await openQueue()
    const looked = until('findNextDueInMs')
    dispatcher.wake()
    await looked
    await dispatcher.stop()
    expect(asked.at(-1)).toEqual({ name: 'releaseJobs', args: [OWNER] })
    await accept()
    const before = asked.length
    dispatcher.wake()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveLength(before)
  })

  it('lets the running call end and records what came of it', async () => {
    const { promise: answering, resolve: answer } = Promise.withResolvers<BindingAnswer>()
    const { dispatcher, accept, read, posts } = await openQueue({ post: () => answering })
    const flow = await accept()
    dispatcher.wake()
    await vi.waitUntil(() => posts.length === 1)
    const stopped = dispatcher.stop()
    answer(answerOf(ID))
    await stopped
    expect(await read(flow)).toMatchObject({ status: 'connected' })
  })

  it('does not wait for a store that has no room', async () => {
    const { bff, dispatcher, accept, until, asked } = await openQueue({
      store: () => ({ completeJob: () => Promise.reject(new StorageError('full')) }),
      post: async (installationId) => {
        void dispatcher.stop()
        return answerOf(installationId)
      },
    })
    await accept()
    const failed = until('completeJob')
    dispatcher.wake()
    await failed
    await dispatcher.stop()
    expect(asked.filter(({ name }) => name === 'completeJob')).toHaveLength(1)
    expect(bff.logged()).toMatchObject([{ event: 'dispatch_failed' }])
  })

  const untilProved = (proved: Promise<void>, onAsked: () => void): OwnershipProver => ({
    authorization: { acceptsReturnCode: true, createUrl: () => 'https://github.example/' },
    async prove() {
      onAsked()
      await proved
      return { verdict: 'proved', login: null }
    },
    close: async () => undefined,
  })

  it('makes no call for a job that has not begun, which goes back as it was', async () => {
    const proving = Promise.withResolvers<void>()
    const asking = Promise.withResolvers<void>()
    const { bff, dispatcher, accept, posts } = await openQueue({
      runtime: { authorization: 'own-app' },
      ownership: untilProved(proving.promise, asking.resolve),
    })
    const flow = await accept()
    dispatcher.wake()
    await asking.promise
    const stopped = dispatcher.stop()
    proving.resolve()
    await stopped
    expect(posts).toEqual([])
    expect(bff.logged()).toMatchObject([
      { event: 'ownership_proved' },
      { event: 'binding_postponed', ...namesOf(bff, flow), reason: 'stopped', delayMs: 0 },
    ])
    const [job] = await bff.runtime.storage.claimJobs('next', { leaseMs: 1000, limit: 1 })
    expect(job).toMatchObject({ outcomeUnknown: false, attempts: 0, flow: { proof: { login: null } } })
  })

  it('makes no further call for a job that has begun, says nothing, and gives it back in doubt', async () => {
    const asking = Promise.withResolvers<void>()
    const answering = Promise.withResolvers<undefined>()
    const { bff, dispatcher, accept, posts } = await openQueue({
      find: () => {
        asking.resolve()
        return answering.promise
      },
    })
    await accept()
    await bff.runtime.storage.claimJobs('crashed', { leaseMs: 0, limit: 1 })
    dispatcher.wake()
    await asking.promise
    const stopped = dispatcher.stop()
    answering.resolve(undefined)
    await stopped
    expect(posts).toEqual([])
    expect(bff.logged()).toEqual([])
    const [job] = await bff.runtime.storage.claimJobs('next', { leaseMs: 1000, limit: 1 })
    expect(job).toMatchObject({ outcomeUnknown: true })
  })
})
