// Where a run of the demo keeps its files: a directory of its own that goes when it ends, or one that stays.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export interface DataDirectory {
  readonly path: string
  /** Removes the directory if it was made for this run only. */
  close(): Promise<void>
}

/** @param path - a directory to keep, made when absent; undefined makes a temporary one. */
export async function openDataDirectory(path: string | undefined): Promise<DataDirectory> {
  if (path === undefined) {
    const temporary = await mkdtemp(join(tmpdir(), 'connect-github-demo-'))
    return { path: temporary, close: () => rm(temporary, { recursive: true, force: true }) }
  }
  const kept = resolve(path)
  await mkdir(kept, { recursive: true })
  return { path: kept, close: () => Promise.resolve() }
}
