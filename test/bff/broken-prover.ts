// The proof of ownership with one thing broken in it: the control that shows that a test notices.
import type { createOwnershipProver } from '../../bff/ownership/create-ownership-prover.ts'
import { copyBroken } from '../flow/broken-bff.ts'
import type { Breakage } from '../stack/copied-sources.ts'

/** The copy stands elsewhere, where there is nothing to extend. */
const ALONE: Breakage = { file: 'tsconfig.json', from: '"extends": "../tsconfig.json",', to: '' }

export async function importBroken(...breakages: Breakage[]): Promise<typeof createOwnershipProver> {
  const copy = copyBroken([...breakages, ALONE])
  // A module of the copy has the types of the original, as far as a control needs them.
  const broken: { createOwnershipProver: typeof createOwnershipProver } = await import(
    `${copy}/ownership/create-ownership-prover.ts`
  )
  return broken.createOwnershipProver
}
