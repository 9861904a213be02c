// Makes a directory durable: that a file is in it is kept by syncing the directory, and not the file (fsync(2)).
import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Where directories cannot be opened or synced: Windows, some network file systems, and directories that may not be listed. */
const CANNOT_SYNC: ReadonlySet<unknown> = new Set(['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EBADF'])

/** What was made, linked or removed in the directory outlives a power cut. Does what the file system allows. */
export function syncDirectory(path: string): void {
  try {
    const descriptor = openSync(path, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && CANNOT_SYNC.has(error.code))) throw error
  }
}

/** Makes the directory, and those above it, for their owner alone. Those that are there stay as they are. */
export function makeDurableDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  const top = dirname(resolve(first))
  for (let made = resolve(path); made !== top; made = dirname(made)) syncDirectory(dirname(made))
}
