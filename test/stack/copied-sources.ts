// A copy of some of our sources, and mistakes made in it: what controls are built from.
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** One text of a source file, and what stands there in a version with a mistake. */
export interface Breakage {
  /** Relative to the repository, e.g. `widget/hints.ts`; of the BFF alone relative to `bff/`. */
  readonly file: string
  /** Exact, and once in the file. */
  readonly from: string
  readonly to: string
}

/**
 * Copies without what was built or installed, and links what is installed.
 *
 * @param names of files and directories, relative to the repository.
 * @param directory gets them under the same names, and `node_modules`.
 */
export function copySources(names: readonly string[], directory: string): void {
  for (const name of names) {
    cpSync(join(ROOT, name), join(directory, name), {
      recursive: true,
      filter: (source) => !/\/(dist|node_modules)$/.test(source),
    })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'))
}

/** @throws Error when the text to replace does not occur exactly once: then the source has changed, and the control proves nothing. */
export function breakText(text: string, { file, from, to }: Breakage): string {
  if (text.split(from).length !== 2) throw new Error(`${file} does not hold this exactly once: ${from}`)
  return text.replace(from, () => to)
}

/** @throws Error as {@link breakText} does. */
export function breakFiles(directory: string, breakages: readonly Breakage[]): void {
  for (const breakage of breakages) {
    const path = join(directory, breakage.file)
    writeFileSync(path, breakText(readFileSync(path, 'utf8'), breakage))
  }
}
