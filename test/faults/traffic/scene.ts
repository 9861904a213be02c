// Layers and GitHub for a load: a sandbox that knows every tenant, on whose accounts the App is installed already.
import { join } from 'node:path'
import { createDataKey } from '../../../bff/data-keys.ts'
import type { Sandbox } from '../../../demo/sandbox/index.ts'
import type { Artefacts } from '../../stack/artefacts.ts'
import { closeCanarySandbox, startCanarySandbox } from '../../stack/canary-sandbox.ts'
import type { Opening } from './orders.ts'
import { createTenants, sandboxOptionsFor, type Tenant } from './tenants.ts'
import { TRAFFIC_PUBLIC_URL } from './traffic-bff.ts'

export interface Scene {
  readonly sandbox: Sandbox
  readonly tenants: readonly Tenant[]
  readonly artefacts: Artefacts
  /** URL of a database file that does not exist yet. */
  readonly databaseFileUrl: string
  installationIdOf(tenant: Tenant): number
  /** All that BFFs on one database have in common. */
  openingFor(databaseUrl: string): Opening
  close(): Promise<void>
}

/** @param options.capacity how many requests and states the sandbox remembers: what is forgotten is not in the balance. */
export async function startScene(options: {
  readonly tenants: number
  readonly capacity?: number
}): Promise<Scene> {
  const tenants = createTenants(options.tenants)
  const canary = await startCanarySandbox(
    { ...sandboxOptionsFor(tenants), capacity: options.capacity ?? Math.max(10_000, 20 * options.tenants) },
    'unlimited',
  )
  const { sandbox, key, artefacts } = canary
  for (const { account } of tenants) sandbox.scenario('install', { account })
  const installationIds = new Map(
    sandbox.installations.map(({ account, installationId }) => [account.login, installationId]),
  )
  const dataKey = createDataKey()
  artefacts.addCanary('key', dataKey)
  return {
    sandbox,
    tenants,
    artefacts,
    databaseFileUrl: `file:${join(artefacts.directory, 'databases', 'connect-github.db')}`,
    installationIdOf({ account }) {
      const installationId = installationIds.get(account)
      if (installationId === undefined) throw new Error(`the App is not installed on ${account}`)
      return installationId
    },
    openingFor: (databaseUrl) => ({
      layersApiKey: key,
      layersApiUrl: sandbox.layersUrl,
      githubUrl: sandbox.githubUrl,
      publicUrl: TRAFFIC_PUBLIC_URL,
      databaseUrl,
      dataKeys: [dataKey],
    }),
    close: () => closeCanarySandbox(canary),
  }
}
