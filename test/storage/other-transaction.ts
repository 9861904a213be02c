// Another program's transaction on the same PostgreSQL database, which holds something that a store needs.
import pg from 'pg'
import type { PostgresServer } from '../stack/postgres-server.ts'

/** @returns the transaction, which has done this and is not over; the caller ends the client. */
export async function beginTransaction(url: string, sql: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, options: '-c search_path=connect_github' })
  await client.connect()
  await client.query('BEGIN')
  await client.query(sql)
  return client
}

/** Resolves when the work waits for another transaction, with true, or is done without, with false. */
export async function untilItWaits(
  server: PostgresServer,
  url: string,
  work: Promise<unknown>,
): Promise<boolean> {
  const done = work.then(
    () => true,
    () => true,
  )
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  for (;;) {
    if ((await server.query(url, waiting)).length > 0) return true
    if (await Promise.race([done, Promise.resolve(false)])) return false
  }
}
