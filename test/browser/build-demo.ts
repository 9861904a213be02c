// Builds the demo's host page once before the browser tests.
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

export default async function buildDemo(): Promise<void> {
  await build({
    mode: 'demo',
    configFile: fileURLToPath(new URL('../../vite.config.ts', import.meta.url)),
    logLevel: 'warn',
  })
}
