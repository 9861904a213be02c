// What came of a run of some tests, and whether it is what a row needs.
import type { Breakage } from '../stack/copied-sources.ts'
import type { Proof } from './ask.ts'

export interface Verdict {
  /** Tests that did not run, by full name: they are not there, or nothing could be loaded. */
  readonly missing: readonly string[]
  /** Tests that ran and failed, by full name. */
  readonly failed: readonly string[]
  /** Of the tests, of modules, and of what nobody caught: each with its kind and message. */
  readonly errors: readonly string[]
}

/** Something that runs tests, again and again. */
export interface Trial {
  /** Runs the tests with these edits in the sources. */
  readonly run: (tests: readonly Proof[], edits?: readonly Breakage[]) => Promise<Verdict>
  readonly close: () => Promise<void>
}

/** All ran, none failed, and nothing else went wrong. */
export const isClean = ({ missing, failed, errors }: Verdict): boolean =>
  missing.length + failed.length + errors.length === 0

/** Of a mistake that cannot be run: the test would fail of anything. */
const BROKEN_CODE = /^(ReferenceError|SyntaxError)|is not (a function|defined)/

/**
 * The test ran, and failed of the mistake: not because the code could not be loaded or run.
 *
 * @param expected what an error has to say; then that alone decides of what the test failed.
 */
export const isNoticed = ({ missing, failed, errors }: Verdict, expected?: string): boolean =>
  missing.length === 0 &&
  failed.length > 0 &&
  (expected === undefined
    ? !errors.some((error) => BROKEN_CODE.test(error))
    : errors.some((error) => error.includes(expected)))
