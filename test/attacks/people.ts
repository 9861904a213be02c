// Who plays in the attacks, as the partner's backend knows them: by session cookie or in a connect token.
import type { Identity } from '../../bff/index.ts'
import { DEFAULT_ORGANIZATIONS } from '../../demo/sandbox/index.ts'

const northwind = { tenantId: 'northwind', layersOrganization: DEFAULT_ORGANIZATIONS.northwind.id }
const globex = { tenantId: 'globex', layersOrganization: DEFAULT_ORGANIZATIONS.globex.id }

const PEOPLE: Readonly<Record<string, Identity>> = {
  // The victim, a colleague, and the victim after the role was taken away.
  ann: { ...northwind, userId: 'ann', canConnect: true },
  bob: { ...northwind, userId: 'bob', canConnect: true },
  annwithoutrole: { ...northwind, userId: 'ann', canConnect: false },
  // The attacker is a customer of the same partner.
  cora: { ...globex, userId: 'cora', canConnect: true },
  // Two tenants whose partner gave neither a Layers organization, so that they share the key's.
  ada: { tenantId: 'initech', userId: 'ada', canConnect: true },
  zoe: { tenantId: 'hooli', userId: 'zoe', canConnect: true },
}

/** Anybody called `guesser…` is a user of the attacker's tenant. */
export function findPerson(name: string): Identity | null {
  if (/^guesser[a-z]+$/.test(name)) return { ...globex, userId: name, canConnect: true }
  return PEOPLE[name] ?? null
}
