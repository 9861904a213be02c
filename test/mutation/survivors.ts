// Mutants that no test can or should notice, each with its reason.

interface Survivor {
  readonly file: string
  /** What is mutated, as it stands in the source, whitespace folded; or its beginning. */
  readonly original: string
  /** What it becomes; or its beginning. Default: anything. */
  readonly mutant?: string
  readonly reason: string
}

const SURVIVORS: readonly Survivor[] = [
  {
    file: 'bff/seal.ts',
    original: "''",
    reason: 'Equivalent: no key id is empty, nor is one what the mutant says; either way no key is found.',
  },
  {
    file: 'bff/flows/flow-cookie.ts',
    original: 'separator < 1',
    mutant: 'separator <= 1',
    reason: 'Equivalent: a name of one letter is none of ours.',
  },
]

/** Why this mutant may survive; undefined when nobody has said so. */
export function findReason(
  file: string,
  { original, mutant }: { readonly original: string; readonly mutant: string },
): string | undefined {
  return SURVIVORS.find(
    (survivor) =>
      survivor.file === file &&
      original.startsWith(survivor.original) &&
      mutant.startsWith(survivor.mutant ?? ''),
  )?.reason
}
