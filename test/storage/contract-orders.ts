// Contract: deliveries and the binding in any order lead to the same connection, and so do answers that overtake each other.
import { describe, expect, test } from 'vitest'
import type { InstallationFact } from '../../bff/storage/storage.ts'
import { ACCOUNT, required, type Scenario } from './scenario.ts'
import type { StoreOpener } from './storage-contract.ts'

type Step = InstallationFact | 'bound'

const SUSPEND: InstallationFact = { kind: 'suspended', changedAt: 10_000 }
const UNSUSPEND: InstallationFact = { kind: 'unsuspended', changedAt: 11_000 }
const RENAME: InstallationFact = { kind: 'renamed', login: 'second-name', changedAt: 12_000 }
const RENAME_AGAIN: InstallationFact = { kind: 'renamed', login: 'a-third-name', changedAt: 13_000 }
const REMOVE: InstallationFact = { kind: 'removed' }

const CASES: readonly { title: string; steps: readonly Step[]; reason: string | null; login: string }[] = [
  {
    title: 'suspended, unsuspended and renamed twice',
    steps: [SUSPEND, UNSUSPEND, RENAME, RENAME_AGAIN, 'bound'],
    reason: null,
    login: 'a-third-name',
  },
  {
    title: 'suspended, unsuspended, renamed twice and removed',
    steps: [SUSPEND, UNSUSPEND, RENAME, RENAME_AGAIN, REMOVE, 'bound'],
    reason: 'uninstalled',
    login: 'a-third-name',
  },
  {
    title: 'unsuspended and suspended again',
    steps: [SUSPEND, UNSUSPEND, { kind: 'suspended', changedAt: 11_500 }, 'bound'],
    reason: 'suspended',
    login: ACCOUNT.login,
  },
  {
    title: 'suspended and unsuspended within one second',
    steps: [SUSPEND, { ...UNSUSPEND, changedAt: 10_000 }, 'bound'],
    reason: 'suspended',
    login: ACCOUNT.login,
  },
  {
    title: 'renamed twice within one second',
    steps: [RENAME, { ...RENAME_AGAIN, changedAt: 12_000 }, 'bound'],
    reason: null,
    login: 'second-name',
  },
]

export function describeOrders({ open }: StoreOpener): void {
  describe('any order', () => {
    test.each(CASES)(
      'of an installation $title leads to one connection',
      async ({ steps, reason, login }) => {
        const scenario = await open()
        let run = 0
        for (const order of sample(Array.from(permute(steps)))) {
          run += 1
          const { account, ...connection } = await play(scenario, order, `run-${run}`)
          expect([order, connection.reason, account]).toEqual([order, reason, { ...ACCOUNT, login }])
        }
        const all = steps.reduce((product, _, index) => product * (index + 1), 1)
        expect(run).toBe(all <= 120 ? all : all / 15)
      },
    )

    test('of two checks, the one that asked later is what counts', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      const [earlier, later] = [clock.now + 1, clock.now + 2]
      clock.now += 1000
      const check = { installationIndex: 'index-1', account: ACCOUNT }
      await storage.recordCheck('tenant-a', { ...check, reason: null, askedAt: later })
      await storage.recordCheck('tenant-a', { ...check, reason: 'uninstalled', askedAt: earlier })
      expect(await storage.findConnection('tenant-a')).toMatchObject({ reason: null })
      await storage.recordCheck('tenant-a', { ...check, reason: 'uninstalled', askedAt: later })
      expect(await storage.findConnection('tenant-a')).toMatchObject({ reason: 'uninstalled' })
    })

    test('a check that asked before the tenant connected again does not count', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      const askedAt = clock.now
      clock.now += 1000
      await connected()
      clock.now += 1000
      const check = { installationIndex: 'index-1', reason: 'detached', account: null, askedAt } as const
      const connection = await storage.findConnection('tenant-a')
      await storage.recordCheck('tenant-a', check)
      expect(await storage.findConnection('tenant-a')).toEqual(connection)
    })

    test('a check counts although the clock has stepped back', async () => {
      const { storage, connected, clock } = await open()
      await connected()
      clock.now -= 60 * 60_000
      const check = { installationIndex: 'index-1', reason: 'detached', account: null } as const
      await storage.recordCheck('tenant-a', { ...check, askedAt: clock.now })
      expect(await storage.findConnection('tenant-a')).toMatchObject({
        reason: 'detached',
        account: ACCOUNT,
        checkedAt: clock.now,
      })
    })
  })
}

/** All of a few, every fifteenth of many: each pair of steps is still in both orders. */
function sample(orders: readonly (readonly Step[])[]): readonly (readonly Step[])[] {
  return orders.length <= 120 ? orders : orders.filter((_, index) => index % 15 === 0)
}

/** Each run is a tenant, an organization and an installation of its own; time passes between its steps. */
async function play({ storage, connected, clock }: Scenario, order: readonly Step[], name: string) {
  for (const [index, step] of order.entries()) {
    clock.now += 1000
    if (step === 'bound') await connected({ tenantId: name, organization: name }, name)
    else {
      const deliveryId = `${name}-${index}`
      await storage.recordInstallationFact({ deliveryId, installationIndex: name, fact: step })
    }
  }
  return required(await storage.findConnection(name))
}

function* permute<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length === 0) yield []
  for (const [index, item] of items.entries()) {
    for (const rest of permute(items.toSpliced(index, 1))) yield [item, ...rest]
  }
}
