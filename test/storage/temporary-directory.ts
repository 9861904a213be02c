// A directory for one test file's databases, removed when its tests are done.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** Returns a function that names a file that does not exist yet. */
export function createTemporaryDirectory(): () => string {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-storage-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  let count = 0
  return () => {
    count += 1
    return join(directory, `${count}.db`)
  }
}
