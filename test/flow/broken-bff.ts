// A copy of the BFF's source with one thing broken in it: the control that shows that a test notices.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Breakage {
  /** Below `bff/`. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/**
 * The directory of the copy, which is gone when the test has ended.
 *
 * @param onFinished calls back when the test has ended; tests that run concurrently have to pass their own `onTestFinished`.
 * @throws Error when a text to replace does not occur exactly once: then the source has changed and the control proves nothing.
 */
export function copyBroken(
  breakages: readonly Breakage[],
  onFinished: (cleanUp: () => void) => void = onTestFinished,
): string {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-broken-'))
  onFinished(() => rmSync(directory, { recursive: true, force: true }))
  const copy = join(directory, 'broken-bff')
  cpSync(join(ROOT, 'bff'), copy, {
    recursive: true,
    filter: (source) => !/\/(dist|node_modules)$/.test(source),
  })
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'))
  for (const { file, from, to } of breakages) {
    const text = readFileSync(join(copy, file), 'utf8')
    if (text.split(from).length !== 2) throw new Error(`${file} does not hold this exactly once: ${from}`)
    writeFileSync(
      join(copy, file),
      text.replace(from, () => to),
    )
  }
  return copy
}
