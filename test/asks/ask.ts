// What a row of the table says: who asked, what we answer, which test proves it, and the mistake that this test has to notice.

/** One text of a source file, and what stands there in a version with the same mistake. */
export interface Edit {
  /** Relative to the repository, below `widget/` or `bff/`. */
  readonly file: string
  /** Exact, and once in the file. */
  readonly from: string
  readonly to: string
}

/** A test, and how it is run; default `memory`. */
export interface Proof {
  readonly file: string
  /** Full name, its parts joined by ` > `, as test runners print it. */
  readonly name: string
  /**
   * `memory`: Vitest, with the mistake put in while the module is loaded. `copy`: in a copy of the repository, for tests that read or
   * build files, and for those that run in a browser. It takes longer.
   */
  readonly runs?: 'memory' | 'copy'
}

export interface Ask {
  /** What goes wrong elsewhere, or what is asked for, in our words. */
  readonly ask: string
  /** Public: `owner/repo#n`, or a package in which the defect was measured. */
  readonly sources: readonly string[]
  readonly test: Proof
  /** What the peer did, done here. */
  readonly mistake: string
  readonly edits: readonly Edit[]
  /** What the error has to say, where a mistake shows in code that cannot be run. Otherwise such an error proves nothing. */
  readonly error?: string
}

/** The source with its edits. @throws Error when a text does not occur exactly once: then the source has changed, and the row proves nothing. */
export function applyEdits(file: string, text: string, edits: readonly Edit[]): string {
  return edits
    .filter((edit) => edit.file === file)
    .reduce((current, { from, to }) => {
      if (current.split(from).length !== 2)
        throw new Error(`${file} does not hold this exactly once: ${from}`)
      return current.replace(from, () => to)
    }, text)
}
