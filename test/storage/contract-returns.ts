// Contract: a state is used once, with the id recorded and the binding queued in the same step.
import { describe, expect, test } from 'vitest'
import type { FlowStatus } from '../../bff/contract.ts'
import { required, type Scenario, CONFIRM } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

export function describeReturns({ open, reopen }: StoreOpener): void {
  describe('returns', () => {
    test('accepts a confirmed return: id fixed, job queued', async () => {
      const { storage, waiting, accept, clock } = await open()
      const flow = await waiting()
      clock.now += 5
      const binding = {
        ...flow,
        status: 'binding',
        version: flow.version + 1,
        updatedAt: clock.now,
        installation: { sealed: 'sealed-index-1', index: 'index-1' },
      }
      expect(await accept(flow)).toEqual({ outcome: 'accepted', flow: binding })
      expect(await storage.findFlow(flow.tenantId, flow.flowId)).toEqual(binding)
      expect(await storage.claimJobs('owner', { leaseMs: 1000, limit: 10 })).toEqual([
        { flow: binding, attempts: 0, outcomeUnknown: false, requestId: null },
      ])
    })

    test('accepts an unconfirmed return without a job, and queues it on confirmation, once', async () => {
      const { storage, waiting, accept } = await open()
      const flow = await waiting()
      const installation = { sealed: 'sealed-index-1', index: 'index-1' }
      const returned = { ...flow, status: 'returned', version: flow.version + 1, installation }
      expect(await accept(flow, 'index-1', 'returned')).toEqual({ outcome: 'accepted', flow: returned })
      expect(await storage.findNextDueInMs()).toBeUndefined()

      const confirm = () => storage.confirmReturn(flow.tenantId, flow.flowId, CONFIRM)
      const binding = { ...returned, status: 'binding', version: returned.version + 1 }
      expect(await confirm()).toEqual({ outcome: 'accepted', flow: binding })
      expect(await confirm()).toBeUndefined()
      expect(await storage.claimJobs('owner', { leaseMs: 1000, limit: 10 })).toEqual([
        { flow: binding, attempts: 0, outcomeUnknown: false, requestId: null },
      ])
    })

    test('confirms the flow that is named, and no other of the tenant', async () => {
      const { storage, returned, read } = await open()
      const flows = [
        await returned({ userId: 'user-1' }, 'index-1'),
        await returned({ userId: 'user-2' }, 'index-2'),
        await returned({ userId: 'user-3' }, 'index-3'),
      ] as const
      const [before, flow, after] = flows
      expect(await storage.confirmReturn(flow.tenantId, flow.flowId, CONFIRM)).toMatchObject({
        outcome: 'accepted',
        flow: { flowId: flow.flowId, status: 'binding', installation: { index: 'index-2' } },
      })
      for (const other of [before, after]) expect(await read(other)).toEqual(other)
    })

    test('keeps the state of the authorize page while the return is confirmed', async () => {
      const { storage, returned } = await open()
      const flow = await returned()
      const confirmed = { ...CONFIRM, next: 'authorizing' } as const
      await storage.confirmReturn(flow.tenantId, flow.flowId, confirmed)
      const found = await storage.findFlowByState(`authorize-${flow.stateHash}`)
      expect(found).toMatchObject({ flowId: flow.flowId, status: 'authorizing' })
    })

    test('confirms only flows that are returned', async () => {
      const { storage, starting, waiting, connected } = await open()
      const flows = [
        await starting({ userId: 'user-1' }),
        await waiting({ userId: 'user-2' }),
        await connected({ userId: 'user-3' }),
      ]
      for (const { tenantId, flowId } of flows) {
        expect(await storage.confirmReturn(tenantId, flowId, CONFIRM)).toBeUndefined()
      }
      expect(await storage.confirmReturn('tenant-a', 'unknown', CONFIRM)).toBeUndefined()
      expect(await storage.findNextDueInMs()).toBeUndefined()
    })

    test('accepts exactly one of 50 parallel returns with the same id; the others are repeats', async () => {
      const first = await open()
      const flow = await first.waiting()
      const handles = [first, (await reopen(first)) ?? first]
      const outcomes = await Promise.all(Array.from({ length: 50 }, (_, n) => pick(handles, n).accept(flow)))
      expect(countBy(outcomes)).toEqual({ accepted: 1, repeated: 49 })
      expect(await first.storage.claimJobs('owner', { leaseMs: 1, limit: 100 })).toHaveLength(1)
    })

    test('accepts exactly one of 50 parallel returns with different ids; the others are replays', async () => {
      const first = await open()
      const flow = await first.waiting()
      const handles = [first, (await reopen(first)) ?? first]
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, n) => pick(handles, n).accept(flow, `index-${n}`)),
      )
      expect(countBy(outcomes)).toEqual({ accepted: 1, replayed: 49 })
      const winner = required(outcomes.find(({ outcome }) => outcome === 'accepted'))
      expect((await first.read(flow)).installation).toEqual(winner.flow.installation)
    })

    test.each(['returned', 'binding', 'connected', 'refused', 'conflict', 'blocked', 'expired'] as const)(
      'tells a repeat from a replay when the flow is %s, and changes nothing',
      async (status) => {
        const scenario = await open()
        const flow = await bringTo(scenario, status)
        expect(await scenario.accept(flow)).toEqual({ outcome: 'repeated', flow })
        expect(await scenario.accept(flow, 'index-2')).toEqual({ outcome: 'replayed', flow })
        expect(await scenario.accept(flow, 'index-1', 'returned')).toEqual({ outcome: 'repeated', flow })
        expect(await scenario.read(flow)).toEqual(flow)
      },
    )

    test.each(['cancelled', 'expired', 'superseded', 'blocked', 'refused'] as const)(
      'accepts nothing for a flow that became %s before any return',
      async (status) => {
        const { storage, waiting, accept } = await open()
        const { tenantId, flowId } = await waiting()
        const end = { from: ['waiting'], status, error: null } as const
        const flow = required(await storage.endFlow(tenantId, flowId, end))
        expect(await accept(flow)).toEqual({ outcome: 'ended', flow })
        expect(await storage.findFlow(tenantId, flowId)).toEqual(flow)
        expect(await storage.findNextDueInMs()).toBeUndefined()
      },
    )

    test('accepts nothing for a flow whose install URL was never offered', async () => {
      const { starting, accept, read } = await open()
      const flow = await starting()
      expect(await accept(flow)).toEqual({ outcome: 'ended', flow })
      expect(await read(flow)).toEqual(flow)
    })

    test('accepts an id once only, also when the flow went on to await approval', async () => {
      const { storage, returned, accept } = await open()
      const { tenantId, flowId } = await returned()
      const end = { from: ['returned'], status: 'awaiting_approval', error: null } as const
      const flow = required(await storage.endFlow(tenantId, flowId, end))
      expect(await accept(flow, 'index-2')).toEqual({ outcome: 'replayed', flow })
    })

    test('rejects a state that no flow has', async () => {
      const { waiting, accept } = await open()
      await expect(accept({ ...(await waiting()), stateHash: 'unknown' })).rejects.toThrow(
        'storage: no flow has this state',
      )
    })

    test('lets one tenant bind the same installation again', async () => {
      const { connected, binding } = await open()
      await connected()
      expect((await binding({ userId: 'user-b' })).status).toBe('binding')
    })
  })
}

type ReturnedStatus = Extract<
  FlowStatus,
  'returned' | 'binding' | 'connected' | 'refused' | 'conflict' | 'blocked' | 'expired'
>

async function bringTo(scenario: Scenario, status: ReturnedStatus) {
  const { storage, returned, binding, connected, read } = scenario
  if (status === 'returned') return returned()
  if (status === 'binding') return binding()
  if (status === 'connected') return connected()
  const flow = await binding()
  await storage.claimJobs('owner', { leaseMs: 1000, limit: 1 })
  await storage.completeJob('owner', flow.flowId, { status, error: 'internal', account: null })
  return read(flow)
}

function pick<T>(values: readonly T[], position: number): T {
  return required(values[position % values.length])
}

function countBy(outcomes: readonly { readonly outcome: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}
