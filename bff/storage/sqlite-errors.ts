// Turns SQLite's result codes into the storage port's errors.
import { StorageError } from './storage.ts'

// By prefix, because extended codes begin with the primary one: https://www.sqlite.org/rescode.html#pve
const KINDS: ReadonlyArray<readonly [prefix: string, kind: StorageError['kind']]> = [
  ['SQLITE_BUSY', 'busy'],
  // A lost race for the write-ahead log, among processes that open it at once: https://www.sqlite.org/rescode.html#protocol
  ['SQLITE_PROTOCOL', 'busy'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_IOERR', 'fatal'],
  ['SQLITE_CORRUPT', 'fatal'],
  ['SQLITE_NOTADB', 'fatal'],
]

/** The {@link StorageError} for an error of SQLite's, or the error itself: everything else is a mistake in our code. */
export function toStorageError(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error
  const { code } = error
  const kind = KINDS.find(([prefix]) => code.startsWith(prefix))?.[1]
  return kind === undefined ? error : new StorageError(kind, { cause: error })
}
