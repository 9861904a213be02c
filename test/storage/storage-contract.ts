// The contract suite of the storage port: whatever calls itself a store has to pass it.
import { afterEach, describe } from 'vitest'
import type { Storage } from '../../bff/storage/storage.ts'
import { describeConnections } from './contract-connections.ts'
import { describeErasure } from './contract-erasure.ts'
import { describeFlows } from './contract-flows.ts'
import { describeExpiry } from './contract-expiry.ts'
import { describeInstallations } from './contract-installations.ts'
import { describeJobs } from './contract-jobs.ts'
import { describeLeases } from './contract-leases.ts'
import { describeLimits } from './contract-limits.ts'
import { describeModel } from './contract-model.ts'
import { describeOpenWork } from './contract-open-work.ts'
import { describeOrders } from './contract-orders.ts'
import { describeOwnership } from './contract-ownership.ts'
import { describeRetention } from './contract-retention.ts'
import { describeReturns } from './contract-returns.ts'
import { describeSealed } from './contract-sealed.ts'
import { describeStore } from './contract-store.ts'
import { describeTenants } from './contract-tenants.ts'
import { createScenario, START_AT, type Clock, type Scenario } from './scenario.ts'

export interface OpenOptions {
  /** The clock that the store must use. */
  readonly now: () => number
  /** Default: no owner is gone. */
  readonly isOwnerGone?: (owner: string) => boolean
}

export interface StoreUnderTest {
  readonly name: string
  /** Opens an empty store. */
  readonly open: (options: OpenOptions) => Promise<Storage>
  /** Opens what `open` made last once more, as another process would. Absent for stores that live in memory only. */
  readonly reopen?: (options: OpenOptions) => Promise<Storage>
}

/** What a part of the suite gets: fresh stores, closed after each test. */
export interface StoreOpener {
  readonly open: (options?: Pick<OpenOptions, 'isOwnerGone'>) => Promise<Scenario>
  /** A second handle on the store that was opened last, on the same clock; undefined when the store has none. */
  readonly reopen: (scenario: Scenario) => Promise<Scenario | undefined>
}

/** @param options.everyOrder tries thousands of orders, steps and flows as well, which takes long on a slow store. Default true. */
export function describeStorage(store: StoreUnderTest, { everyOrder = true } = {}): void {
  describe(`storage port on ${store.name}`, () => {
    const opened: Storage[] = []
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((storage) => storage.close()))
    })

    async function toScenario(storage: Promise<Storage>, clock: Clock): Promise<Scenario> {
      opened.push(await storage)
      return createScenario(await storage, clock)
    }

    const opener: StoreOpener = {
      open(options = {}) {
        const clock = { now: START_AT }
        return toScenario(store.open({ now: () => clock.now, ...options }), clock)
      },
      async reopen({ clock }) {
        if (store.reopen === undefined) return undefined
        return toScenario(store.reopen({ now: () => clock.now }), clock)
      },
    }

    describeFlows(opener)
    describeErasure(opener)
    describeExpiry(opener, everyOrder)
    describeRetention(opener, everyOrder)
    describeSealed(opener)
    describeReturns(opener)
    describeOwnership(opener)
    describeLimits(opener)
    describeModel(opener, everyOrder ? 150 : 30)
    describeJobs(opener)
    describeLeases(opener)
    describeConnections(opener)
    describeInstallations(opener)
    if (everyOrder) describeOrders(opener)
    describeOpenWork(opener)
    describeTenants(opener)
    describeStore(opener)
  })
}
