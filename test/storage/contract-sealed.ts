// Contract: sealed values can be found and replaced while everybody goes on using them.
import { describe, expect, test } from 'vitest'
import type { Flow, SealedValue, Storage } from '../../bff/storage/storage.ts'
import { CONFIRM, NO_LIMIT, required, type Scenario } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

const reseal = (value: SealedValue) => ({ ...value, resealed: `new ${value.sealed}` })

const IN_FLOWS = ['state', 'install-url', 'installation', 'authorization'] as const

/** A flow with something sealed wherever that can be; in two flows the same, so that nothing but the ids tells them apart. */
async function withEveryValue({ storage, starting }: Scenario, userId: string): Promise<Flow> {
  const { tenantId, flowId, stateHash, expiresAt } = await starting({ userId, stateSealed: 'state' })
  await storage.offerInstallUrl(tenantId, flowId, { installUrlSealed: 'install-url', expiresAt })
  await storage.acceptReturn({
    stateHash,
    installation: { sealed: 'installation', index: 'index-1' },
    next: 'returned',
    authorizationSealed: 'code',
    authorizeStateHash: null,
    ...NO_LIMIT,
  })
  return required(await storage.findFlow(tenantId, flowId))
}

async function resealAll(storage: Storage): Promise<number> {
  const values = [...(await storage.findSealedInFlows()), ...(await storage.findSealedInConnections('', 100))]
  return storage.replaceSealed(values.map(reseal))
}

export function describeSealed({ open }: StoreOpener): void {
  describe('sealed values', () => {
    test('are found in every flow that still needs them, and in no other', async () => {
      const { storage, starting, waiting, returned, binding, connected, authorizing } = await open()
      await connected({ userId: 'user-0' })
      const cancelled = await waiting({ userId: 'user-1' })
      const end = { from: ['waiting'], error: null } as const
      await storage.endFlow('tenant-a', cancelled.flowId, { ...end, status: 'cancelled' })
      const asked = await waiting({ userId: 'user-2' })
      await storage.endFlow('tenant-a', asked.flowId, { ...end, status: 'awaiting_approval' })
      const unfinished = [
        asked,
        await starting({ userId: 'user-3' }),
        await waiting({ userId: 'user-4' }),
        await returned({ userId: 'user-5' }),
        await authorizing({ userId: 'user-6' }),
        await binding({ userId: 'user-7' }),
      ]
      const found = await storage.findSealedInFlows()
      const wanted = unfinished.flatMap(({ tenantId, flowId, ...flow }) =>
        (
          [
            ['state', flow.stateSealed],
            ['install-url', flow.installUrlSealed],
            ['installation', flow.installation?.sealed ?? null],
          ] as const
        ).flatMap(([of, sealed]) => (sealed === null ? [] : [{ of, tenantId, flowId, sealed }])),
      )
      expect(sorted(found)).toEqual(sorted(wanted))
    })

    test('are found in connections, tenant after tenant', async () => {
      const { storage, connected } = await open()
      const tenants = ['tenant-c', 'tenant-a', 'tenant-b']
      for (const tenantId of tenants)
        await connected({ tenantId, organization: tenantId }, `index-${tenantId}`)
      const valueOf = (tenantId: string) => ({
        of: 'connection',
        tenantId,
        flowId: null,
        sealed: `sealed-index-${tenantId}`,
      })
      expect(await storage.findSealedInConnections('', 2)).toEqual(['tenant-a', 'tenant-b'].map(valueOf))
      expect(await storage.findSealedInConnections('tenant-b', 2)).toEqual([valueOf('tenant-c')])
      expect(await storage.findSealedInConnections('tenant-c', 2)).toEqual([])
    })

    test('are replaced wherever they are, and nothing else is', async () => {
      const { storage, connected, authorizing, read } = await open()
      await connected({ tenantId: 'tenant-b', organization: 'org-b' }, 'index-b')
      const connection = required(await storage.findConnection('tenant-b'))
      const { tenantId, flowId } = await authorizing()
      const accepted = { next: 'returned', authorizationSealed: 'code-sealed', ...NO_LIMIT } as const
      const { flow } = required(await storage.acceptAuthorization(tenantId, flowId, accepted))
      const heard: string[] = []
      storage.onFlowChanged((changed) => heard.push(changed))
      expect(await resealAll(storage)).toBe(5)
      expect(await read(flow)).toEqual({
        ...flow,
        stateSealed: `new ${flow.stateSealed}`,
        installUrlSealed: `new ${flow.installUrlSealed}`,
        installation: { ...flow.installation, sealed: `new ${flow.installation?.sealed}` },
        authorizationSealed: 'new code-sealed',
      })
      const { installation } = connection
      expect(await storage.findConnection('tenant-b')).toEqual({
        ...connection,
        installation: { ...installation, sealed: `new ${installation.sealed}` },
      })
      expect(heard).toEqual([])
    })

    test('are left alone when they have changed, or were erased, since they were found', async () => {
      const { storage, connected, waiting, returned, read } = await open()
      await connected({ tenantId: 'tenant-b', organization: 'org-b' }, 'index-b')
      const [ending, moving] = [await waiting({ userId: 'user-1' }), await returned({ userId: 'user-2' })]
      const inConnections = await storage.findSealedInConnections('', 100)
      const found = [...(await storage.findSealedInFlows()), ...inConnections]
      const end = { from: ['waiting'], status: 'cancelled', error: null } as const
      const ended = required(await storage.endFlow('tenant-a', ending.flowId, end))
      await connected({ tenantId: 'tenant-b', organization: 'org-b' }, 'index-c')
      await storage.confirmReturn('tenant-a', moving.flowId, CONFIRM)
      // What moved on kept its three values; what ended has none, and the connection has another one.
      expect(await storage.replaceSealed(found.map(reseal))).toBe(3)
      expect(await read(ended)).toEqual(ended)
      expect((await storage.findConnection('tenant-b'))?.installation.sealed).toBe('sealed-index-c')
      expect(await read(moving)).toMatchObject({
        status: 'binding',
        stateSealed: `new ${moving.stateSealed}`,
      })
    })

    test.each(IN_FLOWS)(
      'are replaced (%s) in the flow and the tenant they are of alone, and only as they were found',
      async (of) => {
        const scenario = await open()
        const { storage, read } = scenario
        const flow = await withEveryValue(scenario, 'user-1')
        const other = await withEveryValue(scenario, 'user-2')
        const found = await storage.findSealedInFlows()
        const value = reseal(required(found.find((one) => one.of === of && one.flowId === flow.flowId)))
        for (const wrong of [
          { tenantId: 'tenant-b' },
          { flowId: 'F'.repeat(22) },
          { sealed: 'changed since' },
        ])
          expect(await storage.replaceSealed([{ ...value, ...wrong }])).toBe(0)
        expect(await read(flow)).toEqual(flow)
        expect(await storage.replaceSealed([value])).toBe(1)
        expect(await read(other)).toEqual(other)
        const replaced = await storage.findSealedInFlows()
        expect(sorted(replaced)).toEqual(
          sorted([
            ...found.filter((one) => one.of !== of || one.flowId !== flow.flowId),
            { ...value, sealed: value.resealed },
          ]),
        )
      },
    )
  })
}

function sorted(values: readonly SealedValue[]): readonly string[] {
  return values.map((value) => JSON.stringify(value, ['of', 'tenantId', 'flowId', 'sealed'])).toSorted()
}
