// Runs every read and write on SQLite: immediate transactions, translated errors, news of changes after the commit.
import type Database from 'better-sqlite3'
import type { FlowChanges } from './flow-changes.ts'
import { toStorageError } from './sqlite-errors.ts'
import { StorageError } from './storage.ts'

/** Called inside a write with the id of each flow that it changes. */
export type MarkChanged = (flowId: string) => void

export interface SqliteTransactions {
  read<T>(work: () => T): T
  write<T>(work: (changed: MarkChanged) => T): T
}

/** @param onFatal called once, at the first error after which nothing can be trusted, whoever has met it. */
export function createSqliteTransactions(
  db: Database.Database,
  changes: FlowChanges,
  onFatal: (failure: StorageError) => void,
): SqliteTransactions {
  let failure: StorageError | undefined

  function run<T>(work: () => T): T {
    // After a failed fsync the kernel may report success for data that it has dropped, so nothing that follows can be
    // trusted: https://www.sqlite.org/rescode.html#ioerr_fsync, https://lwn.net/Articles/752063/
    if (failure !== undefined) throw failure
    try {
      return work()
    } catch (error) {
      const translated = toStorageError(error)
      if (translated instanceof StorageError && translated.kind === 'fatal') {
        failure = translated
        onFatal(translated)
      }
      throw translated
    }
  }

  return {
    read: run,
    write<T>(work: (changed: MarkChanged) => T): T {
      const changed = new Set<string>()
      // Immediate, because a deferred transaction that reads first and then writes fails with SQLITE_BUSY_SNAPSHOT
      // when another process has written meanwhile: https://www.sqlite.org/lang_transaction.html
      const result = run(() => db.transaction(work).immediate((flowId) => changed.add(flowId)))
      changes.notify(changed)
      return result
    },
  }
}
