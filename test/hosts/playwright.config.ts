// How the widget's package is tested in every kind of host page: packed, installed, bundled by the host, in a real Chromium.
import { defineConfig } from '@playwright/test'
import { getChromium } from '../browser/find-chromium.ts'

export default defineConfig({
  testDir: '.',
  // Has a configuration of its own.
  testIgnore: 'next/**',
  outputDir: '../../test-results/hosts',
  globalSetup: './build-hosts.ts',
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    launchOptions: { executablePath: getChromium() },
    viewport: { width: 1100, height: 800 },
  },
})
