// What the tests in WebKitGTK share: the running demo, a browser with cookies of its own, and a watch over what its pages break.
import { expect } from '@playwright/test'
import { test as base } from '../browser/demo-fixture.ts'
import { CERTIFICATE } from './certificate.ts'
import { type Driver, startDriver } from './start-driver.ts'
import type { Session } from './webdriver.ts'

interface Fixtures {
  readonly webkit: Session
}

interface WorkerFixtures {
  readonly driver: Driver
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  driver: [
    // Playwright demands the destructured first argument, even when nothing is taken from it.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const driver = await startDriver()
      await use(driver)
      driver.stop()
    },
    { scope: 'worker' },
  ],

  demoOptions: { certificate: CERTIFICATE },

  webkit: async ({ driver }, use) => {
    const webkit = await driver.startBrowser()
    await webkit.resize(1100, 800)
    await use(webkit)
    await webkit.end()
  },
})

export { expect }
export * from './customer.ts'
