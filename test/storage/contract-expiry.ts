// Contract: what time does to flows, by the store's clock and to the millisecond.
import { describe, expect, test } from 'vitest'
import { LIFETIME_MS, required, CONFIRM } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

export function describeExpiry({ open }: StoreOpener, withThousands: boolean): void {
  describe('expiry', () => {
    test('expires starting, waiting and returned flows at their expiry and not a millisecond earlier', async () => {
      const { storage, starting, waiting, returned, read, clock } = await open()
      const flows = [
        await starting({ userId: 'user-1' }),
        await waiting({ userId: 'user-2' }),
        await returned({ userId: 'user-3' }),
      ]
      clock.now += LIFETIME_MS - 1
      expect(await storage.expireFlows()).toBe(0)
      for (const flow of flows) expect(await read(flow)).toEqual(flow)
      clock.now += 1
      expect(await storage.expireFlows()).toBe(3)
      for (const flow of flows) {
        expect(await read(flow)).toEqual({
          ...flow,
          status: 'expired',
          error: 'flow_expired',
          version: flow.version + 1,
          updatedAt: clock.now,
          stateSealed: null,
          installUrlSealed: null,
          installation: null,
        })
      }
      expect(await storage.expireFlows()).toBe(0)
    })

    test('never expires a flow that is binding or has ended', async () => {
      const { storage, binding, connected, read, clock } = await open()
      const flows = [await connected(), await binding()]
      clock.now += 10 * LIFETIME_MS
      expect(await storage.expireFlows()).toBe(0)
      for (const flow of flows) expect(await read(flow)).toEqual(flow)
    })

    test('leaves a flow that awaits approval as it is, without the values nothing can use any more', async () => {
      const { storage, waiting, read, clock } = await open()
      const { tenantId, flowId } = await waiting()
      const end = { from: ['waiting'], status: 'awaiting_approval', error: null } as const
      const flow = required(await storage.endFlow(tenantId, flowId, end))
      clock.now = flow.expiresAt - 1
      expect(await storage.expireFlows()).toBe(0)
      expect(await read(flow)).toEqual(flow)
      clock.now = flow.expiresAt
      expect(await storage.expireFlows()).toBe(0)
      expect(await read(flow)).toEqual({ ...flow, stateSealed: null, installUrlSealed: null })
    })

    test.runIf(withThousands)('expires any number of flows', async () => {
      const { storage, starting, clock } = await open()
      for (let user = 0; user < 1001; user += 1) await starting({ userId: `user-${user}` })
      clock.now += LIFETIME_MS
      expect(await storage.expireFlows()).toBe(1001)
    })

    test.each(['waiting', 'awaiting_approval'] as const)(
      'accepts a return to a %s flow until its expiry and not at it',
      async (status) => {
        const { storage, waiting, accept, read, clock } = await open()
        for (const [remainingMs, outcome] of [
          [1, 'accepted'],
          [0, 'ended'],
          [-1, 'ended'],
        ] as const) {
          let flow = await waiting()
          if (status === 'awaiting_approval') {
            const end = { from: ['waiting'], status, error: null } as const
            flow = required(await storage.endFlow(flow.tenantId, flow.flowId, end))
          }
          clock.now = flow.expiresAt - remainingMs
          expect((await accept(flow)).outcome).toBe(outcome)
          expect((await read(flow)).version).toBe(flow.version + (outcome === 'accepted' ? 1 : 0))
        }
      },
    )

    test('confirms a return until the flow’s expiry and not at it', async () => {
      const { storage, returned, clock } = await open()
      const flow = await returned()
      clock.now = flow.expiresAt
      expect(await storage.confirmReturn(flow.tenantId, flow.flowId, CONFIRM)).toBeUndefined()
      clock.now = flow.expiresAt - 1
      const outcome = await storage.confirmReturn(flow.tenantId, flow.flowId, CONFIRM)
      expect(outcome).toMatchObject({ outcome: 'accepted', flow: { status: 'binding' } })
    })

    test('offers no install URL to a flow at its expiry', async () => {
      const { storage, starting, clock } = await open()
      const flow = await starting()
      const offer = { installUrlSealed: 'url-sealed', expiresAt: flow.expiresAt }
      clock.now = flow.expiresAt
      expect(await storage.offerInstallUrl(flow.tenantId, flow.flowId, offer)).toBeUndefined()
    })

    test('does not mind a clock that steps back', async () => {
      const { storage, waiting, accept, clock } = await open()
      const flow = await waiting()
      clock.now -= 3_600_000
      expect(await storage.expireFlows()).toBe(0)
      expect((await accept(flow)).outcome).toBe('accepted')
      expect(await storage.findNextDueInMs()).toBe(0)
    })

    test('purges flows that are not open after the retention, and no others', async () => {
      const { storage, starting, waiting, returned, authorizing, binding, connected, clock } = await open()
      const done = await connected({ userId: 'user-1' })
      const cancelled = await waiting({ userId: 'user-2' })
      const end = { from: ['waiting'], status: 'cancelled', error: 'flow_cancelled' } as const
      await storage.endFlow(cancelled.tenantId, cancelled.flowId, end)
      const unfinished = [
        await starting({ userId: 'user-3' }),
        await waiting({ userId: 'user-4' }),
        await returned({ userId: 'user-5' }),
        await binding({ userId: 'user-6' }),
        await authorizing({ userId: 'user-7' }, 'index-2'),
      ]
      clock.now += 1000
      expect(await storage.purgeFlows(1000)).toBe(0)
      clock.now += 1
      expect(await storage.purgeFlows(1000)).toBe(2)
      for (const flow of [done, cancelled]) {
        expect(await storage.findFlow(flow.tenantId, flow.flowId)).toBeUndefined()
        expect(await storage.findFlowByState(flow.stateHash)).toBeUndefined()
      }
      for (const flow of unfinished) expect(await storage.findFlow(flow.tenantId, flow.flowId)).toEqual(flow)
      expect(await storage.findConnection('tenant-a')).toBeDefined()
    })
  })
}
