// The customers of a load: any number of tenants, each with one user, a Layers organization and a GitHub organization of its own.
import type { IncomingMessage } from 'node:http'
import type { Identity } from '../../../bff/index.ts'
import { DEFAULT_ORGANIZATIONS, type SandboxOptions } from '../../../demo/sandbox/index.ts'

export interface Tenant {
  /** Counted from 0. */
  readonly index: number
  readonly tenantId: string
  readonly userId: string
  /** The `Cookie` header of its user's session. */
  readonly sessionCookie: string
  /** At Layers. */
  readonly organizationId: string
  /** Login of its organization on GitHub. */
  readonly account: string
}

export function createTenant(index: number): Tenant {
  return {
    index,
    tenantId: `tenant-${index}`,
    userId: `user-${index}`,
    sessionCookie: `session=${index}`,
    organizationId: `org_00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    account: `customer-${index}`,
  }
}

export function createTenants(count: number): readonly Tenant[] {
  return Array.from({ length: count }, (_, index) => createTenant(index))
}

/** For `createBff`: whose session cookie it is. */
export function identify({ headers }: IncomingMessage): Identity | null {
  const index = /(?:^|; )session=([0-9]{1,9})(?:;|$)/.exec(headers.cookie ?? '')?.[1]
  if (index === undefined) return null
  const { tenantId, userId, organizationId } = createTenant(Number(index))
  return { tenantId, userId, canConnect: true, layersOrganization: organizationId }
}

/** What a sandbox has to be started with to know these tenants. */
export function sandboxOptionsFor(tenants: readonly Tenant[]): Partial<SandboxOptions> {
  const { parent } = DEFAULT_ORGANIZATIONS
  return {
    organizations: [
      parent,
      ...tenants.map(({ organizationId, tenantId }) => ({
        id: organizationId,
        name: tenantId,
        parentOrganizationId: parent.id,
        status: 'active' as const,
      })),
    ],
    accounts: tenants.map(({ account }) => account),
  }
}
