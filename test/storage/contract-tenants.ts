// Contract: one tenant's ids are nothing to another, and an installation or organization has one tenant.
import { describe, expect, test } from 'vitest'
import type { Flow, Storage } from '../../bff/storage/storage.ts'
import { ACCOUNT, type Scenario, CONFIRM } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

const STRANGER = 'tenant-b'
const END = { from: ['starting', 'waiting', 'returned'], status: 'cancelled', error: null } as const

const FOREIGN_CALLS: readonly [name: string, call: (storage: Storage, flow: Flow) => Promise<unknown>][] = [
  ['findFlow', (storage, flow) => storage.findFlow(STRANGER, flow.flowId)],
  ['findLatestFlow', (storage, flow) => storage.findLatestFlow(STRANGER, flow.userId)],
  ['offerInstallUrl', (storage, flow) => storage.offerInstallUrl(STRANGER, flow.flowId, offerFor(flow))],
  ['endFlow', (storage, flow) => storage.endFlow(STRANGER, flow.flowId, END)],
  ['confirmReturn', (storage, flow) => storage.confirmReturn(STRANGER, flow.flowId, CONFIRM)],
  ['findConnection', (storage) => storage.findConnection(STRANGER)],
  ['forgetConnection', (storage) => storage.forgetConnection(STRANGER)],
  [
    'recordCheck',
    (storage) =>
      storage.recordCheck(STRANGER, { installationIndex: 'index-1', reason: 'detached', account: ACCOUNT }),
  ],
]

/** How tenant-a can hold `index-1` and the organization `org`. */
const HOLDERS: readonly [
  what: string,
  hold: (scenario: Scenario, organization: string | null) => Promise<unknown>,
][] = [
  ['a connection', ({ connected }, organization) => connected({ organization })],
  [
    'a forgotten connection',
    async ({ storage, connected }, organization) => {
      await connected({ organization })
      await storage.forgetConnection('tenant-a')
    },
  ],
  [
    'an unusable connection',
    ({ ended }, organization) =>
      ended({ status: 'unusable', account: ACCOUNT, registeredAt: 1, reason: 'suspended' }, { organization }),
  ],
  [
    'connected in another organization since',
    async ({ connected }, organization) => {
      await connected({ organization })
      await connected({ organization: 'org-c' }, 'index-c')
    },
  ],
  [
    'connected, forgotten and failed to connect again',
    async ({ storage, connected, ended }, organization) => {
      await connected({ organization })
      await storage.forgetConnection('tenant-a')
      await ended({ status: 'refused', error: 'installation_not_found', account: null }, { organization })
    },
  ],
  ['an unfinished binding', ({ binding }, organization) => binding({ organization })],
]

const OBSTACLES = [
  ['the installation', 'org-b', 'index-1', 'refused', 'installation_in_use'],
  ['the organization', 'org-a', 'index-2', 'conflict', 'already_bound'],
] as const

export function describeTenants({ open }: StoreOpener): void {
  describe('tenants', () => {
    test.each(FOREIGN_CALLS)(
      '%s with another tenant’s ids returns and changes nothing',
      async (_name, call) => {
        const { storage, starting, returned, connected, read } = await open()
        const flows = [
          await connected({ userId: 'user-1' }),
          await starting({ userId: 'user-2' }),
          await returned({ userId: 'user-3' }),
        ]
        const connection = await storage.findConnection('tenant-a')
        for (const flow of flows) {
          expect(await call(storage, flow)).toBeUndefined()
          expect(await read(flow)).toEqual(flow)
        }
        expect(await storage.findConnection('tenant-a')).toEqual(connection)
        expect(await storage.findConnection(STRANGER)).toBeUndefined()
      },
    )

    describe.each(HOLDERS)('when a tenant has %s:', (_what, hold) => {
      test.each(OBSTACLES)(
        'no other tenant can take %s',
        async (_which, organization, index, status, error) => {
          const scenario = await open()
          await hold(scenario, 'org-a')
          const { waiting, accept, read } = scenario
          const flow = await waiting({ tenantId: STRANGER, organization })
          const taken = { ...flow, status, error, version: flow.version + 1, ...ERASED }
          expect(await accept(flow, index)).toEqual({ outcome: 'taken', flow: taken })
          expect(await read(flow)).toEqual(taken)
          expect(await accept(flow, index)).toEqual({ outcome: 'repeated', flow: taken })
          expect(await accept(flow, 'index-3')).toEqual({ outcome: 'replayed', flow: taken })
        },
      )

      test.each(OBSTACLES)(
        'no other tenant can take %s by confirming a return it made before',
        async (_which, organization, index, status, error) => {
          const scenario = await open()
          const { storage, returned, read } = scenario
          const flow = await returned({ tenantId: STRANGER, organization }, index)
          await hold(scenario, 'org-a')
          const taken = { ...flow, status, error, version: flow.version + 1, ...ERASED }
          expect(await storage.confirmReturn(STRANGER, flow.flowId, CONFIRM)).toEqual({
            outcome: 'taken',
            flow: taken,
          })
          expect(await read(flow)).toEqual(taken)
          const jobs = await storage.claimJobs('owner', { leaseMs: 1, limit: 10 })
          expect(jobs.some((job) => job.flow.tenantId === STRANGER)).toBe(false)
        },
      )

      test('the partner key’s own organization is one binding for all tenants', async () => {
        const scenario = await open()
        await hold(scenario, null)
        const flow = await scenario.waiting({ tenantId: STRANGER })
        const outcome = await scenario.accept(flow, 'index-2')
        expect(outcome).toMatchObject({ outcome: 'taken', flow: { status: 'conflict', account: null } })
      })

      test('it does not matter whose name sorts first', async () => {
        for (const tenantId of ['a-tenant', 'z-tenant']) {
          const shared = await open()
          await hold(shared, null)
          const inShared = await shared.waiting({ tenantId })
          expect(await shared.accept(inShared, 'index-2')).toMatchObject({ flow: { error: 'already_bound' } })
          const scenario = await open()
          await hold(scenario, 'org-a')
          for (const [, organization, index, , error] of OBSTACLES) {
            const flow = await scenario.waiting({ tenantId, organization })
            expect(await scenario.accept(flow, index)).toMatchObject({ outcome: 'taken', flow: { error } })
          }
        }
      })

      test('a tenant with another installation and organization is not held up', async () => {
        const scenario = await open()
        await hold(scenario, 'org-a')
        const flow = await scenario.waiting({ tenantId: STRANGER, organization: 'org-b' })
        expect((await scenario.accept(flow, 'index-2')).outcome).toBe('accepted')
      })
    })

    test('a conflict names the account in the way, unless another tenant holds its installation', async () => {
      const { storage, connected, ended, binding, read } = await open()
      await connected({ organization: 'org-a' })
      const conflict = { status: 'conflict', error: 'already_bound', account: ACCOUNT } as const
      const stranger = { tenantId: STRANGER, organization: 'org-a-by-another-name' }
      const foreign = await ended({ ...conflict, accountIndex: 'index-1' }, stranger, 'index-2')
      expect(foreign).toMatchObject({ ...conflict, account: null })
      expect(await ended({ ...conflict, accountIndex: 'index-1' }, {}, 'index-3')).toMatchObject(conflict)
      expect(await ended({ ...conflict, accountIndex: 'index-4' }, stranger, 'index-2')).toMatchObject(
        conflict,
      )

      // Also when the other tenant's binding is still on its way.
      await binding({ tenantId: 'tenant-c', organization: 'org-c' }, 'index-5')
      const flow = await binding(stranger, 'index-2')
      await storage.claimJobs('owner', { leaseMs: 1000, limit: 100 })
      expect(await storage.completeJob('owner', flow.flowId, { ...conflict, accountIndex: 'index-5' })).toBe(
        true,
      )
      expect(await read(flow)).toMatchObject({ ...conflict, account: null })
    })

    test('a return that is not confirmed holds nothing', async () => {
      const { returned, waiting, accept } = await open()
      await returned()
      const flow = await waiting({ tenantId: STRANGER })
      expect((await accept(flow)).outcome).toBe('accepted')
    })

    test('an installation is free again when its binding failed', async () => {
      const { ended, waiting, accept } = await open()
      await ended({ status: 'refused', error: 'installation_not_found', account: null })
      expect((await accept(await waiting({ tenantId: STRANGER }))).outcome).toBe('accepted')
    })

    test('an installation is free again when its tenant connected another one in its organization', async () => {
      const { storage, connected, waiting, accept } = await open()
      await connected({ organization: 'org-a' })
      await storage.forgetConnection('tenant-a')
      await connected({ organization: 'org-a' }, 'index-2')
      const stranger = { tenantId: STRANGER, organization: 'org-b' }
      expect((await accept(await waiting(stranger), 'index-2')).outcome).toBe('taken')
      expect((await accept(await waiting(stranger))).outcome).toBe('accepted')
    })

    test('a tenant that left an organization can come back with the same installation', async () => {
      const { connected, binding } = await open()
      await connected({ organization: 'org-a' })
      await connected({ organization: 'org-c' }, 'index-c')
      expect((await binding({ organization: 'org-a' })).status).toBe('binding')
    })

    test('of two tenants that return with one installation at once, one gets it', async () => {
      const { waiting, accept } = await open()
      const flows = await Promise.all(
        ['tenant-1', 'tenant-2', 'tenant-3'].map((tenantId) => waiting({ tenantId, organization: tenantId })),
      )
      const outcomes = await Promise.all(flows.map((flow) => accept(flow)))
      expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['accepted', 'taken', 'taken'])
    })
  })
}

const ERASED = { stateSealed: null, installUrlSealed: null, installation: null, account: null }

function offerFor(flow: Flow) {
  return { installUrlSealed: 'url-sealed', expiresAt: flow.expiresAt }
}
