// Contract: what is under way is counted and aged, and a job knows the request that queued it.
import { describe, expect, test } from 'vitest'
import { ACCOUNT, CONFIRM, NO_LIMIT, type Scenario } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

const NOTHING = { starting: 0, waiting: 0, returned: 0, authorizing: 0, binding: 0 } as const
const CLAIM = { leaseMs: 30_000, limit: 10 } as const

export function describeOpenWork({ open }: StoreOpener): void {
  describe('what is under way', () => {
    test('is nothing in an empty store', async () => {
      const { storage } = await open()
      expect(await storage.measureOpenWork()).toEqual({
        flows: NOTHING,
        jobs: 0,
        oldestDueMs: 0,
        oldestJobMs: 0,
      })
    })

    test('is counted by status across tenants, without what has ended', async () => {
      const { storage, ...scenario } = await open()
      const { starting, waiting, returned, authorizing, binding, connected } = scenario
      await connected({ tenantId: 'tenant-1', userId: 'ended', organization: 'org-1' }, 'index-ended')
      for (const [n, reach] of [starting, waiting, waiting, returned, authorizing, binding].entries())
        await reach({ tenantId: `tenant-${n}`, userId: `user-${n}`, organization: `org-${n}` }, `index-${n}`)
      const { flows, jobs } = await storage.measureOpenWork()
      expect(flows).toEqual({ starting: 1, waiting: 2, returned: 1, authorizing: 1, binding: 1 })
      expect(jobs).toBe(1)
    })

    test('is as old as the oldest job, and as late as the one that is due longest', async () => {
      const { storage, binding, clock } = await open()
      const first = await binding({ userId: 'user-1' })
      clock.now += 1000
      await binding({ userId: 'user-2' })
      clock.now += 500
      expect(await storage.measureOpenWork()).toMatchObject({
        jobs: 2,
        oldestDueMs: 1500,
        oldestJobMs: 1500,
      })
      // A try and its retry change nothing about how long the customer has been waiting.
      await storage.claimJobs('owner', CLAIM)
      expect(await storage.measureOpenWork()).toMatchObject({ jobs: 2, oldestDueMs: 0, oldestJobMs: 1500 })
      await storage.retryJob('owner', first.flowId, { delayMs: 100, outcomeUnknown: false })
      clock.now += 300
      expect(await storage.measureOpenWork()).toMatchObject({ jobs: 2, oldestDueMs: 200, oldestJobMs: 1800 })
      await storage.claimJobs('owner', CLAIM)
      const outcome = { status: 'connected', account: ACCOUNT, registeredAt: 1 } as const
      await storage.completeJob('owner', first.flowId, outcome)
      expect(await storage.measureOpenWork()).toMatchObject({ jobs: 1, oldestDueMs: 0, oldestJobMs: 800 })
    })

    test('says of a new flow how many it replaced', async () => {
      const { storage, newFlow, waiting, returned } = await open()
      await waiting({ userId: 'user-b' })
      await returned()
      expect(await storage.createFlow(newFlow())).toMatchObject({ outcome: 'created', superseded: 1 })
      expect(await storage.createFlow(newFlow({ userId: 'user-c' }))).toMatchObject({ superseded: 0 })
    })
  })

  describe('a binding job', () => {
    const queuedBy: readonly (readonly [
      string,
      (scenario: Scenario, requestId: string) => Promise<unknown>,
    ])[] = [
      [
        'the return',
        async ({ storage, waiting }, requestId) => {
          const { stateHash } = await waiting()
          await storage.acceptReturn({
            stateHash,
            installation: { sealed: 'sealed', index: 'index-1' },
            next: 'binding',
            authorizationSealed: null,
            authorizeStateHash: null,
            ...NO_LIMIT,
            requestId,
          })
        },
      ],
      [
        'the confirmation',
        async ({ storage, returned }, requestId) => {
          const { tenantId, flowId } = await returned()
          await storage.confirmReturn(tenantId, flowId, { ...CONFIRM, requestId })
        },
      ],
      [
        'the authorization',
        async ({ storage, authorizing }, requestId) => {
          const { tenantId, flowId } = await authorizing()
          const code = { authorizationSealed: 'sealed-code' }
          await storage.acceptAuthorization(tenantId, flowId, { ...CONFIRM, ...code, requestId })
        },
      ],
    ]

    test.each(queuedBy)('knows the request of %s that queued it, at every try', async (_, queue) => {
      const scenario = await open()
      const { storage } = scenario
      await queue(scenario, 'req_1')
      const [first] = await storage.claimJobs('owner-1', CLAIM)
      expect(first).toMatchObject({ attempts: 0, requestId: 'req_1' })
      await storage.retryJob('owner-1', first?.flow.flowId ?? '', { delayMs: 0, outcomeUnknown: true })
      expect(await storage.claimJobs('owner-2', CLAIM)).toMatchObject([{ attempts: 1, requestId: 'req_1' }])
    })

    test('knows none when nobody said', async () => {
      const { storage, binding } = await open()
      await binding()
      expect(await storage.claimJobs('owner', CLAIM)).toMatchObject([{ requestId: null }])
    })

    test('tells whether a number of bindings is unfinished, of whatever tenant', async () => {
      const { storage, binding, returned, connected } = await open()
      expect(await storage.hasUnfinishedBindings(1)).toBe(false)
      await connected({ userId: 'user-1' })
      await returned({ userId: 'user-2' })
      expect(await storage.hasUnfinishedBindings(1)).toBe(false)
      await binding({ userId: 'user-3' })
      await binding({ tenantId: 'tenant-b', organization: 'org-b' }, 'index-2')
      const depths = [1, 2, 3].map((count) => storage.hasUnfinishedBindings(count))
      expect(await Promise.all(depths)).toEqual([true, true, false])
    })
  })
}
