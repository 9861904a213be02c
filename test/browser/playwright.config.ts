// How the browser tests run: the demo as it is shipped, a real browser, and no second chances.
import { defineConfig } from '@playwright/test'
import { getEngine } from './engine.ts'
import { isOnPostgres, OTHER_STORES_FILES } from './store.ts'

const { use, ...engine } = getEngine()

export default defineConfig({
  ...engine,
  testDir: '.',
  testIgnore: [...OTHER_STORES_FILES],
  outputDir: '../../test-results',
  globalSetup: ['./build-demo.ts', ...(isOnPostgres() ? ['./start-postgres.ts'] : [])],
  // A retry would hide exactly what these tests are for.
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    ...use,
    viewport: { width: 1100, height: 800 },
  },
})
