// Decides what a return from GitHub still needs once it is known that the right person is there.
import type { OwnershipProver } from '../ownership/ownership.ts'

/** `authorizing`: GitHub's word on who the customer is; `binding`: nothing more. */
export function nextStatusOf(
  ownership: Pick<OwnershipProver, 'authorization'> | null,
  hasCode: boolean,
): 'authorizing' | 'binding' {
  const needsCode = ownership !== null && ownership.authorization !== null
  return needsCode && !hasCode ? 'authorizing' : 'binding'
}
