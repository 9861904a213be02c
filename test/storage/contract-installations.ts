// Contract: what GitHub's webhooks tell of an installation, in any order and more than once, and what Layers says against it.
// Over 250 lines because each thing that is told has a test of its own.
import { describe, expect, test } from 'vitest'
import type { InstallationFact, Storage } from '../../bff/storage/storage.ts'
import { ACCOUNT, required, type Scenario } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** How long the end of a suspension may go unheard before Layers is believed. */
const TRUSTED_MS = 10 * MINUTE_MS

const REMOVED: InstallationFact = { kind: 'removed' }
const suspended = (changedAt: number): InstallationFact => ({ kind: 'suspended', changedAt })
const unsuspended = (changedAt: number): InstallationFact => ({ kind: 'unsuspended', changedAt })
const renamed = (login: string, changedAt: number): InstallationFact => ({
  kind: 'renamed',
  login,
  changedAt,
})

let deliveries = 0

function tell(storage: Storage, fact: InstallationFact, installationIndex = 'index-1') {
  deliveries += 1
  return storage.recordInstallationFact({ deliveryId: `delivery-${deliveries}`, installationIndex, fact })
}

/** Layers records a binding, and calls the account by that login. */
function connectAs({ ended }: Pick<Scenario, 'ended'>, login: string, index: string) {
  return ended({ status: 'connected', account: { ...ACCOUNT, login }, registeredAt: 1 }, {}, index)
}

/** What the tenant sees of its connection. */
async function look(storage: Storage, tenantId = 'tenant-a') {
  const { reason, account } = required(await storage.findConnection(tenantId))
  return { reason, login: account.login }
}

export function describeInstallations({ open, reopen }: StoreOpener): void {
  describe('what GitHub tells of an installation', () => {
    test('once it is removed, it stays uninstalled, whatever Layers and GitHub say later', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      expect(await tell(storage, REMOVED)).toEqual({ outcome: 'recorded', tenantId: 'tenant-a' })
      for (const reason of [null, 'detached', 'suspended', 'unusable'] as const) {
        clock.now += DAY_MS
        await storage.recordCheck('tenant-a', {
          installationIndex: 'index-1',
          reason,
          account: ACCOUNT,
          askedAt: clock.now,
        })
        expect(await look(storage)).toMatchObject({ reason: 'uninstalled' })
      }
      await tell(storage, unsuspended(clock.now))
      expect(await look(storage)).toMatchObject({ reason: 'uninstalled' })
      expect(await storage.forgetConnection('tenant-a')).toMatchObject({ reason: 'uninstalled' })
    })

    test('concerns no other installation and no other tenant', async () => {
      const { storage, connected } = await open()
      await connected()
      await connected({ tenantId: 'tenant-b', organization: 'org-b' }, 'index-2')
      expect(await tell(storage, REMOVED, 'index-2')).toMatchObject({ tenantId: 'tenant-b' })
      expect(await look(storage)).toEqual({ reason: null, login: ACCOUNT.login })
      expect(await tell(storage, suspended(1))).toMatchObject({ tenantId: 'tenant-a' })
      expect(await look(storage)).toMatchObject({ reason: 'suspended' })
      expect(await look(storage, 'tenant-b')).toMatchObject({ reason: 'uninstalled' })
      await connected({ tenantId: 'tenant-b', organization: 'org-b' }, 'index-3')
      expect(await look(storage, 'tenant-b')).toMatchObject({ reason: null })
    })

    test('a suspension holds until Layers, asked more than ten minutes later, says that it works', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      clock.now += 1
      const toldAt = clock.now
      await tell(storage, suspended(1))
      clock.now += DAY_MS
      for (const [askedAt, reason] of [
        [toldAt - 1, 'suspended'],
        [toldAt + TRUSTED_MS, 'suspended'],
        [toldAt + TRUSTED_MS + 1, null],
      ] as const) {
        await storage.recordCheck('tenant-a', {
          installationIndex: 'index-1',
          reason: null,
          account: ACCOUNT,
          askedAt,
        })
        expect(await look(storage)).toMatchObject({ reason })
      }
      await tell(storage, suspended(2))
      expect(await look(storage)).toMatchObject({ reason: 'suspended' })
    })

    test('a suspension does not hide what is worse', async () => {
      const { storage, connected } = await open()
      await connected()
      await tell(storage, suspended(1))
      const check = { installationIndex: 'index-1', account: null }
      for (const reason of ['uninstalled', 'detached'] as const) {
        await storage.recordCheck('tenant-a', { ...check, reason })
        expect(await look(storage)).toMatchObject({ reason })
      }
    })

    test('the end of a suspension clears what Layers said before, and nothing it says afterwards', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      const check = { installationIndex: 'index-1', account: ACCOUNT }
      await storage.recordCheck('tenant-a', { ...check, reason: 'suspended' })
      clock.now += 1
      await tell(storage, unsuspended(1))
      expect(await look(storage)).toMatchObject({ reason: null })
      clock.now += 1
      await storage.recordCheck('tenant-a', { ...check, reason: 'suspended' })
      expect(await look(storage)).toMatchObject({ reason: 'suspended' })
      for (const reason of ['uninstalled', 'detached', 'unusable'] as const) {
        await storage.recordCheck('tenant-a', { ...check, reason })
        await tell(storage, unsuspended(clock.now))
        expect(await look(storage)).toMatchObject({ reason })
      }
    })

    test('a new name holds while Layers repeats the old one, and ends when Layers says another', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      await tell(storage, renamed('new-name', 1))
      const check = async (login: string, askedAt?: number) => {
        clock.now += MINUTE_MS
        const account = { ...ACCOUNT, login }
        const asked = askedAt === undefined ? {} : { askedAt }
        await storage.recordCheck('tenant-a', {
          installationIndex: 'index-1',
          reason: null,
          account,
          ...asked,
        })
        return (await look(storage)).login
      }
      const lookAtLayers = async () => required(await storage.findConnection('tenant-a')).loginAtLayers
      expect((await look(storage)).login).toBe('new-name')
      expect(await check(ACCOUNT.login)).toBe('new-name')
      expect(await lookAtLayers()).toBe(ACCOUNT.login)
      expect(await check('newer-name')).toBe('newer-name')
      expect(await lookAtLayers()).toBe('newer-name')
      expect(await tell(storage, renamed('old-news', 1))).toMatchObject({ outcome: 'stale' })
      expect((await look(storage)).login).toBe('newer-name')
      await tell(storage, renamed('newest-name', 2))
      expect(await tell(storage, renamed('a-name', 2))).toMatchObject({ outcome: 'stale' })
      expect((await look(storage)).login).toBe('newest-name')
      expect((await storage.forgetConnection('tenant-a'))?.account.login).toBe('newest-name')
    })

    test('a new name ends when the tenant connects again and Layers says another, in that installation alone', async () => {
      const { storage, clock, ...scenario } = await open()
      const connect = async (login: string, index: string) => {
        clock.now += MINUTE_MS
        await connectAs(scenario, login, index)
        return (await look(storage)).login
      }
      await connect('old-name', 'index-1')
      await tell(storage, renamed('new-name', 1))
      expect(await connect('old-name', 'index-1')).toBe('new-name')
      expect(await connect('another-account', 'index-2')).toBe('another-account')
      expect(await connect('old-name', 'index-1')).toBe('new-name')
      expect(await connect('newer-name', 'index-1')).toBe('newer-name')
      expect(await connect('old-name', 'index-1')).toBe('old-name')
    })

    test('a new name of one tenant’s account ends alone', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      await connected({ tenantId: 'tenant-b', organization: 'org-b' }, 'index-2')
      for (const index of ['index-1', 'index-2'])
        await tell(storage, renamed(`new-name-of-${index}`, 1), index)
      clock.now += MINUTE_MS
      const account = { ...ACCOUNT, login: 'newer-name' }
      await storage.recordCheck('tenant-a', { installationIndex: 'index-1', reason: null, account })
      expect((await look(storage)).login).toBe('newer-name')
      expect((await look(storage, 'tenant-b')).login).toBe('new-name-of-index-2')
    })

    test('a name that Layers was asked for before GitHub told another does not end it, nor the next one', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      for (const [login, changedAt] of [
        ['new-name', 1],
        ['newer-name', 2],
      ] as const) {
        const askedAt = clock.now + 1
        clock.now += 2
        await tell(storage, renamed(login, changedAt))
        clock.now += 1
        const account = { ...ACCOUNT, login: `before-${login}` }
        const check = { installationIndex: 'index-1', reason: null, account, askedAt }
        await storage.recordCheck('tenant-a', check)
        expect(await look(storage)).toEqual({ reason: null, login })
      }
    })

    test('is kept for a day after it was last told, of an installation that nobody has connected', async () => {
      const { storage, connected, clock } = await open()
      await tell(storage, renamed('new-name', 1))
      await tell(storage, suspended(1))
      clock.now += DAY_MS
      await tell(storage, unsuspended(2))
      clock.now += DAY_MS
      expect(await storage.purgeInstallationFacts()).toBe(0)
      await connected()
      expect(await look(storage)).toEqual({ reason: null, login: 'new-name' })
      await storage.forgetConnection('tenant-a')
      clock.now += 1
      expect(await storage.purgeInstallationFacts()).toBe(1)
    })

    test('a delivery counts once, and an older one does not count', async () => {
      const { storage, connected } = await open()
      const first = { deliveryId: 'same', installationIndex: 'index-1', fact: suspended(5) }
      expect(await storage.recordInstallationFact(first)).toEqual({ outcome: 'recorded', tenantId: null })
      await connected()
      const again = { ...first, fact: unsuspended(6) }
      expect(await storage.recordInstallationFact(again)).toEqual({
        outcome: 'repeated',
        tenantId: 'tenant-a',
      })
      expect(await tell(storage, unsuspended(4))).toEqual({ outcome: 'stale', tenantId: 'tenant-a' })
      expect(await tell(storage, suspended(5))).toMatchObject({ outcome: 'stale' })
      expect(await look(storage)).toMatchObject({ reason: 'suspended' })
      expect(await tell(storage, unsuspended(6))).toMatchObject({ outcome: 'recorded' })
      expect(await tell(storage, suspended(5))).toMatchObject({ outcome: 'stale' })
      expect(await look(storage)).toMatchObject({ reason: null })
      expect(await tell(storage, REMOVED)).toMatchObject({ outcome: 'recorded' })
      expect(await tell(storage, REMOVED)).toMatchObject({ outcome: 'stale' })
    })

    test.each([
      ['removed', REMOVED, 'uninstalled'],
      ['suspended', suspended(1), 'suspended'],
    ] as const)(
      'a binding of an installation that is %s ends its flow as unusable, not as connected',
      async (_, fact, reason) => {
        const { storage, connected } = await open()
        await tell(storage, fact)
        const flow = await connected()
        expect(flow).toMatchObject({ status: 'refused', error: 'installation_unusable', account: ACCOUNT })
        expect(await look(storage)).toMatchObject({ reason })
      },
    )

    test('forgets deliveries after eight days, and installations without a connection after one', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      const ofConnection = { deliveryId: 'first', installationIndex: 'index-1', fact: renamed('new-name', 1) }
      await storage.recordInstallationFact(ofConnection)
      await tell(storage, suspended(1), 'index-2')
      clock.now += DAY_MS
      expect(await storage.purgeInstallationFacts()).toBe(0)
      clock.now += 1
      expect(await storage.purgeInstallationFacts()).toBe(1)
      expect(await tell(storage, suspended(1), 'index-2')).toMatchObject({ outcome: 'recorded' })
      clock.now += 7 * DAY_MS - 1
      expect(await storage.recordInstallationFact(ofConnection)).toMatchObject({ outcome: 'repeated' })
      // What was told of the second installation is older than a day again; no delivery is older than eight.
      expect(await storage.purgeInstallationFacts()).toBe(1)
      clock.now += 1
      expect(await storage.purgeInstallationFacts()).toBe(2)
      expect(await storage.recordInstallationFact(ofConnection)).toMatchObject({ outcome: 'stale' })
      expect((await look(storage)).login).toBe('new-name')
      await storage.forgetConnection('tenant-a')
      expect(await storage.purgeInstallationFacts()).toBe(1)
    })

    test('is still known when the store is opened again', async ({ skip }) => {
      const scenario = await open()
      await scenario.connected()
      await tell(scenario.storage, renamed('new-name', 1))
      await tell(scenario.storage, suspended(1))
      const reopened = await reopen(scenario)
      skip(reopened === undefined, 'this store lives in memory only')
      expect(await look(required(reopened).storage)).toEqual({ reason: 'suspended', login: 'new-name' })
    })
  })
}
