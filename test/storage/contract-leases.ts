// Contract: what the holder of a lease does reaches its own job and flow alone, and nobody takes a job from an owner that is alive.
import { describe, expect, test } from 'vitest'
import type { Flow, Storage } from '../../bff/storage/storage.ts'
import { ACCOUNT, NO_LIMIT, type Scenario } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

const CLAIM = { leaseMs: 30_000, limit: 10 } as const
const OWNER = 'owner-1'

/** A queued binding with GitHub's code. */
async function queued(
  { storage, waiting }: Scenario,
  tenantId: string,
  index: string,
  userId = 'user-a',
): Promise<Flow> {
  const flow = await waiting({ tenantId, userId, organization: `org-of-${tenantId}` })
  const accepted = await storage.acceptReturn({
    stateHash: flow.stateHash,
    installation: { sealed: `sealed-${index}`, index },
    next: 'binding',
    authorizationSealed: `code-of-${tenantId}`,
    authorizeStateHash: `authorize-${flow.stateHash}`,
    ...NO_LIMIT,
  })
  return accepted.flow
}

/** What the holder may do with a job: it is done, and what has become of its flow. */
const DEEDS: readonly (readonly [
  string,
  (storage: Storage, owner: string, flowId: string) => Promise<boolean>,
  (flow: Flow, now: number) => Flow,
])[] = [
  [
    'giving a job back',
    (storage, owner, flowId) => storage.retryJob(owner, flowId, { delayMs: 5, outcomeUnknown: false }),
    (flow) => flow,
  ],
  [
    'keeping a proof',
    (storage, owner, flowId) => storage.recordProof(owner, flowId, { login: 'acme' }),
    (flow) => ({ ...flow, proof: { login: 'acme' }, authorizationSealed: null }),
  ],
  [
    'asking GitHub for another code',
    (storage, owner, flowId) => storage.authorizeAgain(owner, flowId),
    (flow, now) => ({
      ...flow,
      status: 'authorizing',
      authorizationSealed: null,
      version: flow.version + 1,
      updatedAt: now,
    }),
  ],
  [
    'ending a job',
    (storage, owner, flowId) =>
      storage.completeJob(owner, flowId, {
        status: 'refused',
        error: 'installation_not_found',
        account: ACCOUNT,
      }),
    (flow, now) => ({
      ...flow,
      status: 'refused',
      error: 'installation_not_found',
      account: ACCOUNT,
      stateSealed: null,
      installUrlSealed: null,
      installation: null,
      authorizationSealed: null,
      version: flow.version + 1,
      updatedAt: now,
    }),
  ],
]

export function describeLeases({ open }: StoreOpener): void {
  describe('a lease', () => {
    test.each(DEEDS)('allows %s, of that job alone', async (_what, act, toResult) => {
      const scenario = await open()
      const { storage, clock, read } = scenario
      const flows = [
        await queued(scenario, 'tenant-a', 'index-a'),
        await queued(scenario, 'tenant-b', 'index-b'),
        await queued(scenario, 'tenant-c', 'index-c'),
        await queued(scenario, 'tenant-b', 'index-d', 'user-d'),
      ] as const
      expect(await storage.claimJobs(OWNER, CLAIM)).toHaveLength(4)
      clock.now += 10
      const [before, flow, after, colleague] = flows
      expect(await act(storage, OWNER, flow.flowId)).toBe(true)
      expect(await read(flow)).toEqual(toResult(flow, clock.now))
      for (const other of [before, after, colleague]) {
        expect(await read(other)).toEqual(other)
        // Still held: nobody else gets it, and the holder can end it.
        expect(await storage.retryJob(OWNER, other.flowId, { delayMs: 0, outcomeUnknown: false })).toBe(true)
      }
    })

    test.each(DEEDS)('of somebody else does not allow %s', async (_what, act) => {
      const scenario = await open()
      const { storage, clock, read } = scenario
      const flow = await queued(scenario, 'tenant-a', 'index-a')
      expect(await storage.claimJobs(OWNER, CLAIM)).toHaveLength(1)
      await queued(scenario, 'tenant-b', 'index-b')
      expect(await storage.claimJobs('owner-2', CLAIM)).toHaveLength(1)
      clock.now += 10
      expect(await act(storage, 'owner-2', flow.flowId)).toBe(false)
      expect(await act(storage, OWNER, 'F'.repeat(22))).toBe(false)
      expect(await read(flow)).toEqual(flow)
      expect(await storage.retryJob(OWNER, flow.flowId, { delayMs: 0, outcomeUnknown: false })).toBe(true)
    })

    test.each(DEEDS)('that was given back does not allow %s', async (_what, act) => {
      const scenario = await open()
      const flow = await queued(scenario, 'tenant-a', 'index-a')
      await scenario.storage.claimJobs(OWNER, CLAIM)
      await scenario.storage.releaseJobs(OWNER)
      expect(await act(scenario.storage, OWNER, flow.flowId)).toBe(false)
      expect(await scenario.read(flow)).toEqual(flow)
    })

    test('of an owner that is gone ends at once, and no other’s', async () => {
      const scenario = await open({ isOwnerGone: (owner) => owner === 'gone' })
      const { storage } = scenario
      const alive = await queued(scenario, 'tenant-a', 'index-a')
      expect(await storage.claimJobs('alive', CLAIM)).toHaveLength(1)
      const orphan = await queued(scenario, 'tenant-b', 'index-b')
      expect(await storage.claimJobs('gone', CLAIM)).toHaveLength(1)
      expect(await storage.claimJobs(OWNER, CLAIM)).toMatchObject([
        { flow: { flowId: orphan.flowId }, outcomeUnknown: true },
      ])
      expect(await storage.retryJob('alive', alive.flowId, { delayMs: 0, outcomeUnknown: false })).toBe(true)
    })

    test('of an owner that is gone ends at once, also beside a job that waits and is nobody’s', async () => {
      const scenario = await open({ isOwnerGone: (owner) => owner === 'gone' })
      const { storage } = scenario
      const { flowId } = await queued(scenario, 'tenant-a', 'index-a')
      await storage.claimJobs(OWNER, CLAIM)
      await storage.retryJob(OWNER, flowId, { delayMs: 5000, outcomeUnknown: false })
      const orphan = await queued(scenario, 'tenant-b', 'index-b')
      expect(await storage.claimJobs('gone', CLAIM)).toHaveLength(1)
      expect(await storage.findNextDueInMs()).toBe(0)
      expect(await storage.claimJobs(OWNER, CLAIM)).toMatchObject([{ flow: { flowId: orphan.flowId } }])
      expect(await storage.findNextDueInMs()).toBe(5000)
    })

    test('of an owner that looks gone is its own as long as it asks itself', async () => {
      const scenario = await open({ isOwnerGone: () => true })
      await queued(scenario, 'tenant-a', 'index-a')
      expect(await scenario.storage.claimJobs(OWNER, CLAIM)).toHaveLength(1)
      expect(await scenario.storage.claimJobs(OWNER, CLAIM)).toEqual([])
    })

    test('is for whole milliseconds, and no jobs are claimed when none are wanted', async () => {
      const scenario = await open()
      const { storage, clock } = scenario
      const { flowId } = await queued(scenario, 'tenant-a', 'index-a')
      for (const limit of [0, -1, 0.9])
        expect(await storage.claimJobs(OWNER, { ...CLAIM, limit })).toEqual([])
      expect(await storage.claimJobs(OWNER, { leaseMs: 99.9, limit: 1.9 })).toHaveLength(1)
      expect(await storage.findNextDueInMs()).toBe(99)
      expect(await storage.retryJob(OWNER, flowId, { delayMs: 10.9, outcomeUnknown: true })).toBe(true)
      expect(await storage.findNextDueInMs()).toBe(10)
      clock.now += 10
      expect(await storage.claimJobs(OWNER, CLAIM)).toMatchObject([{ outcomeUnknown: true, attempts: 1 }])
      expect(await storage.retryJob(OWNER, flowId, { delayMs: -5, outcomeUnknown: false })).toBe(true)
      expect(await storage.claimJobs(OWNER, CLAIM)).toMatchObject([{ outcomeUnknown: false, attempts: 2 }])
    })
  })
}
