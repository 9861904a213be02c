// Starts a PostgreSQL server for the tests of one file, opens stores on it, and closes them after each test.
import { afterAll, afterEach, beforeAll } from 'vitest'
import { openPostgresStorage, type PostgresStorageOptions } from '../../bff/storage/postgres.ts'
import type { Storage } from '../../bff/storage/storage.ts'
import { startPostgresServer, type PostgresServer } from '../stack/postgres-server.ts'

export interface PostgresOpener {
  readonly server: () => PostgresServer
  /** URL of a new database. */
  readonly createDatabase: () => Promise<string>
  readonly openStorage: (options: PostgresStorageOptions) => Promise<Storage>
}

/** @param options.durable whether what is committed outlives the server's own crash. Default: no, which is faster. */
export function createPostgresOpener(options: { readonly durable?: boolean } = {}): PostgresOpener {
  let server: PostgresServer | undefined
  const opened: Storage[] = []
  beforeAll(async () => {
    server = await startPostgresServer(options)
  }, 60_000)
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close()
  })
  afterAll(() => server?.stop())

  function getServer(): PostgresServer {
    if (server === undefined) throw new Error('the server is started before the first test')
    return server
  }

  return {
    server: getServer,
    createDatabase: () => getServer().createDatabase(),
    async openStorage(storageOptions) {
      const storage = await openPostgresStorage(storageOptions)
      opened.push(storage)
      return storage
    },
  }
}
