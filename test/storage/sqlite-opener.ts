// Opens SQLite stores and plain connections for the tests of one file, and closes them after each test.
import Database from 'better-sqlite3'
import { afterEach } from 'vitest'
import { openSqliteDatabase } from '../../bff/storage/sqlite-connection.ts'
import {
  createSqliteStorage,
  openSqliteStorage,
  type SqliteStorageOptions,
} from '../../bff/storage/sqlite.ts'
import { createScenario, type Scenario } from './scenario.ts'
import { createTemporaryDirectory } from './temporary-directory.ts'

export interface SqliteOpener {
  /** Names a file that does not exist yet. */
  readonly nextFile: () => string
  readonly openStorage: (options: SqliteStorageOptions) => Promise<Scenario>
  /** A store together with the very connection that it uses. */
  readonly openBoth: () => Promise<{ scenario: Scenario; db: Database.Database }>
  /** A connection as another program would have it: none of the store's settings. */
  readonly openPlainly: (file: string, options?: Database.Options) => Database.Database
}

export function createSqliteOpener(): SqliteOpener {
  const nextFile = createTemporaryDirectory()
  const opened: { close(): unknown }[] = []
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close()
  })

  return {
    nextFile,
    async openStorage(options) {
      const storage = await openSqliteStorage(options)
      opened.push(storage)
      return createScenario(storage, { now: Date.now() })
    },
    async openBoth() {
      const db = await openSqliteDatabase(nextFile(), 5000)
      const storage = createSqliteStorage(db)
      opened.push(storage)
      return { scenario: createScenario(storage, { now: Date.now() }), db }
    },
    openPlainly(file, options = {}) {
      const db = new Database(file, options)
      opened.push(db)
      return db
    },
  }
}
