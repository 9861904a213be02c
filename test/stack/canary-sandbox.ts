// A sandbox with a partner key that nobody has used before, so that a leak of it can be told from everything else.
import {
  DEFAULT_ORGANIZATIONS,
  startSandbox,
  type Sandbox,
  type SandboxKey,
  type SandboxOptions,
  type Tier,
} from '../../demo/sandbox/index.ts'
import { createArtefacts, createCanaryKey, type Artefacts } from './artefacts.ts'

export interface CanarySandbox {
  readonly sandbox: Sandbox
  readonly key: string
  readonly artefacts: Artefacts
}

/** All a BFF needs, by default in the tier with the widest limits that Layers has. */
export function createSandboxKey(key: string, tier: Tier = 'partner'): SandboxKey {
  return {
    key,
    organizationId: DEFAULT_ORGANIZATIONS.parent.id,
    scopes: ['github:admin', 'org:admin'],
    allowedReturnDomains: ['localhost', '127.0.0.1', 'app.example.com'],
    tier,
  }
}

export async function startCanarySandbox(
  options: Partial<SandboxOptions> = {},
  tier?: Tier,
): Promise<CanarySandbox> {
  const artefacts = createArtefacts()
  const key = createCanaryKey()
  artefacts.addCanary('key', key)
  const sandbox = await startSandbox({
    allowLoopbackHttpReturnUrls: true,
    keys: [createSandboxKey(key, tier)],
    ...options,
  })
  return { sandbox, key, artefacts }
}

/** Notes what the sandbox gave out, and ends it. */
export async function closeCanarySandbox({ sandbox, artefacts }: CanarySandbox): Promise<void> {
  for (const { state } of sandbox.states) artefacts.addCanary('state', state)
  for (const { token } of sandbox.userTokens) artefacts.addCanary('token', token)
  for (const { clientSecret } of Object.values(sandbox.apps)) artefacts.addCanary('token', clientSecret)
  for (const { installationId } of sandbox.installations)
    artefacts.addCanary('installation', String(installationId))
  await sandbox.close()
  artefacts.discard()
}
