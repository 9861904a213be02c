// Compares who is there with who started a flow.
import type { ErrorCode } from '../contract.ts'
import type { Identity } from '../identify.ts'
import type { Flow } from '../storage/storage.ts'

/** What keeps this person from going on with the flow; undefined when nothing does, or when nobody is known to be there. */
export function findPersonProblem(flow: Flow, person: Identity | null): ErrorCode | undefined {
  if (person === null) return undefined
  if (person.tenantId !== flow.tenantId || person.userId !== flow.userId) return 'session_mismatch'
  if ((person.layersOrganization ?? null) !== flow.organization) return 'session_mismatch'
  return person.canConnect ? undefined : 'forbidden'
}
