// What a partner writes to tell the BFF who is asking: its own session and people, said in the BFF's words.
import type { IncomingMessage } from 'node:http'
import type { Identity } from '../../bff/index.ts'
import type { Company, Person } from '../people.ts'
import type { Sessions } from './sessions.ts'

/** The Layers organization of each company. */
export type LayersOrganizations = Readonly<Record<Company['id'], string>>

export type DescribePerson = (person: Person) => Identity

/**
 * @param layersOrganizations - one per company, so that each has a connection of its own; undefined when all companies
 *   share the organization of the partner key.
 */
export function createDescribePerson(layersOrganizations: LayersOrganizations | undefined): DescribePerson {
  return (person) => ({
    tenantId: person.companyId,
    userId: person.id,
    canConnect: person.role === 'admin',
    expectedAccount: person.expectedAccount,
    ...(layersOrganizations && { layersOrganization: layersOrganizations[person.companyId] }),
  })
}

export function createIdentify(
  sessions: Sessions,
  describePerson: DescribePerson,
): (request: IncomingMessage) => Identity | null {
  return (request) => {
    const person = sessions.findPerson(request)
    return person === undefined ? null : describePerson(person)
  }
}
