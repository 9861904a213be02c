// What becomes of each try of a queued binding, and of the proof that comes before it.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { OwnershipProver } from '../../bff/ownership/ownership.ts'
import type { BindingAnswer } from '../../bff/upstream/parse-answers.ts'
import { UpstreamError } from '../../bff/upstream/upstream-error.ts'
import { answerOf, ID, namesOf, openQueue, OWNER, silent } from './queue.ts'

// The dispatcher's own timers are moved by hand; everything else takes the time it takes.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('a job', () => {
  it('is claimed when it is woken, tried, and settled in the log by the request that queued it', async () => {
    const { bff, dispatcher, accept, read, until, asked, posts } = await openQueue()
    const flow = await accept()
    const done = until('completeJob')
    dispatcher.wake()
    await done
    expect(await read(flow)).toMatchObject({ status: 'connected' })
    expect(posts).toEqual([ID])
    expect(asked[0]).toEqual({ name: 'claimJobs', args: [OWNER, { leaseMs: 35_000, limit: 8 }] })
    expect(bff.logged()).toEqual([
      { event: 'binding_settled', ...namesOf(bff, flow), attempt: 1, reason: 'connected' },
    ])
    await dispatcher.stop()
  })

  it('that Layers refuses for good is settled with the code', async () => {
    const invalid = new UpstreamError('status', 'Layers answered 422', { status: 422, code: 'VALIDATION' })
    const { bff, dispatcher, accept, read, until } = await openQueue({ post: () => Promise.reject(invalid) })
    const flow = await accept()
    const done = until('completeJob')
    dispatcher.wake()
    await done
    expect(await read(flow)).toMatchObject({ status: 'refused', error: 'installation_not_found' })
    expect(bff.logged().at(-1)).toEqual({
      event: 'binding_settled',
      ...namesOf(bff, flow),
      attempt: 1,
      reason: 'refused',
      code: 'installation_not_found',
    })
    await dispatcher.stop()
  })

  it('is leased for as long as its calls and a proof may take', async () => {
    const { dispatcher, asked, until } = await openQueue({
      runtime: { authorization: 'own-app' },
      callTimeoutMs: 2_000,
    })
    const done = until('claimJobs')
    dispatcher.wake()
    await done
    expect(asked[0]?.args[1]).toEqual({ leaseMs: 20_000 + 3 * 2_000 + 5_000, limit: 8 })
    await dispatcher.stop()
  })

  it('that failed for now comes back later, in doubt or not, and the log says when', async () => {
    const { bff, dispatcher, accept, until, asked } = await openQueue({ post: () => Promise.reject(silent) })
    const flow = await accept()
    const done = until('retryJob')
    dispatcher.wake()
    await done
    const retry = asked.find(({ name }) => name === 'retryJob')
    expect(retry?.args).toEqual([OWNER, flow.flowId, { delayMs: 250, outcomeUnknown: true }])
    expect(bff.logged().at(-1)).toEqual({
      event: 'binding_retry',
      ...namesOf(bff, flow),
      attempt: 1,
      delayMs: 250,
    })
    await dispatcher.stop()
  })

  it('comes back when the flow’s time is up, and not later', async () => {
    const { bff, dispatcher, accept, until, asked } = await openQueue({ post: () => Promise.reject(silent) })
    const flow = await accept()
    bff.clock.now = flow.expiresAt - 100
    const done = until('retryJob')
    dispatcher.wake()
    await done
    expect(asked.find(({ name }) => name === 'retryJob')?.args[2]).toMatchObject({ delayMs: 100 })
    await dispatcher.stop()
  })

  it.each([
    [-1, 'retryJob'],
    [0, 'completeJob'],
  ] as const)('in doubt %i ms after the flow’s time is tried: %s', async (lateMs, ending) => {
    const { bff, dispatcher, accept, until, posts } = await openQueue({ post: () => Promise.reject(silent) })
    const flow = await accept()
    await bff.runtime.storage.claimJobs(OWNER, { leaseMs: 0, limit: 1 })
    await bff.runtime.storage.retryJob(OWNER, flow.flowId, { delayMs: 0, outcomeUnknown: true })
    bff.clock.now = flow.expiresAt + lateMs
    const done = until(ending)
    dispatcher.wake()
    await done
    expect(posts).toHaveLength(lateMs < 0 ? 1 : 0)
    await dispatcher.stop()
  })

  it('whose lease was lost is left to whoever has it, and the log says so', async () => {
    const { bff, dispatcher, accept, until } = await openQueue({
      store: () => ({ completeJob: async () => false }),
    })
    const flow = await accept()
    const done = until('completeJob')
    dispatcher.wake()
    await done
    expect(bff.logged()).toEqual([{ event: 'binding_lease_lost', ...namesOf(bff, flow) }])
    await dispatcher.stop()
  })

  it('is noticed to be one that this process still works on, and is not started twice', async () => {
    const { promise: answering, resolve: answer } = Promise.withResolvers<BindingAnswer>()
    const { bff, dispatcher, accept, until, posts } = await openQueue({ post: () => answering })
    await accept()
    const claimed = until('findNextDueInMs')
    dispatcher.wake()
    await claimed
    await vi.waitUntil(() => posts.length === 1)
    // As after this process was frozen: the lease has run out, and the job is claimed again.
    bff.clock.now += 60_000
    const again = until('findNextDueInMs')
    dispatcher.wake()
    await again
    expect(posts).toHaveLength(1)
    const done = until('completeJob')
    answer(answerOf(ID))
    await done
    await dispatcher.stop()
  })
})

describe('a proof of ownership', () => {
  const proving = (prove: OwnershipProver['prove']): OwnershipProver => ({
    authorization: { acceptsReturnCode: true, createUrl: () => 'https://github.example/' },
    prove,
    close: async () => undefined,
  })

  it('is kept under this process’s lease, before anything is posted', async () => {
    const { dispatcher, accept, until, asked } = await openQueue({
      runtime: { authorization: 'own-app' },
      ownership: proving(async () => ({ verdict: 'proved', login: null })),
    })
    const flow = await accept()
    const done = until('completeJob')
    dispatcher.wake()
    await done
    const kept = asked.filter(({ name }) => name === 'recordProof')
    expect(kept).toEqual([{ name: 'recordProof', args: [OWNER, flow.flowId, { login: null }] }])
    await dispatcher.stop()
  })

  it('whose code was used up leads to GitHub’s page again', async () => {
    const { bff, dispatcher, accept, read, until } = await openQueue({
      runtime: { authorization: 'own-app' },
      ownership: proving(async () => ({
        verdict: 'failed',
        code: 'ownership_unavailable',
        reason: 'code not accepted',
        cure: 'again',
      })),
    })
    const flow = await accept()
    await bff.runtime.storage.claimJobs('crashed', { leaseMs: 0, limit: 1 })
    const done = until('authorizeAgain')
    dispatcher.wake()
    await done
    expect(await read(flow)).toMatchObject({ status: 'authorizing' })
    expect(bff.logged().map(({ event }) => event)).toEqual(['ownership_asked_again'])
    await dispatcher.stop()
  })

  it('that cannot be kept because the lease is lost posts nothing', async () => {
    const { bff, dispatcher, accept, until, posts } = await openQueue({
      runtime: { authorization: 'own-app' },
      ownership: proving(async () => ({ verdict: 'proved', login: null })),
      store: () => ({ recordProof: async () => false }),
    })
    await accept()
    const done = until('recordProof')
    dispatcher.wake()
    await done
    expect(posts).toEqual([])
    expect(bff.logged().map(({ event }) => event)).toEqual(['ownership_proved', 'binding_lease_lost'])
    await dispatcher.stop()
  })
})
