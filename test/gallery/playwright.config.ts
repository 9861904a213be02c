// How the tests of the gallery run: every state of the card on a page that needs no server, in a real Chromium.
import { defineConfig } from '@playwright/test'
import { getChromium } from '../browser/find-chromium.ts'

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/gallery',
  globalSetup: './serve-gallery.ts',
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  workers: 2,
  fullyParallel: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  snapshotPathTemplate: '{testDir}/{arg}{ext}',
  use: {
    launchOptions: { executablePath: getChromium() },
    viewport: { width: 1300, height: 900 },
    colorScheme: 'light',
    locale: 'en-US',
    timezoneId: 'UTC',
    contextOptions: { reducedMotion: 'reduce' },
  },
})
