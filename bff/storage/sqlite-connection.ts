// Opens a SQLite database that only its owner can read and whose commits survive a power cut, or refuses to.
import { chmodSync, closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import { makeDurableDirectory } from '../sync-directory.ts'

/** The oldest SQLite without the WAL-reset bug, which can corrupt a database: https://www.sqlite.org/wal.html#walresetbug */
const OLDEST_SQLITE = [3, 51, 3] as const

// better-sqlite3's binary needs Node-API 10, which Node has had since 22.14; an older Node crashes on loading it.
const OLDEST_NODE_API = 10

const IN_MEMORY = ':memory:'

/** @throws Error naming the wanted Node version when better-sqlite3 could not be loaded on this one. */
export function checkNodeApi(nodeApi: string | undefined, nodeVersion: string): void {
  if (Number(nodeApi) >= OLDEST_NODE_API) return
  throw new Error(
    `storage: SQLite needs Node >=22.18, this is ${nodeVersion}. Run it on a newer Node, or use PostgreSQL.`,
  )
}

/** @throws Error when this SQLite is older than 3.51.3. */
export function checkSqliteVersion(version: unknown): void {
  const parts = String(version).split('.').map(Number)
  for (const [position, oldest] of OLDEST_SQLITE.entries()) {
    const part = parts[position] ?? Number.NaN
    if (part > oldest) return
    if (part !== oldest) {
      throw new Error(
        `storage: SQLite ${String(version)} is too old, ${OLDEST_SQLITE.join('.')} is needed. Install the better-sqlite3 of the lock file.`,
      )
    }
  }
}

/**
 * Opens the file, creating it (mode 0600) and its directory (mode 0700) when absent.
 *
 * @param file - A path, or `:memory:`.
 * @param busyTimeoutMs - How long a statement waits for another process's transaction.
 */
export async function openSqliteDatabase(file: string, busyTimeoutMs: number): Promise<Database.Database> {
  checkNodeApi(process.versions['napi'], process.version)
  if (file === '') throw new Error('storage: the name of the SQLite file is empty. Name a file, or :memory:.')
  if (file !== IN_MEMORY) restrictFile(file)
  const { default: SqliteDatabase } = await import('better-sqlite3')
  const db = new SqliteDatabase(file, { timeout: busyTimeoutMs })
  try {
    checkSqliteVersion(db.prepare('SELECT sqlite_version()').pluck().get())
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    // Pages, so 16 MB of log: a checkpoint writes a page that changed often only once, so fewer of them cost less.
    db.pragma('wal_autocheckpoint = 4000')
    db.pragma('trusted_schema = OFF')
    db.pragma('secure_delete = ON')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Call it after a first write: before one, a fresh file answers `synchronous = 2` whatever will be used, because
 * better-sqlite3 is built with another default for WAL, which takes effect with the write.
 *
 * @throws Error when a commit would not survive a power cut (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export function checkDurability(db: Database.Database): void {
  const journalMode = db.pragma('journal_mode', { simple: true })
  if (!db.memory && journalMode !== 'wal') {
    throw new Error(
      `storage: SQLite's journal mode is ${String(journalMode)}, not wal. Put the database on a local disk.`,
    )
  }
  const synchronous = db.pragma('synchronous', { simple: true })
  if (synchronous !== 2) {
    throw new Error(
      `storage: SQLite's synchronous is ${String(synchronous)}, not 2 (FULL): a power cut could lose accepted returns.`,
    )
  }
}

// SQLite gives -wal and -shm the mode of the database file, so the file has to exist with the right one before
// SQLite opens it.
function restrictFile(file: string): void {
  makeDurableDirectory(dirname(file))
  closeSync(openSync(file, 'a', 0o600))
  for (const path of [file, `${file}-wal`, `${file}-shm`]) restrictIfThere(path)
}

/** Another process that closes the database at this moment takes -wal and -shm away. */
function restrictIfThere(path: string): void {
  try {
    chmodSync(path, 0o600)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}
