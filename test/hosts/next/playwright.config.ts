// How the Next.js host is tested: built and started once, in a real Chromium. Slow, because Next.js is installed and built.
import { defineConfig } from '@playwright/test'
import hosts from '../playwright.config.ts'

export default defineConfig(hosts, {
  testDir: '.',
  testIgnore: [],
  outputDir: '../../../test-results/next',
  globalSetup: './start-next.ts',
})
