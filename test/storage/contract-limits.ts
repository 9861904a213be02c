// Contract: how many bindings of a tenant may fail or be under way before its further returns are refused.
import { describe, expect, test } from 'vitest'
import type { BindingOutcome } from '../../bff/storage/storage.ts'
import { ACCOUNT, CONFIRM, required } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

const WINDOW_MS = 60_000
const NOT_FOUND = { status: 'refused', error: 'installation_not_found', account: null } as const

const COUNTED: readonly BindingOutcome[] = [
  NOT_FOUND,
  { status: 'conflict', error: 'already_bound', account: ACCOUNT },
  { status: 'refused', error: 'installation_in_use', account: null },
  { status: 'refused', error: 'account_mismatch', account: null },
  { status: 'refused', error: 'ownership_not_proved', account: null },
]
const NOT_COUNTED: readonly BindingOutcome[] = [
  { status: 'connected', account: ACCOUNT, registeredAt: 1 },
  { status: 'unusable', account: ACCOUNT, registeredAt: 1, reason: 'suspended' },
  { status: 'blocked', error: 'partner_key_refused', account: null },
  { status: 'refused', error: 'internal', account: null },
  { status: 'conflict', error: 'internal', account: null },
  { status: 'refused', error: 'ownership_unavailable', account: null },
  { status: 'refused', error: 'ownership_declined', account: null },
  { status: 'expired', error: 'flow_expired', account: null },
]

function limitTo(count: number) {
  return { failureLimit: { count, windowMs: WINDOW_MS } }
}

export function describeLimits({ open, reopen }: StoreOpener): void {
  describe('failed bindings', () => {
    test.each(COUNTED)('count when they end $status with $error', async (outcome) => {
      const { storage, ended } = await open()
      await ended(outcome)
      await ended(outcome)
      expect(await storage.countFailedBindings('tenant-a', WINDOW_MS)).toBe(2)
      expect(await storage.countFailedBindings('tenant-b', WINDOW_MS)).toBe(0)
    })

    test.each(NOT_COUNTED)('do not count when they end $status for another reason', async (outcome) => {
      const { storage, ended } = await open()
      await ended(outcome)
      expect(await storage.countFailedBindings('tenant-a', WINDOW_MS)).toBe(0)
    })

    test('count when another tenant has the installation or the organization', async () => {
      const { storage, connected, waiting, accept } = await open()
      await connected({ organization: 'org-a' })
      await accept(await waiting({ tenantId: 'tenant-b', organization: 'org-b' }), 'index-1')
      await accept(await waiting({ tenantId: 'tenant-b', organization: 'org-a' }), 'index-2')
      expect(await storage.countFailedBindings('tenant-b', WINDOW_MS)).toBe(2)
    })

    test('count for the length of the window', async () => {
      const { storage, ended, clock } = await open()
      await ended(NOT_FOUND)
      clock.now += WINDOW_MS - 1
      expect(await storage.countFailedBindings('tenant-a', WINDOW_MS)).toBe(1)
      clock.now += 1
      expect(await storage.countFailedBindings('tenant-a', WINDOW_MS)).toBe(0)
    })
  })

  describe('failure limit', () => {
    test.each(['binding', 'returned', 'authorizing'] as const)(
      'refuses a return at the limit and changes nothing (next: %s)',
      async (next) => {
        const scenario = await open()
        const { ended, binding, waiting, accept, read, storage } = scenario
        await ended(NOT_FOUND)
        await binding()
        const flow = await waiting({ userId: 'user-b' })
        expect(await accept(flow, 'index-1', next, limitTo(2))).toEqual({ outcome: 'limited', flow })
        expect(await read(flow)).toEqual(flow)
        expect(await storage.claimJobs('owner', { leaseMs: 1, limit: 10 })).toHaveLength(1)
        expect((await accept(flow, 'index-2', next, limitTo(3))).outcome).toBe('accepted')
      },
    )

    test('refuses a confirmation at the limit and changes nothing', async () => {
      const { storage, ended, binding, returned, read } = await open()
      await ended(NOT_FOUND)
      await binding()
      const flow = await returned({ userId: 'user-b' })
      const confirm = (count: number) =>
        storage.confirmReturn(flow.tenantId, flow.flowId, { next: 'binding', ...limitTo(count) })
      expect(await confirm(2)).toEqual({ outcome: 'limited', flow })
      expect(await read(flow)).toEqual(flow)
      expect(await confirm(3)).toMatchObject({ outcome: 'accepted', flow: { status: 'binding' } })
    })

    test('takes returns again when the failures are older than the window', async () => {
      const { ended, waiting, accept, clock } = await open()
      await ended(NOT_FOUND)
      const flow = await waiting()
      clock.now += WINDOW_MS - 1
      expect((await accept(flow, 'index-1', 'binding', limitTo(1))).outcome).toBe('limited')
      clock.now += 1
      expect((await accept(flow, 'index-1', 'binding', limitTo(1))).outcome).toBe('accepted')
    })

    test('counts an unfinished binding however old it is, and a finished one no more', async () => {
      const { storage, binding, waiting, accept, clock } = await open()
      const { flowId } = await binding()
      clock.now += 100 * WINDOW_MS
      const flow = await waiting({ userId: 'user-b' })
      expect((await accept(flow, 'index-1', 'binding', limitTo(1))).outcome).toBe('limited')
      await storage.claimJobs('owner', { leaseMs: 1000, limit: 1 })
      const outcome = { status: 'connected', account: ACCOUNT, registeredAt: 1 } as const
      await storage.completeJob('owner', flowId, outcome)
      expect((await accept(flow, 'index-1', 'binding', limitTo(1))).outcome).toBe('accepted')
    })

    test('does not count what other tenants do', async () => {
      const { ended, binding, waiting, accept } = await open()
      await ended(NOT_FOUND, { tenantId: 'tenant-b', organization: 'org-b' }, 'index-2')
      await binding({ tenantId: 'tenant-b', organization: 'org-b' }, 'index-2')
      expect((await accept(await waiting(), 'index-1', 'binding', limitTo(1))).outcome).toBe('accepted')
    })

    test('does not tell a tenant at its limit whether another one has the installation', async () => {
      const { connected, ended, waiting, returned, accept, storage } = await open()
      const own = { tenantId: 'tenant-b', organization: 'org-b' }
      const returnedFlow = await returned({ ...own, userId: 'user-1' }, 'index-1')
      await connected({ organization: 'org-a' }, 'index-1')
      await ended(NOT_FOUND, own, 'index-2')
      const flow = await waiting({ ...own, userId: 'user-2' })
      expect(await accept(flow, 'index-1', 'binding', limitTo(1))).toEqual({ outcome: 'limited', flow })
      expect(
        await storage.confirmReturn('tenant-b', returnedFlow.flowId, { next: 'binding', ...limitTo(1) }),
      ).toEqual({
        outcome: 'limited',
        flow: returnedFlow,
      })
    })

    test('still tells repeats, replays and ended flows for what they are', async () => {
      const { storage, binding, waiting, accept } = await open()
      const flow = await binding()
      expect(await accept(flow, 'index-1', 'binding', limitTo(0))).toEqual({ outcome: 'repeated', flow })
      expect(await accept(flow, 'index-2', 'binding', limitTo(0))).toEqual({ outcome: 'replayed', flow })
      const { tenantId, flowId } = await waiting()
      const end = { from: ['waiting'], status: 'cancelled', error: 'flow_cancelled' } as const
      const cancelled = required(await storage.endFlow(tenantId, flowId, end))
      const ended = { outcome: 'ended', flow: cancelled }
      expect(await accept(cancelled, 'index-1', 'binding', limitTo(0))).toEqual(ended)
      expect(
        await storage.confirmReturn(tenantId, flowId, { next: 'binding', ...limitTo(0) }),
      ).toBeUndefined()
    })

    test('tells listeners nothing of a return it refuses', async () => {
      const { storage, waiting, returned, accept } = await open()
      const [first, second] = [await waiting({ userId: 'user-1' }), await returned({ userId: 'user-2' })]
      const heard: string[] = []
      storage.onFlowChanged((flowId) => heard.push(flowId))
      await accept(first, 'index-1', 'binding', limitTo(0))
      await storage.confirmReturn(second.tenantId, second.flowId, { next: 'binding', ...limitTo(0) })
      expect(heard).toEqual([])
      await storage.confirmReturn(second.tenantId, second.flowId, CONFIRM)
      expect(heard).toEqual([second.flowId])
    })

    test('lets as many of 50 parallel returns through as the limit allows, and no more', async () => {
      const first = await open()
      const second = (await reopen(first)) ?? first
      const flows = []
      for (let n = 0; n < 50; n += 1) flows.push(await first.waiting({ userId: `user-${n}` }))
      const outcomes = await Promise.all(
        flows.map((flow, n) =>
          (n % 2 === 0 ? first : second).accept(flow, `index-${n}`, 'binding', limitTo(7)),
        ),
      )
      const accepted = outcomes.filter(({ outcome }) => outcome === 'accepted')
      const limited = outcomes.filter(({ outcome }) => outcome === 'limited')
      expect([accepted.length, limited.length]).toEqual([7, 43])
      expect(await first.storage.claimJobs('owner', { leaseMs: 1, limit: 100 })).toHaveLength(7)
    })
  })
}
