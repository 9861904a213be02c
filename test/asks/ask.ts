// What a row of the table says: who asked, what we answer, which test proves it, and the mistake that this test has to notice.
import { breakText, type Breakage } from '../stack/copied-sources.ts'

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
  /** Below `widget/` or `bff/`. */
  readonly edits: readonly Breakage[]
  /** What the error has to say, where a mistake shows in code that cannot be run. Otherwise such an error proves nothing. */
  readonly error?: string
}

/** The source with its mistakes. @throws Error as {@link breakText} does. */
export function applyEdits(file: string, text: string, edits: readonly Breakage[]): string {
  return edits.filter((edit) => edit.file === file).reduce(breakText, text)
}
