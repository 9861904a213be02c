// How the tests in WebKitGTK run: by Playwright's runner, which does not drive the browser.
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/engines',
  globalSetup: ['../browser/build-demo.ts', '../gallery/serve-gallery.ts'],
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000, toPass: { timeout: 15_000 } },
})
