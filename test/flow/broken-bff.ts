// A copy of the BFF's source with one thing broken in it: the control that shows that a test notices.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { breakFiles, copySources, type Breakage } from '../stack/copied-sources.ts'

/**
 * The directory of the copy, which is gone when the test has ended.
 *
 * @param breakages relative to `bff/`.
 * @param onFinished calls back when the test has ended; tests that run concurrently have to pass their own `onTestFinished`.
 * @throws Error when a text to replace does not occur exactly once.
 */
export function copyBroken(
  breakages: readonly Breakage[],
  onFinished: (cleanUp: () => void) => void = onTestFinished,
): string {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-broken-'))
  onFinished(() => rmSync(directory, { recursive: true, force: true }))
  copySources(['bff'], directory)
  const copy = join(directory, 'bff')
  breakFiles(copy, breakages)
  return copy
}
