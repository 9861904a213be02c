// What a partner writes to mount the BFF: its own session, said in the BFF's words.
import type { IncomingMessage } from 'node:http'
import type { Identity } from '../../bff/index.ts'
import type { Company } from '../people.ts'
import type { Sessions } from './sessions.ts'

/** The Layers organization of each company. */
export type LayersOrganizations = Readonly<Record<Company['id'], string>>

/**
 * @param layersOrganizations - one per company, so that each has a connection of its own; undefined when all companies
 *   share the organization of the partner key.
 */
export function createIdentify(
  sessions: Sessions,
  layersOrganizations: LayersOrganizations | undefined,
): (request: IncomingMessage) => Identity | null {
  return (request) => {
    const person = sessions.findPerson(request)
    if (person === undefined) return null
    return {
      tenantId: person.companyId,
      userId: person.id,
      canConnect: person.role === 'admin',
      ...(layersOrganizations && { layersOrganization: layersOrganizations[person.companyId] }),
    }
  }
}
