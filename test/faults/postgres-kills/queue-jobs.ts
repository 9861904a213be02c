// Puts accepted returns into the store without any BFF, so that thousands of jobs cost seconds: as the return page would have.
import { randomBytes } from 'node:crypto'
import { readConfig } from '../../../bff/index.ts'
import { createState, hashState } from '../../../bff/flow-secrets.ts'
import { openServerKeys } from '../../../bff/server-keys.ts'
import { openPostgresStorage } from '../../../bff/storage/postgres.ts'
import type { Sandbox } from '../../../demo/sandbox/index.ts'
import type { Ledger } from '../traffic/ledger.ts'
import type { Opening } from '../traffic/orders.ts'
import type { Tenant } from '../traffic/tenants.ts'

const LIFETIME_MS = 14 * 60_000
const AT_ONCE = 8

export interface JobQueue {
  /** One job for each of these tenants; resolves when all were tried. Those that the store acknowledged are in the ledger then. */
  add(tenants: readonly Tenant[]): Promise<void>
  close(): Promise<void>
}

/** @param everybody all that will ever have a job: the App is installed for them. */
export async function openJobQueue(
  opening: Opening,
  sandbox: Sandbox,
  everybody: readonly Tenant[],
  ledger: Ledger,
): Promise<JobQueue> {
  const { layersApiKey, layersApiUrl, githubUrl, publicUrl, databaseUrl, dataKeys } = opening
  const config = readConfig({ layersApiKey, layersApiUrl, githubUrl, publicUrl, databaseUrl, dataKeys }, {})
  const storage = await openPostgresStorage({ url: databaseUrl })
  const { sealer, secrets } = await openServerKeys(storage, config)
  const { origin } = new URL(publicUrl)
  for (const { account } of everybody) sandbox.scenario('install', { account })
  const installationIds = new Map(
    sandbox.installations.map(({ account, installationId }) => [account.login, installationId]),
  )

  /** Layers has to know the state. */
  async function issueState({ organizationId }: Tenant): Promise<string> {
    const state = createState()
    const query = new URLSearchParams({ returnUrl: `${publicUrl}/return`, state })
    const answer = await fetch(
      `${sandbox.layersUrl}/v1/github/installation/install-url?${query.toString()}`,
      {
        headers: { authorization: `Bearer ${layersApiKey}`, 'x-layers-organization': organizationId },
      },
    )
    if (!answer.ok) throw new Error(`the sandbox answered ${answer.status}: ${await answer.text()}`)
    return state
  }

  async function addOne(tenant: Tenant): Promise<void> {
    const { tenantId, userId, organizationId: organization } = tenant
    const flowId = randomBytes(16).toString('base64url')
    const installationId = installationIds.get(tenant.account)
    if (installationId === undefined) throw new Error('the App is not installed there')
    const state = await issueState(tenant)
    const stateHash = hashState(state)
    ledger.started({ tenant, flowId, state, installationId })
    await storage.createFlow({
      flowId,
      tenantId,
      userId,
      organization,
      mode: 'popup',
      hostOrigin: origin,
      returnTo: `${origin}/`,
      stateHash,
      stateSealed: await sealer.seal('state', tenantId, state),
      expectedAccount: null,
      vouchedUntil: null,
      locale: null,
      theme: null,
      lifetimeMs: LIFETIME_MS,
    })
    await storage.offerInstallUrl(tenantId, flowId, {
      installUrlSealed: await sealer.seal('install-url', tenantId, githubUrl),
      expiresAt: Date.now() + LIFETIME_MS,
    })
    const { outcome } = await storage.acceptReturn({
      stateHash,
      installation: {
        sealed: await sealer.seal('installation', tenantId, String(installationId)),
        index: secrets.indexOf(installationId),
      },
      next: 'binding',
      authorizationSealed: null,
      authorizeStateHash: null,
      failureLimit: { count: 1000, windowMs: 60_000 },
    })
    if (outcome === 'accepted') ledger.acknowledged(flowId)
  }

  return {
    async add(tenants) {
      const waiting = [...tenants]
      const work = async (): Promise<void> => {
        for (let tenant = waiting.pop(); tenant !== undefined; tenant = waiting.pop()) {
          // The server may have crashed: nothing was acknowledged then, and nothing is owed.
          await addOne(tenant).catch(() => undefined)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
    },
    close: () => storage.close(),
  }
}
