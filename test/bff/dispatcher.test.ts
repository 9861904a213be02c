// The queue of accepted returns: what is claimed and when, what becomes of each try, and what stopping leaves behind.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDispatcher, type DispatcherDeps } from '../../bff/delivery/dispatcher.ts'
import { createRetryBudget } from '../../bff/delivery/retry-budget.ts'
import { handleReturn } from '../../bff/flows/handle-return.ts'
import type { OwnershipProver } from '../../bff/ownership/ownership.ts'
import { StorageError, type Flow, type Storage } from '../../bff/storage/storage.ts'
import type { BindingAnswer } from '../../bff/upstream/parse-answers.ts'
import { UpstreamError } from '../../bff/upstream/upstream-error.ts'
import {
  ANN,
  createFlowRuntime,
  REQUEST_ID,
  type FlowRuntime,
  type FlowRuntimeOptions,
} from './flow-runtime.ts'
import { startedFlow } from './started-flow.ts'

const OWNER = 'this-process'
const ID = 61_200_417
const silent = new UpstreamError('timeout', 'no answer')
const answerOf = (installationId: number): BindingAnswer => ({
  installationId,
  githubAccount: { login: 'acme-coffee', type: 'Organization' },
  status: 'active',
  registeredAt: 1_700_000_000_000,
})

// The dispatcher's own timers are moved by hand; everything else takes the time it takes.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

interface Queue {
  readonly bff: FlowRuntime
  readonly dispatcher: ReturnType<typeof createDispatcher>
  /** Accepts one more return, for the installation `ID + number`. */
  readonly accept: (number?: number) => Promise<Flow>
  readonly read: (flow: Flow) => Promise<Flow | undefined>
  /** What the dispatcher has asked of the store, in order, with what it gave. */
  readonly asked: readonly { readonly name: string; readonly args: readonly unknown[] }[]
  /** Resolves when the store has answered the next call of this name. */
  readonly until: (name: keyof Storage) => Promise<void>
  readonly posts: number[]
  readonly fatal: unknown[]
}

interface QueueOptions extends Partial<Omit<DispatcherDeps, 'layers' | 'storage'>> {
  /** What Layers does with a post. Default: records it. */
  readonly post?: (installationId: number) => Promise<BindingAnswer>
  /** What Layers says is bound. Default: nothing. */
  readonly find?: () => Promise<undefined>
  readonly runtime?: FlowRuntimeOptions
  /** Replaces some of the store's answers to the dispatcher. */
  readonly store?: (storage: Storage) => Partial<Storage>
}

const WATCHED = [
  'claimJobs',
  'completeJob',
  'retryJob',
  'recordProof',
  'authorizeAgain',
  'releaseJobs',
  'findNextDueInMs',
] as const

async function open(options: QueueOptions = {}): Promise<Queue> {
  const { post, find = async () => undefined, runtime: runtimeOptions, store, ...deps } = options
  const bff = await createFlowRuntime({ failedBindingsPerTenant: 1000, ...runtimeOptions })
  const { runtime } = bff
  const asked: { name: string; args: readonly unknown[] }[] = []
  const waiting = new Map<string, () => void>()
  const storage: Storage = { ...runtime.storage, ...store?.(runtime.storage) }
  for (const name of WATCHED) {
    const real: (...args: never) => Promise<unknown> = storage[name]
    Object.assign(storage, {
      async [name](...args: never) {
        asked.push({ name, args })
        try {
          return await real(...args)
        } finally {
          setImmediate(() => {
            waiting.get(name)?.()
            waiting.delete(name)
          })
        }
      },
    })
  }
  const posts: number[] = []
  const fatal: unknown[] = []
  const dispatcher = createDispatcher({
    ...runtime,
    storage,
    owner: OWNER,
    callTimeoutMs: 10_000,
    breaker: { isOpen: () => false, isDoubtful: () => false },
    retryPolicy: { baseMs: 500, capMs: 30_000, random: () => 0.5 },
    onFatal: (error) => void fatal.push(error),
    ...deps,
    layers: {
      ...runtime.layers,
      async registerInstallation({ installationId }) {
        posts.push(installationId)
        return post === undefined ? answerOf(installationId) : post(installationId)
      },
      findBinding: find,
    },
  })
  let count = 0
  return {
    bff,
    dispatcher,
    asked,
    posts,
    fatal,
    until: (name) => new Promise((resolve) => void waiting.set(name, resolve)),
    async accept(number = 0) {
      count += 1
      const organization = `org_${String(count).padStart(6, '0')}`
      const person = {
        ...ANN,
        userId: `user-${count}`,
        tenantId: `tenant-${count}`,
        layersOrganization: organization,
      }
      const { flow, state } = await startedFlow(bff, person, String(count).padStart(22, 'F'))
      bff.person = person
      const query = `state=${state}&installation_id=${ID + number}&code=c0de`
      const accepted = await handleReturn(runtime, {
        request: bff.requestOf(flow),
        query,
        requestId: REQUEST_ID,
      })
      bff.logged()
      return accepted
    },
    read: (flow) => runtime.storage.findFlow(flow.tenantId, flow.flowId),
  }
}

const namesOf = ({ runtime: { secrets } }: FlowRuntime, { flowId, tenantId }: Flow) => ({
  requestId: REQUEST_ID,
  flow: secrets.pseudonymOf(flowId),
  tenant: secrets.pseudonymOf(tenantId),
})

describe('a job', () => {
  it('is claimed when it is woken, tried, and settled in the log by the request that queued it', async () => {
    const { bff, dispatcher, accept, read, until, asked, posts } = await open()
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
    const { bff, dispatcher, accept, read, until } = await open({ post: () => Promise.reject(invalid) })
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
    const { dispatcher, asked, until } = await open({
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
    const { bff, dispatcher, accept, until, asked } = await open({ post: () => Promise.reject(silent) })
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
    const { bff, dispatcher, accept, until, asked } = await open({ post: () => Promise.reject(silent) })
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
    const { bff, dispatcher, accept, until, posts } = await open({ post: () => Promise.reject(silent) })
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
    const { bff, dispatcher, accept, until } = await open({
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
    const { bff, dispatcher, accept, until, posts } = await open({ post: () => answering })
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
    const { dispatcher, accept, until, asked } = await open({
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
    const { bff, dispatcher, accept, read, until } = await open({
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
    const { bff, dispatcher, accept, until, posts } = await open({
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

describe('the retry budget', () => {
  const spent = { takeRetry: () => 4_000, noteFirstTry: () => undefined }

  it('is asked for tries after the first, and without one the job waits, uncounted', async () => {
    const notes: string[] = []
    const retryBudget = { takeRetry: () => 4_000, noteFirstTry: () => void notes.push('first') }
    const { bff, dispatcher, accept, until, asked, posts } = await open({
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
    const { bff, dispatcher, accept, until, read } = await open({ retryBudget: spent })
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
    const { bff, dispatcher, accept, until, asked } = await open({ retryBudget: spent })
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
    const { bff, dispatcher, accept, until } = await open({
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
    const { bff, dispatcher, accept, until, posts } = await open({ retryBudget })
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
    const { bff, dispatcher, accept, until, asked } = await open({ post: () => Promise.reject(circuit) })
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
    const { dispatcher, asked, until } = await open({
      breaker: { isOpen: () => false, isDoubtful: () => true },
    })
    const done = until('claimJobs')
    dispatcher.wake()
    await done
    expect(asked[0]?.args[1]).toMatchObject({ limit: 1 })
    await dispatcher.stop()
  })
})

describe('the queue', () => {
  it('is worked off eight at a time, and the next is claimed when one ends', async () => {
    const answers: ((answer: BindingAnswer) => void)[] = []
    const { dispatcher, accept, until, posts, asked } = await open({
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
    const { dispatcher, until, asked } = await open({
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
    const { bff, dispatcher, until, asked, fatal } = await open({
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
    const { bff, dispatcher, until, fatal } = await open({
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
    const { bff, dispatcher, accept, read, until, posts } = await open({
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

  it('goes on when a job cannot be recorded at all; its lease brings it back', async () => {
    const { bff, dispatcher, accept, until } = await open({
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
    const { dispatcher, accept, until, fatal } = await open({
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

describe('stopping', () => {
  it('claims nothing more, and gives back what is held', async () => {
    const { dispatcher, accept, until, asked } = await open()
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
    const { dispatcher, accept, read, posts } = await open({ post: () => answering })
    const flow = await accept()
    dispatcher.wake()
    await vi.waitUntil(() => posts.length === 1)
    const stopped = dispatcher.stop()
    answer(answerOf(ID))
    await stopped
    expect(await read(flow)).toMatchObject({ status: 'connected' })
  })

  it('does not wait for a store that has no room', async () => {
    const { bff, dispatcher, accept, until, asked } = await open({
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
    const { bff, dispatcher, accept, posts } = await open({
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
    const { bff, dispatcher, accept, posts } = await open({
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
