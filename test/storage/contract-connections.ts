// Contract: what a tenant's connection is, how checks change it, and what forgetting leaves.
import { describe, expect, test } from 'vitest'
import { ACCOUNT } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

export function describeConnections({ open }: StoreOpener): void {
  describe('connections', () => {
    test('replaces the tenant’s earlier connection', async () => {
      const { storage, connected } = await open()
      await connected()
      await connected({ userId: 'user-b' }, 'index-2')
      expect(await storage.findConnection('tenant-a')).toMatchObject({
        installation: { sealed: 'sealed-index-2', index: 'index-2' },
        connectedBy: 'user-b',
      })
    })

    test('replaces it with the organization, the account and the time of the new one', async () => {
      const { storage, connected, ended, clock } = await open()
      await connected()
      clock.now += 5000
      const account = { login: 'mona', type: 'User' } as const
      const outcome = { status: 'unusable', account, registeredAt: 7, reason: 'suspended' } as const
      await ended(outcome, { organization: 'org-2', userId: 'user-b' }, 'index-2')
      expect(await storage.findConnection('tenant-a')).toEqual({
        tenantId: 'tenant-a',
        organization: 'org-2',
        installation: { sealed: 'sealed-index-2', index: 'index-2' },
        account,
        loginAtLayers: 'mona',
        reason: 'suspended',
        connectedBy: 'user-b',
        registeredAt: 7,
        checkedAt: clock.now,
      })
    })

    test('are changed, checked and forgotten for one tenant alone', async () => {
      const { storage, connected, clock } = await open()
      await connected({ organization: 'org-a' }, 'index-a')
      await connected({ tenantId: 'tenant-b', organization: 'org-b' }, 'index-b')
      await connected({ tenantId: '0-tenant', organization: 'org-0' }, 'index-0')
      const others = async () => [
        await storage.findConnection('tenant-b'),
        await storage.findConnection('0-tenant'),
      ]
      const before = await others()
      clock.now += 1000
      const check = { installationIndex: 'index-a', reason: 'suspended', account: ACCOUNT } as const
      await storage.recordCheck('tenant-a', check)
      expect(await others()).toEqual(before)
      await connected({ organization: 'org-a', userId: 'user-c' }, 'index-a')
      expect(await others()).toEqual(before)
      await storage.forgetConnection('tenant-a')
      expect(await others()).toEqual(before)
      expect(await storage.findConnection('tenant-a')).toBeUndefined()
    })

    test('records a check of the installation that is connected', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      const before = await storage.findConnection('tenant-a')
      clock.now += 1000
      const account = { login: 'renamed', type: 'User' } as const
      for (const reason of ['suspended', null] as const) {
        await storage.recordCheck('tenant-a', { installationIndex: 'index-1', reason, account })
        const after = { ...before, reason, account, loginAtLayers: 'renamed', checkedAt: clock.now }
        expect(await storage.findConnection('tenant-a')).toEqual(after)
      }
    })

    test('ignores a check that Layers was asked for before the tenant connected again', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      clock.now += 1000
      const askedAt = clock.now
      clock.now += 1000
      await connected()
      const connection = await storage.findConnection('tenant-a')
      const check = { installationIndex: 'index-1', reason: 'detached', account: ACCOUNT, askedAt } as const
      await storage.recordCheck('tenant-a', check)
      expect(await storage.findConnection('tenant-a')).toEqual(connection)
      await storage.recordCheck('tenant-a', { ...check, askedAt: clock.now })
      expect(await storage.findConnection('tenant-a')).toMatchObject({ reason: 'detached' })
    })

    test('ignores a check of another installation', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      const before = await storage.findConnection('tenant-a')
      clock.now += 1000
      const check = { installationIndex: 'index-2', reason: 'detached', account: ACCOUNT } as const
      await storage.recordCheck('tenant-a', check)
      expect(await storage.findConnection('tenant-a')).toEqual(before)
    })

    test('forgets a connection once and tells what it was', async () => {
      const { storage, connected } = await open()
      expect(await storage.forgetConnection('tenant-a')).toBeUndefined()
      await connected()
      const connection = await storage.findConnection('tenant-a')
      expect(connection).toBeDefined()
      expect(await storage.forgetConnection('tenant-a')).toEqual(connection)
      expect(await storage.forgetConnection('tenant-a')).toBeUndefined()
      expect(await storage.findConnection('tenant-a')).toBeUndefined()
    })

    test('does not bring a forgotten connection back by a check', async () => {
      const { storage, connected } = await open()
      await connected()
      await storage.forgetConnection('tenant-a')
      const check = { installationIndex: 'index-1', reason: null, account: ACCOUNT }
      await storage.recordCheck('tenant-a', check)
      expect(await storage.findConnection('tenant-a')).toBeUndefined()
    })

    test('has a connection without a reason again when the tenant connects after a failed check or forgetting', async () => {
      const { storage, connected } = await open()
      await connected()
      const connection = await storage.findConnection('tenant-a')
      await storage.recordCheck('tenant-a', {
        installationIndex: 'index-1',
        reason: 'uninstalled',
        account: ACCOUNT,
      })
      await connected()
      expect(await storage.findConnection('tenant-a')).toEqual(connection)
      await storage.forgetConnection('tenant-a')
      await connected()
      expect(await storage.findConnection('tenant-a')).toEqual(connection)
    })
  })
}
