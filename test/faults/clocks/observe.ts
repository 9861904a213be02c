// Waits for what another process did: a line in its output, a request that reached Layers.
import { setTimeout as pause } from 'node:timers/promises'
import type { Sandbox } from '../../../demo/sandbox/index.ts'

const LOOK_EVERY_MS = 5
const PATIENCE_MS = 60_000

/** Throws when it does not happen within a minute, which even a slow machine does not need. */
export async function waitUntil(isSo: () => boolean): Promise<void> {
  const startedAt = performance.now()
  while (!isSo()) {
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error(`this never came true: ${String(isSo)}`)
    await pause(LOOK_EVERY_MS)
  }
}

/** How many requests with this method have reached Layers for an organization. */
export function countRequests({ requests }: Sandbox, method: 'GET' | 'POST', organizationId: string): number {
  return requests.filter(
    ({ method: sent, path, headers }) =>
      sent === method &&
      path === '/v1/github/installation' &&
      headers['x-layers-organization'] === organizationId,
  ).length
}
