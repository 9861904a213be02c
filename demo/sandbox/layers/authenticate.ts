// Who is calling: the bearer key, its scopes, and the organization it acts in.

import type { SandboxKey, SandboxOrganization } from '../options.ts'
import type { World } from '../world.ts'
import { LayersError } from './errors.ts'

type Headers = Readonly<Record<string, string>>

/**
 * The key of the request. Only `Authorization: Bearer` counts; the `X-Api-Key` header of older pages does not.
 * @throws LayersError UNAUTHENTICATED
 */
export function authenticate(world: World, headers: Headers): SandboxKey {
  const token = /^Bearer +([^\s,]+)$/i.exec(headers['authorization'] ?? '')?.[1]
  const key = token === undefined ? undefined : world.keys.get(token)
  // Archiving an organization revokes its keys (/docs/api/reference/organizations/archive-organization).
  if (!key || world.organizations.get(key.organizationId)?.status === 'archived') {
    throw new LayersError('UNAUTHENTICATED', 'Missing or invalid key.', {
      // RFC 9110 §11.6.1 demands a challenge with each 401.
      headers: { 'WWW-Authenticate': 'Bearer' },
    })
  }
  return key
}

/**
 * Stops everything while the key is killed or its organization is suspended.
 * @throws LayersError KILL_SWITCH
 */
export function checkKillSwitch(world: World, key: SandboxKey): void {
  if (world.killSwitch) {
    throw new LayersError('KILL_SWITCH', 'This key has been stopped.', { details: { scope: 'key' } })
  }
  // Suspending a child stops the child's own keys; the parent's key still reads and manages it.
  if (world.organizations.get(key.organizationId)?.status === 'suspended') {
    throw new LayersError('KILL_SWITCH', 'This organization is suspended.', {
      details: { scope: 'organization' },
    })
  }
}

/** @throws LayersError FORBIDDEN_SCOPE */
export function checkScope(key: SandboxKey, scope: string): void {
  // `*` covers all data scopes; the control-plane scope must be granted by name.
  const granted = key.scopes.includes(scope) || (scope !== 'org:admin' && key.scopes.includes('*'))
  if (!granted) {
    throw new LayersError('FORBIDDEN_SCOPE', `This key lacks ${scope}.`, {
      details: { requiredScope: scope },
    })
  }
}

/**
 * The organization the call acts in: the key's own, or the child named by `X-Layers-Organization`.
 * Codes are unverified; they follow the rest of the API, which hides what is not yours behind 404.
 * @throws LayersError FORBIDDEN_SCOPE without `org:admin`; NOT_FOUND for an unknown, foreign or archived organization
 */
export function findActingOrganization(world: World, key: SandboxKey, headers: Headers): SandboxOrganization {
  const requested = headers['x-layers-organization']
  if (requested !== undefined) checkScope(key, 'org:admin')
  const organization = world.organizations.get(requested ?? key.organizationId)
  const isOwn = organization?.id === key.organizationId
  const isChild = organization?.parentOrganizationId === key.organizationId
  if (!organization || !(isOwn || isChild) || organization.status === 'archived') {
    throw new LayersError('NOT_FOUND', 'No such organization.')
  }
  return organization
}
