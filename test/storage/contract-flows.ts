// Contract: creating, offering, finding and ending flows.
import { describe, expect, test } from 'vitest'
import { FLOW_STATUSES, type FlowStatus } from '../../bff/contract.ts'
import { LIFETIME_MS, required, START_AT } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

export function describeFlows({ open }: StoreOpener): void {
  describe('flows', () => {
    test('creates a flow as starting, version 1, expiring after its lifetime', async () => {
      const { storage, newFlow } = await open()
      const { lifetimeMs, ...given } = newFlow({
        organization: 'org-1',
        mode: 'redirect',
        locale: 'pt-BR',
        theme: 'dark',
      })
      const flow = {
        ...given,
        status: 'starting',
        version: 1,
        error: null,
        account: null,
        installUrlSealed: null,
        partnerKey: null,
        authorizationSealed: null,
        proof: null,
        installation: null,
        createdAt: START_AT,
        updatedAt: START_AT,
        expiresAt: START_AT + lifetimeMs,
      }
      expect(await storage.createFlow({ ...given, lifetimeMs })).toEqual({
        outcome: 'created',
        flow,
        superseded: 0,
      })
      expect(await storage.findFlow(flow.tenantId, flow.flowId)).toEqual(flow)
      expect(await storage.findFlowByState(flow.stateHash)).toEqual(flow)
      expect(await storage.findFlowById(flow.flowId)).toEqual(flow)
      expect(await storage.findFlowById('unknown')).toBeUndefined()
      expect(await storage.findLatestFlow(flow.tenantId, flow.userId)).toEqual(flow)
    })

    test('answers a repeated creation with the existing flow and changes nothing', async () => {
      const { storage, newFlow, waiting } = await open()
      const flow = await waiting()
      const again = newFlow({ flowId: flow.flowId, mode: 'redirect' })
      expect(await storage.createFlow(again)).toEqual({ outcome: 'existing', flow })
      expect(await storage.findFlow(flow.tenantId, flow.flowId)).toEqual(flow)
      expect(await storage.findFlowByState(again.stateHash)).toBeUndefined()
    })

    test.each([
      ['another user of the tenant', { userId: 'user-b' }],
      ['the same user id in another tenant', { tenantId: 'tenant-b' }],
    ])('keeps a flow id from %s', async (_who, other) => {
      const { storage, newFlow, waiting, read } = await open()
      const flow = await waiting()
      const stolen = newFlow({ ...other, flowId: flow.flowId })
      expect(await storage.createFlow(stolen)).toEqual({ outcome: 'foreign' })
      expect(await read(flow)).toEqual(flow)
      expect(await storage.findLatestFlow(stolen.tenantId, stolen.userId)).toBeUndefined()
    })

    test('supersedes the same user’s unfinished flows and erases what they held', async () => {
      const { storage, starting, waiting, returned, read } = await open()
      const makers = [starting, waiting, () => returned(), unapproved]
      async function unapproved() {
        const flow = await waiting()
        const end = { from: ['waiting'], status: 'awaiting_approval', error: null } as const
        return required(await storage.endFlow(flow.tenantId, flow.flowId, end))
      }
      for (const make of makers) {
        const older = await make()
        const newer = await starting()
        expect(await read(older)).toMatchObject({
          status: 'superseded',
          error: 'flow_superseded',
          version: older.version + 1,
          stateSealed: null,
          installUrlSealed: null,
          installation: null,
        })
        expect(await read(newer)).toEqual(newer)
      }
    })

    test('supersedes neither a binding or ended flow nor those of other users and tenants', async () => {
      const { storage, starting, binding, connected, read, waiting } = await open()
      const ended = await connected({ organization: 'org-1' })
      const acknowledged = await binding()
      const others = [await starting({ userId: 'user-b' }), await waiting({ tenantId: 'tenant-b' })]
      const kept = [ended, acknowledged, ...others]
      await starting()
      for (const flow of kept) expect(await read(flow)).toEqual(flow)
      expect(await storage.findLatestFlow('tenant-b', 'user-a')).toEqual(others[1])
    })

    test('finds the user’s latest flow, also among those created in the same millisecond', async () => {
      const { storage, starting, connected, clock } = await open()
      await connected()
      const second = await starting()
      expect(await storage.findLatestFlow('tenant-a', 'user-a')).toEqual(second)
      clock.now -= 1000
      const third = await starting()
      expect(await storage.findLatestFlow('tenant-a', 'user-a')).toEqual(third)
      expect(await storage.findLatestFlow('tenant-a', 'nobody')).toBeUndefined()
    })

    test('offers the install URL once', async () => {
      const { storage, starting, clock } = await open()
      const flow = await starting()
      clock.now += 5
      const offer = { installUrlSealed: 'url-sealed', expiresAt: flow.expiresAt - 1 }
      const offered = {
        ...flow,
        status: 'waiting',
        version: 2,
        updatedAt: clock.now,
        installUrlSealed: 'url-sealed',
        expiresAt: flow.expiresAt - 1,
      }
      expect(await storage.offerInstallUrl(flow.tenantId, flow.flowId, offer)).toEqual(offered)
      expect(await storage.offerInstallUrl(flow.tenantId, flow.flowId, offer)).toBeUndefined()
      expect(await storage.findFlow(flow.tenantId, flow.flowId)).toEqual(offered)
    })

    test('keeps how the host page wants the flow’s pages, through all that happens to it', async () => {
      const { connected, read } = await open()
      for (const choice of [
        { locale: 'zh-Hans-CN', theme: 'light' },
        { locale: 'de', theme: null },
        { locale: null, theme: 'dark' },
      ] as const) {
        const name = `${choice.locale}-${choice.theme}`
        const flow = await connected({ tenantId: name, organization: name, ...choice }, name)
        expect(await read(flow)).toMatchObject(choice)
      }
    })

    test('keeps which partner key its install URL was made with', async () => {
      const { storage, starting, read } = await open()
      const flow = await starting()
      const other = await starting({ tenantId: 'tenant-b' })
      const offer = { installUrlSealed: 'url-sealed', expiresAt: flow.expiresAt, partnerKey: 'key-9' }
      expect(await storage.offerInstallUrl(flow.tenantId, flow.flowId, offer)).toMatchObject({
        partnerKey: 'key-9',
      })
      expect(await read(other)).toEqual(other)
    })

    test('never lets an offer lengthen a flow’s life', async () => {
      const { storage, starting } = await open()
      const flow = await starting()
      const offer = { installUrlSealed: 'url-sealed', expiresAt: flow.expiresAt + LIFETIME_MS }
      const offered = await storage.offerInstallUrl(flow.tenantId, flow.flowId, offer)
      expect(offered?.expiresAt).toBe(flow.expiresAt)
    })

    test('ends a flow and erases its sealed values', async () => {
      const { storage, waiting, returned, clock } = await open()
      for (const flow of [await waiting({ userId: 'user-b' }), await returned()]) {
        clock.now += 1
        const end = { from: ['waiting', 'returned'], status: 'cancelled', error: 'flow_cancelled' } as const
        expect(await storage.endFlow(flow.tenantId, flow.flowId, end)).toEqual({
          ...flow,
          status: 'cancelled',
          error: 'flow_cancelled',
          version: flow.version + 1,
          updatedAt: clock.now,
          stateSealed: null,
          installUrlSealed: null,
          installation: null,
        })
      }
    })

    test('keeps what a flow that awaits approval needs to be taken up again', async () => {
      const { storage, waiting, accept } = await open()
      const flow = await waiting()
      const end = { from: ['waiting'], status: 'awaiting_approval', error: null } as const
      const unapproved = await storage.endFlow(flow.tenantId, flow.flowId, end)
      expect(unapproved).toEqual({ ...flow, status: 'awaiting_approval', version: flow.version + 1 })
      expect(await accept(flow)).toMatchObject({ outcome: 'accepted', flow: { status: 'binding' } })
    })

    test('does not end a flow that is in none of the given statuses', async () => {
      const { storage, waiting, read } = await open()
      const flow = await waiting()
      for (const from of [[], ['starting', 'returned']] satisfies FlowStatus[][]) {
        const end = { from, status: 'cancelled', error: null } as const
        expect(await storage.endFlow(flow.tenantId, flow.flowId, end)).toBeUndefined()
      }
      expect(await read(flow)).toEqual(flow)
    })

    test('leaves an acknowledged flow to its job, even when asked to end it', async () => {
      const { storage, binding, read } = await open()
      const flow = await binding()
      const end = { from: ['binding'], status: 'cancelled', error: null } as const
      expect(await storage.endFlow(flow.tenantId, flow.flowId, end)).toBeUndefined()
      expect(await read(flow)).toEqual(flow)
    })

    test('refuses to end a flow in an open status', async () => {
      const { storage, waiting, read } = await open()
      const flow = await waiting()
      for (const status of Object.keys(FLOW_STATUSES).filter(isFlowStatus)) {
        if (!FLOW_STATUSES[status].open) continue
        const end = { from: ['waiting'], status, error: null } as const
        await expect(storage.endFlow(flow.tenantId, flow.flowId, end)).rejects.toThrow(
          new RangeError(`storage: ${end.status} does not end a flow`),
        )
      }
      expect(await read(flow)).toEqual(flow)
    })
  })
}

function isFlowStatus(status: string): status is FlowStatus {
  return Object.hasOwn(FLOW_STATUSES, status)
}
