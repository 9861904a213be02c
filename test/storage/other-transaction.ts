// Another program on the same PostgreSQL database, whose transaction holds something that a store needs.
import pg from 'pg'
import { afterEach, beforeAll } from 'vitest'
import type { PostgresOpener } from './postgres-opener.ts'

export interface OtherProgram {
  /** Of a database that is there for the whole file. */
  readonly url: () => string
  /** A transaction that has done this and is not over; at the end of the test it is. One at a time. */
  readonly begin: (sql: string) => Promise<pg.Client>
  /** Resolves when the work waits for another transaction, with true, or is done without, with false. */
  readonly untilItWaits: (work: Promise<unknown>) => Promise<boolean>
}

const WAITING = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`

/** @param tables are empty after each test. */
export function createOtherProgram(
  { server, createDatabase }: PostgresOpener,
  tables: readonly string[],
): OtherProgram {
  let url = ''
  let client: pg.Client | undefined
  beforeAll(async () => {
    url = await createDatabase()
  })
  afterEach(async () => {
    await client?.end()
    client = undefined
    await server().query(url, `TRUNCATE ${tables.map((table) => `connect_github.${table}`).join(', ')}`)
  })

  return {
    url: () => url,
    async begin(sql) {
      client = new pg.Client({ connectionString: url, options: '-c search_path=connect_github' })
      await client.connect()
      await client.query('BEGIN')
      await client.query(sql)
      return client
    },
    async untilItWaits(work) {
      const done = work.then(
        () => true,
        () => true,
      )
      for (;;) {
        if ((await server().query(url, WAITING)).length > 0) return true
        if (await Promise.race([done, Promise.resolve(false)])) return false
      }
    },
  }
}
