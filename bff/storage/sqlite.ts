// The SQLite store: one file, one process at a time by design, correct with several.
import type Database from 'better-sqlite3'
import { createFlowChanges } from './flow-changes.ts'
import { createSqliteClaims } from './sqlite-claims.ts'
import { checkDurability, openSqliteDatabase } from './sqlite-connection.ts'
import { createConnectionWriter, createSqliteConnections } from './sqlite-connections.ts'
import { toStorageError } from './sqlite-errors.ts'
import { createSqliteFailures } from './sqlite-failures.ts'
import { createSqliteFlows } from './sqlite-flows.ts'
import { createSqliteInstallations } from './sqlite-installations.ts'
import { createSqliteJobs } from './sqlite-jobs.ts'
import { createSqliteMeta } from './sqlite-meta.ts'
import { migrate } from './sqlite-migrations.ts'
import { createSqliteOpenWork } from './sqlite-open-work.ts'
import { createSqliteRetention } from './sqlite-retention.ts'
import { createSqliteReturns } from './sqlite-returns.ts'
import { createSqliteSealed } from './sqlite-sealed.ts'
import { createSqliteTransactions } from './sqlite-transactions.ts'
import { StorageError, type Storage } from './storage.ts'

export interface SqliteStorageOptions {
  /** Path of the database file, created when absent, or `:memory:`. On a local disk: WAL needs shared memory. */
  readonly file: string
  /** The store's clock, epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number
  /** Whether a lease's owner is certainly gone. Default: nobody is, and leases run out. See `isOwnerGone` in job-owner.ts. */
  readonly isOwnerGone?: (owner: string) => boolean
  /** Called once, at the first I/O error or sign of corruption: the process has to stop. The call that met it rejects as well. */
  readonly onFatal?: (error: unknown) => void
  /** How long a call waits, blocking the process, for another process's transaction. Default 5000. */
  readonly busyTimeoutMs?: number
}

/**
 * Opens the SQLite store.
 *
 * @throws Error when Node or SQLite is too old, the file comes from a newer version of this program, or its commits
 * would not be durable. @throws StorageError when the file is locked (`busy`), the disk is full, or it is no database.
 */
export async function openSqliteStorage(options: SqliteStorageOptions): Promise<Storage> {
  let db: Database.Database | undefined
  try {
    db = await openSqliteDatabase(options.file, options.busyTimeoutMs ?? 5000)
    return createSqliteStorage(db, options)
  } catch (error) {
    db?.close()
    throw toStorageError(error)
  }
}

/** The store on a database that is open already, which it then owns. Migrates it. Throws like {@link openSqliteStorage}. */
export function createSqliteStorage(
  db: Database.Database,
  options: Pick<SqliteStorageOptions, 'now' | 'isOwnerGone' | 'onFatal'> = {},
): Storage {
  const { now: clock = Date.now, isOwnerGone = () => false, onFatal = () => undefined } = options
  // Whole milliseconds, because the columns are STRICT integers.
  const now = (): number => Math.floor(clock())
  migrate(db, now())
  checkDurability(db)

  const changes = createFlowChanges()
  const transactions = createSqliteTransactions(db, changes, onFatal)
  const claims = createSqliteClaims(db)
  const failures = createSqliteFailures(db, now)
  const writeConnection = createConnectionWriter(db, now)
  const readSomething = db.prepare('SELECT count(*) FROM migrations')

  return {
    ...createSqliteFlows(db, transactions, now),
    ...createSqliteReturns({ db, transactions, claims, failures, now }),
    ...createSqliteJobs({ db, transactions, claims, writeConnection, now, isOwnerGone }),
    ...createSqliteConnections(db, transactions, now),
    ...createSqliteInstallations(db, transactions, now),
    ...createSqliteMeta(db, transactions),
    ...createSqliteRetention(db, transactions, now),
    ...createSqliteSealed(db, transactions),
    ...createSqliteOpenWork(db, transactions, now),

    async now() {
      return now()
    },

    async countFailedBindings(tenantId, windowMs) {
      return transactions.read(() => failures.countFailed(tenantId, windowMs))
    },

    onFlowChanged: (listener) => changes.subscribe(listener),
    // Never called: there is no news of other processes' changes, so none can be missed.
    onChangesMissed: (listener) => changes.subscribeMissed(listener),

    async check() {
      // As a write: reads go on while another process holds the write lock, and returns could not be accepted.
      transactions.write(() => readSomething.get())
    },

    async close() {
      changes.clear()
      try {
        // SQLite does this by itself, but not while another program has the file open, e.g. to copy it.
        db.pragma('busy_timeout = 0')
        db.pragma('wal_checkpoint(TRUNCATE)')
      } catch (error) {
        const failure = toStorageError(error)
        // A disk without room for it: all is in the write-ahead log, which the next start reads.
        if (!(failure instanceof StorageError) || failure.kind === 'fatal') throw failure
      } finally {
        db.close()
      }
    },
  }
}
