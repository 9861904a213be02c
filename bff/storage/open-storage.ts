// Opens the store that the configuration names.
import type { DatabaseConfig } from '../config-database.ts'
import { isOwnerGone } from './job-owner.ts'
import { describePostgres } from './postgres-url.ts'
import type { Storage } from './storage.ts'

export interface OpenStorageOptions {
  readonly database: DatabaseConfig
  /** This process, as an owner of jobs; see `createJobOwner`. */
  readonly owner: string
  /** Default: with SQLite this process's clock, with PostgreSQL the database's. */
  readonly now: (() => number) | undefined
  /** Called once when the store can no longer be trusted. PostgreSQL looks after its own files, and never is that. */
  readonly onFatal: (error: unknown) => void
}

/** Throws what the store's own open function throws: the cure is in the message. */
export async function openStorage({ database, owner, now, onFatal }: OpenStorageOptions): Promise<Storage> {
  const clock = now === undefined ? {} : { now }
  // Loaded when it is needed: the one has a binary for some platforms only, the other a server to talk to.
  if (database.kind === 'postgres') {
    const { openPostgresStorage } = await import('./postgres.ts')
    return database.url.reveal((url) => openPostgresStorage({ url, ...clock }))
  }
  const { openSqliteStorage } = await import('./sqlite.ts')
  return openSqliteStorage({ file: database.file, ...clock, isOwnerGone: isOwnerGone(owner), onFatal })
}

/** For operators: where the database is, without anything secret. */
export function describeDatabase(database: DatabaseConfig): string {
  return database.kind === 'sqlite' ? database.file : database.url.reveal(describePostgres)
}
