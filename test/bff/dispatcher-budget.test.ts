// What waits instead of being tried: for the retry budget, and while Layers is down.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRetryBudget } from '../../bff/delivery/retry-budget.ts'
import { UpstreamError } from '../../bff/upstream/upstream-error.ts'
import { ID, namesOf, openQueue, OWNER, silent } from './queue.ts'

// The dispatcher's own timers are moved by hand; everything else takes the time it takes.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('the retry budget', () => {
  const spent = { takeRetry: () => 4_000, noteFirstTry: () => undefined }

  it('is asked for tries after the first, and without one the job waits, uncounted', async () => {
    const notes: string[] = []
    const retryBudget = { takeRetry: () => 4_000, noteFirstTry: () => void notes.push('first') }
    const { bff, dispatcher, accept, until, asked, posts } = await openQueue({
      retryBudget,
      post: () => Promise.reject(silent),
    })
    const flow = await accept()
    const tried = until('retryJob')
    dispatcher.wake()
    await tried
    expect(notes).toEqual(['first'])
    expect(posts).toHaveLength(1)
    bff.logged()
    bff.clock.now += 1_000
    const postponed = until('retryJob')
    dispatcher.wake()
    await postponed
    expect(notes).toEqual(['first'])
    expect(posts).toHaveLength(1)
    expect(asked.filter(({ name }) => name === 'retryJob').at(-1)?.args).toEqual([
      OWNER,
      flow.flowId,
      { delayMs: 4_000 + 5_000, outcomeUnknown: true, wasTried: false },
    ])
    expect(bff.logged()).toEqual([
      { event: 'binding_postponed', ...namesOf(bff, flow), reason: 'retry_budget', delayMs: 9_000 },
    ])
    await dispatcher.stop()
  })

  it('is not asked for the last try, which is owed to whoever waits', async () => {
    const { bff, dispatcher, accept, until, read } = await openQueue({ retryBudget: spent })
    const flow = await accept()
    await bff.runtime.storage.claimJobs(OWNER, { leaseMs: 0, limit: 1 })
    await bff.runtime.storage.retryJob(OWNER, flow.flowId, { delayMs: 0, outcomeUnknown: false })
    bff.clock.now = flow.expiresAt
    const done = until('completeJob')
    dispatcher.wake()
    await done
    expect(await read(flow)).toMatchObject({ status: 'expired' })
    await dispatcher.stop()
  })

  it('makes nothing wait beyond the flow’s time', async () => {
    const { bff, dispatcher, accept, until, asked } = await openQueue({ retryBudget: spent })
    const flow = await accept()
    await bff.runtime.storage.claimJobs(OWNER, { leaseMs: 0, limit: 1 })
    await bff.runtime.storage.retryJob(OWNER, flow.flowId, { delayMs: 0, outcomeUnknown: false })
    bff.clock.now = flow.expiresAt - 300
    const postponed = until('retryJob')
    dispatcher.wake()
    await postponed
    expect(asked.find(({ name }) => name === 'retryJob')?.args[2]).toMatchObject({ delayMs: 300 })
    await dispatcher.stop()
  })

  it('is neither asked nor told while nothing will be sent', async () => {
    const notes: string[] = []
    const circuit = new UpstreamError('circuit', 'left alone', { retryAfterMs: 15_000 })
    const { bff, dispatcher, accept, until } = await openQueue({
      breaker: { isOpen: () => true, isDoubtful: () => true },
      retryBudget: { takeRetry: () => notes.push('retry'), noteFirstTry: () => void notes.push('first') },
      post: () => Promise.reject(circuit),
    })
    await accept()
    const postponed = until('retryJob')
    dispatcher.wake()
    await postponed
    expect(notes).toEqual([])
    expect(bff.logged().at(-1)).toMatchObject({ event: 'binding_postponed', reason: 'circuit_open' })
    await dispatcher.stop()
  })

  it('lets a retry through when there is one', async () => {
    const retryBudget = createRetryBudget({ share: 0, floor: 1 }, () => 0)
    const { bff, dispatcher, accept, until, posts } = await openQueue({ retryBudget })
    const flow = await accept()
    await bff.runtime.storage.claimJobs(OWNER, { leaseMs: 0, limit: 1 })
    await bff.runtime.storage.retryJob(OWNER, flow.flowId, { delayMs: 0, outcomeUnknown: false })
    const done = until('completeJob')
    dispatcher.wake()
    await done
    expect(posts).toEqual([ID])
    await dispatcher.stop()
  })
})

describe('an outage of Layers', () => {
  it('makes what is overdue wait as well, because nothing was sent', async () => {
    const circuit = new UpstreamError('circuit', 'left alone', { retryAfterMs: 15_000, downForMs: 0 })
    const { bff, dispatcher, accept, until, asked } = await openQueue({ post: () => Promise.reject(circuit) })
    const flow = await accept()
    bff.clock.now = flow.expiresAt
    const postponed = until('retryJob')
    dispatcher.wake()
    await postponed
    expect(asked.find(({ name }) => name === 'retryJob')?.args).toEqual([
      OWNER,
      flow.flowId,
      { delayMs: 15_000, outcomeUnknown: false, wasTried: false },
    ])
    expect(bff.logged().at(-1)).toMatchObject({ event: 'binding_postponed', reason: 'circuit_open' })
    await dispatcher.stop()
  })

  it('is met by one job at a time when the last call failed', async () => {
    const { dispatcher, asked, until } = await openQueue({
      breaker: { isOpen: () => false, isDoubtful: () => true },
    })
    const done = until('claimJobs')
    dispatcher.wake()
    await done
    expect(asked[0]?.args[1]).toMatchObject({ limit: 1 })
    await dispatcher.stop()
  })
})
