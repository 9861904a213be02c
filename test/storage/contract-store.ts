// Contract: news of changes, meta values, the clock, and what is still there when a store is opened again.
import { describe, expect, test } from 'vitest'
import { ACCOUNT, CONFIRM, required, START_AT } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

export function describeStore({ open, reopen }: StoreOpener): void {
  describe('store', () => {
    test('tells listeners of each change after it is committed, until they unsubscribe', async () => {
      const { storage, clock, starting, binding } = await open()
      const heard: string[] = []
      const reads: Promise<unknown>[] = []
      const unsubscribe = storage.onFlowChanged((flowId) => {
        heard.push(flowId)
        reads.push(storage.findFlow('tenant-a', flowId).then((flow) => flow?.version))
      })
      const first = await starting()
      expect(heard.splice(0)).toEqual([first.flowId])
      const second = await starting()
      expect(heard.splice(0).toSorted()).toEqual([first.flowId, second.flowId].toSorted())
      expect(await Promise.all(reads.splice(0))).toEqual([1, 2, 1])
      clock.now = second.expiresAt
      await storage.expireFlows()
      expect(heard.splice(0)).toEqual([second.flowId])
      const third = await binding()
      expect(heard.splice(0)).toEqual([third.flowId, third.flowId, third.flowId])
      unsubscribe()
      unsubscribe()
      await starting()
      expect(heard).toEqual([])
    })

    test('tells listeners of every step of a flow and of its end', async () => {
      const { storage, starting, binding, clock } = await open()
      const heard: string[] = []
      const { tenantId, flowId, expiresAt } = await starting()
      storage.onFlowChanged((changed) => heard.push(changed))
      await storage.offerInstallUrl(tenantId, flowId, { installUrlSealed: 'sealed', expiresAt })
      expect(heard.splice(0)).toEqual([flowId])
      await storage.endFlow(tenantId, flowId, { from: ['waiting'], status: 'cancelled', error: null })
      expect(heard.splice(0)).toEqual([flowId])
      const flow = await binding()
      await storage.claimJobs('owner', { leaseMs: 1000, limit: 1 })
      heard.splice(0)
      const outcome = { status: 'connected', account: ACCOUNT, registeredAt: clock.now } as const
      await storage.completeJob('owner', flow.flowId, outcome)
      expect(heard).toEqual([flow.flowId])
    })

    test('takes whoever wants to know of missed changes, and lets them go', async () => {
      const { storage, starting } = await open()
      const missed: string[] = []
      const unsubscribe = storage.onChangesMissed(() => missed.push('missed'))
      await starting()
      unsubscribe()
      unsubscribe()
      expect(missed).toEqual([])
    })

    test('tells listeners nothing when nothing was changed', async () => {
      const { storage, binding, accept, newFlow } = await open()
      const flow = await binding()
      const heard: string[] = []
      storage.onFlowChanged((flowId) => heard.push(flowId))
      await accept(flow)
      await accept(flow, 'index-2')
      await storage.createFlow(newFlow({ flowId: flow.flowId }))
      await storage.confirmReturn(flow.tenantId, flow.flowId, CONFIRM)
      const { expiresAt } = flow
      await storage.offerInstallUrl(flow.tenantId, flow.flowId, { installUrlSealed: 'sealed', expiresAt })
      const end = { from: ['waiting'], status: 'cancelled', error: null } as const
      await storage.endFlow(flow.tenantId, flow.flowId, end)
      await storage.authorizeAgain('nobody', flow.flowId)
      await storage.completeJob('nobody', flow.flowId, {
        status: 'expired',
        error: 'flow_expired',
        account: null,
      })
      expect(heard).toEqual([])
    })

    test('lets a failing listener disturb neither the change nor the other listeners', async () => {
      const { storage, starting, read } = await open()
      const heard: string[] = []
      storage.onFlowChanged((flowId) => heard.push(flowId))
      storage.onFlowChanged(() => {
        throw new Error('listener failed')
      })
      storage.onFlowChanged((flowId) => heard.push(flowId))
      const flow = await starting()
      expect(heard).toEqual([flow.flowId, flow.flowId])
      expect(await read(flow)).toEqual(flow)
    })

    test('keeps the first value of a meta name', async () => {
      const { storage } = await open()
      const values = ['one', 'two', 'three'].map((value) => storage.getOrCreateMeta('name', value))
      expect(new Set(await Promise.all(values)).size).toBe(1)
      expect(await storage.getOrCreateMeta('name', 'four')).toBe((await Promise.all(values))[0])
      expect(await storage.getOrCreateMeta('other', 'four')).toBe('four')
    })

    test('finds a meta value only when there is one', async () => {
      const { storage } = await open()
      expect(await storage.findMeta('name')).toBeUndefined()
      await storage.getOrCreateMeta('name', 'one')
      expect(await storage.findMeta('name')).toBe('one')
      expect(await storage.findMeta('other')).toBeUndefined()
    })

    test('replaces a meta value that is the known one, and no other', async () => {
      const { storage } = await open()
      expect(await storage.replaceMeta('name', 'one', 'two')).toBe(false)
      expect(await storage.findMeta('name')).toBeUndefined()
      await storage.getOrCreateMeta('name', 'one')
      await storage.getOrCreateMeta('other', 'one')
      expect(await storage.replaceMeta('name', 'two', 'three')).toBe(false)
      expect(await storage.findMeta('name')).toBe('one')
      const values = ['two', 'three']
      const replaced = await Promise.all(values.map((value) => storage.replaceMeta('name', 'one', value)))
      expect(replaced.filter(Boolean)).toHaveLength(1)
      expect(await storage.findMeta('name')).toBe(values[replaced.indexOf(true)])
      expect(await storage.findMeta('other')).toBe('one')
    })

    test('tells its clock and that it can serve', async () => {
      const { storage } = await open()
      expect(await storage.now()).toBe(START_AT)
      await expect(storage.check()).resolves.toBeUndefined()
    })

    test('still has everything when it is opened again', async ({ skip }) => {
      const scenario = await open()
      const flow = await scenario.binding()
      const meta = await scenario.storage.getOrCreateMeta('name', 'one')
      const reopened = await reopen(scenario)
      skip(reopened === undefined, 'this store lives in memory only')
      const second = required(reopened)
      expect(await second.read(flow)).toEqual(flow)
      expect(await second.storage.getOrCreateMeta('name', 'two')).toBe(meta)
      expect(await second.storage.claimJobs('owner', { leaseMs: 1, limit: 1 })).toMatchObject([{ flow }])
    })
  })
}
