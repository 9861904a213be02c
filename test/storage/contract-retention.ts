// Contract: what is left of a flow some time after its end.
import { describe, expect, test } from 'vitest'
import { ACCOUNT, CONFIRM, LIFETIME_MS, required } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

const HOUR_MS = 60 * 60_000
const AGE = { endedMs: HOUR_MS, awaitingMs: 10 * HOUR_MS }
const NOT_FOUND = { status: 'refused', error: 'installation_not_found', account: null } as const

const hashOf = (value: string): string => `hash of ${value}`

export function describeRetention({ open }: StoreOpener, withThousands: boolean): void {
  describe('reducing', () => {
    test('leaves of an ended flow its status, error and times, under names that nobody has', async () => {
      const { storage, ended, clock } = await open()
      const flow = await ended(
        { status: 'conflict', error: 'already_bound', account: ACCOUNT },
        { organization: 'org-a', expectedAccount: 'octo-org', vouchedUntil: 5, locale: 'de', theme: 'dark' },
      )
      clock.now += HOUR_MS + 1
      expect(await storage.reduceFlows(AGE, hashOf)).toBe(1)
      expect(await storage.findFlowById(flow.flowId)).toBeUndefined()
      expect(await storage.findFlow(flow.tenantId, flow.flowId)).toBeUndefined()
      expect(await storage.findLatestFlow(flow.tenantId, flow.userId)).toBeUndefined()
      for (const state of [flow.stateHash, `authorize-${flow.stateHash}`])
        expect(await storage.findFlowByState(state)).toBeUndefined()
      expect(await storage.findFlowById(hashOf(flow.flowId))).toEqual({
        ...flow,
        flowId: hashOf(flow.flowId),
        tenantId: hashOf(flow.tenantId),
        userId: hashOf(flow.userId),
        stateHash: hashOf(flow.flowId),
        organization: null,
        hostOrigin: '',
        returnTo: '',
        locale: null,
        theme: null,
        account: null,
        expectedAccount: null,
        vouchedUntil: null,
        partnerKey: null,
      })
    })

    test('waits for the time to be over, and does it once', async () => {
      const { storage, ended, clock, read } = await open()
      const flow = await ended(NOT_FOUND)
      clock.now += HOUR_MS
      expect(await storage.reduceFlows(AGE, hashOf)).toBe(0)
      expect(await read(flow)).toEqual(flow)
      clock.now += 1
      expect(await storage.reduceFlows(AGE, hashOf)).toBe(1)
      expect(await storage.reduceFlows(AGE, hashOf)).toBe(0)
    })

    test('leaves what is left to be deleted in its time', async () => {
      const { storage, ended, clock } = await open()
      const { flowId } = await ended(NOT_FOUND)
      clock.now += HOUR_MS + 1
      await storage.reduceFlows(AGE, hashOf)
      expect(await storage.purgeFlows(2 * HOUR_MS)).toBe(0)
      expect(await storage.findFlowById(hashOf(flowId))).toBeDefined()
      expect(await storage.purgeFlows(HOUR_MS)).toBe(1)
      expect(await storage.findFlowById(hashOf(flowId))).toBeUndefined()
    })

    test('leaves open flows alone, however old they are', async () => {
      const { storage, starting, waiting, returned, authorizing, binding, read, clock } = await open()
      const flows = [
        await starting({ userId: 'user-1' }),
        await waiting({ userId: 'user-2' }),
        await returned({ userId: 'user-3' }),
        await authorizing({ userId: 'user-4' }),
        await binding({ userId: 'user-5' }),
      ]
      clock.now += 1000 * HOUR_MS
      expect(await storage.reduceFlows(AGE, hashOf)).toBe(0)
      for (const flow of flows) expect(await read(flow)).toEqual(flow)
    })

    test('gives a flow that awaits approval more time', async () => {
      const { storage, waiting, read, clock } = await open()
      const { tenantId, flowId } = await waiting()
      const end = { from: ['waiting'], status: 'awaiting_approval', error: null } as const
      const flow = required(await storage.endFlow(tenantId, flowId, end))
      clock.now += 10 * HOUR_MS
      expect(await storage.reduceFlows(AGE, hashOf)).toBe(0)
      expect(await read(flow)).toEqual(flow)
      clock.now += 1
      expect(await storage.reduceFlows(AGE, hashOf)).toBe(1)
      expect(await storage.findFlow(tenantId, flowId)).toBeUndefined()
    })

    test('keeps the connection, and the claim on the installation', async () => {
      const { storage, connected, waiting, accept, clock } = await open()
      await connected({ organization: 'org-a' })
      const connection = await storage.findConnection('tenant-a')
      clock.now += HOUR_MS + 1
      expect(await storage.reduceFlows(AGE, hashOf)).toBe(1)
      expect(await storage.findConnection('tenant-a')).toEqual(connection)
      const other = await waiting({ tenantId: 'tenant-b', organization: 'org-b' })
      expect((await accept(other)).outcome).toBe('taken')
    })

    test('lets the same user, and the same flow id, begin anew', async () => {
      const { storage, connected, newFlow, clock } = await open()
      const { flowId } = await connected()
      clock.now += HOUR_MS + 1
      await storage.reduceFlows(AGE, hashOf)
      expect((await storage.createFlow(newFlow({ flowId }))).outcome).toBe('created')
    })

    test.runIf(withThousands)(
      'does any number of flows, and has all of them deleted in their time',
      async () => {
        const { storage, starting, clock } = await open()
        for (let user = 0; user < 501; user += 1) await starting({ userId: `user-${user}` })
        clock.now += LIFETIME_MS
        expect(await storage.expireFlows()).toBe(501)
        clock.now += HOUR_MS + 1
        expect(await storage.reduceFlows(AGE, hashOf)).toBe(501)
        expect(await storage.purgeFlows(HOUR_MS + 1)).toBe(0)
        clock.now += 1
        expect(await storage.purgeFlows(HOUR_MS + 1)).toBe(501)
      },
    )

    test('tells nobody, because there is nobody to tell', async () => {
      const { storage, returned, ended, clock } = await open()
      await ended(NOT_FOUND)
      const { tenantId, flowId } = await returned({ userId: 'user-b' })
      const heard: string[] = []
      storage.onFlowChanged((changed) => heard.push(changed))
      clock.now += HOUR_MS + 1
      await storage.reduceFlows(AGE, hashOf)
      expect(heard).toEqual([])
      clock.now -= HOUR_MS + 1
      await storage.confirmReturn(tenantId, flowId, CONFIRM)
      expect(heard).toEqual([flowId])
    })
  })
}
