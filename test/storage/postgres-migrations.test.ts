// How the schema is changed while processes of the version before, and backups, use it: nobody waits for long, and nobody fails.
import pg from 'pg'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { connectToPostgres } from '../../bff/storage/postgres-connection.ts'
import { migratePostgres } from '../../bff/storage/postgres-migrations.ts'
import { createPostgresOpener } from './postgres-opener.ts'

vi.setConfig({ testTimeout: 60_000 })

const { server, createDatabase } = createPostgresOpener()

const BEFORE = [
  {
    id: 1,
    sql: 'CREATE TABLE flows (id integer); CREATE INDEX flows_ids ON flows (id); CREATE TABLE jobs (id integer)',
  },
]
const AFTER = [
  ...BEFORE,
  {
    id: 2,
    sql: 'ALTER TABLE jobs ADD COLUMN more integer; DROP INDEX flows_ids; CREATE INDEX again ON flows (id)',
  },
]

/** A database of the version before, and connections to it as processes have them. */
async function prepare() {
  const url = await createDatabase()
  const connect = async (): Promise<pg.Client> => {
    const client = await connectToPostgres(url)
    onTestFinished(() => client.end())
    return client
  }
  const newer = await connect()
  await migratePostgres(newer, BEFORE)
  const seen = new Set<unknown>()
  /** Until the change has waited for a table so often in all: each time in another transaction. */
  const untilItWaits = async (times: number): Promise<void> => {
    const sql = `SELECT virtualtransaction AS id FROM pg_locks WHERE NOT granted AND locktype = 'relation' AND mode = 'AccessExclusiveLock'`
    while (seen.size < times) for (const { id } of await server().query(url, sql)) seen.add(id)
  }
  const columns = (): Promise<readonly unknown[]> =>
    server().query(url, `SELECT 1 FROM information_schema.columns WHERE column_name = 'more'`)
  return { newer, connect, untilItWaits, columns }
}

describe('while a table is in use, the schema', () => {
  it('is changed when a backup has ended, and requests get through until then', async () => {
    const { newer, connect, untilItWaits, columns } = await prepare()
    const [backup, older] = [await connect(), await connect()]
    // It is at work all the time, as far as the server can tell.
    await backup.query('SET idle_in_transaction_session_timeout = 0')
    await backup.query('BEGIN; LOCK TABLE flows, jobs IN ACCESS SHARE MODE')
    const migrated = migratePostgres(newer, AFTER)
    for (let times = 1; times <= 2; times += 1) {
      await untilItWaits(times)
      // Waits for a lock as long as a request does, and fails then.
      await older.query('INSERT INTO jobs VALUES (1)')
    }
    expect(await columns()).toEqual([])
    await backup.query('COMMIT')
    await migrated
    expect(await columns()).toHaveLength(1)
  })

  it('gives way to a request that it would wait for in a circle', async () => {
    const { newer, connect, untilItWaits, columns } = await prepare()
    const older = await connect()
    await older.query('BEGIN; INSERT INTO flows VALUES (1)')
    const migrated = migratePostgres(newer, AFTER)
    // It holds the one table by now, and the request wants that as well.
    await untilItWaits(1)
    await older.query('INSERT INTO jobs VALUES (1)')
    await older.query('COMMIT')
    await migrated
    expect(await columns()).toHaveLength(1)
  })
})
