// What only a look into PostgreSQL can show: settings and indexes; and which databases are refused, with which cure.
import { describe, expect, test, vi } from 'vitest'
import { checkServerVersion, createPostgresPool } from '../../bff/storage/postgres-connection.ts'
import { openPostgresStorage } from '../../bff/storage/postgres.ts'
import { callEverything } from './call-everything.ts'
import { createPostgresOpener } from './postgres-opener.ts'
import { createScenario } from './scenario.ts'

vi.setConfig({ testTimeout: 60_000 })

const { server, createDatabase, openStorage } = createPostgresOpener()

function withUser(url: string, user: string): string {
  const changed = new URL(url)
  changed.username = user
  return changed.href
}

test('has its settings in force on every connection, whatever the server’s own are', async () => {
  const url = await createDatabase()
  await server().query(url, 'CREATE ROLE careless LOGIN SUPERUSER')
  await server().query(
    url,
    `ALTER ROLE careless SET synchronous_commit = off; ALTER ROLE careless SET statement_timeout = 0`,
  )
  const pool = createPostgresPool(withUser(url, 'careless'))
  const names = [
    'synchronous_commit',
    'statement_timeout',
    'lock_timeout',
    'idle_in_transaction_session_timeout',
    'search_path',
    'application_name',
  ]
  const sql = `SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join(', ')}`
  const clients = await Promise.all(Array.from({ length: 10 }, () => pool.connect()))
  for (const client of clients) {
    const { rows } = await client.query<Record<string, string>>(sql)
    expect(Object.values(rows[0] ?? {})).toEqual([
      'on',
      '5s',
      '4s',
      '10s',
      'connect_github, pg_temp',
      'connect-github',
    ])
  }
  for (const client of clients) client.release()
  await pool.end()
})

test('leaves a server alone that waits for its standbys, too, before it acknowledges', async () => {
  const url = await createDatabase()
  await server().query(url, 'CREATE ROLE careful LOGIN SUPERUSER')
  await server().query(url, 'ALTER ROLE careful SET synchronous_commit = remote_apply')
  const pool = createPostgresPool(withUser(url, 'careful'))
  const { rows } = await pool.query('SHOW synchronous_commit')
  expect(rows).toEqual([{ synchronous_commit: 'remote_apply' }])
  await pool.end()
})

test('answers every statement from an index', async () => {
  const url = await createDatabase()
  await (await openStorage({ url })).close()
  const database = new URL(url).pathname.slice(1)
  // The server then reads a whole table only where it has no other way.
  await server().query(url, `ALTER DATABASE ${database} SET enable_seqscan = off`)
  const scans = async () =>
    server().query(
      url,
      `SELECT relname, seq_scan::int, idx_scan::int FROM pg_stat_user_tables
      WHERE schemaname = 'connect_github' AND relname <> 'migrations' ORDER BY relname`,
    )
  const before = await scans()
  const storage = await openPostgresStorage({ url })
  await callEverything(storage)
  await storage.close()
  // What a connection did is counted before it disappears from the list, which is a moment after its end.
  const others = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
  while ((await server().query(url, others)).length > 0);
  const after = await scans()
  expect(after.map(({ relname }) => relname)).toEqual([
    'binding_jobs',
    'claims',
    'connections',
    'flows',
    'installation_facts',
    'meta',
    'rate_limits',
    'webhook_deliveries',
  ])
  expect(after.map(({ seq_scan: count }) => count)).toEqual(before.map(({ seq_scan: count }) => count))
  await server().query(url, `SELECT count(*) FROM connect_github.flows WHERE return_to = 'x'`)
  while ((await server().query(url, others)).length > 0);
  expect(await scans()).not.toEqual(after)
})

describe('a database', () => {
  test('that has other tables already keeps them', async () => {
    const url = await createDatabase()
    await server().query(url, `CREATE TABLE flows (mine text); INSERT INTO flows VALUES ('still here')`)
    const { connected } = createScenario(await openStorage({ url }), { now: Date.now() })
    expect((await connected()).status).toBe('connected')
    expect(await server().query(url, 'SELECT * FROM public.flows')).toEqual([{ mine: 'still here' }])
  })

  test('that a newer version wrote is refused, and left alone', async () => {
    const url = await createDatabase()
    await (await openStorage({ url })).close()
    await server().query(url, 'INSERT INTO connect_github.migrations VALUES (999, 0)')
    await expect(openPostgresStorage({ url })).rejects.toThrow(
      /has schema 999, this version knows \d+ at most/,
    )
    const [row] = await server().query(url, 'SELECT max(id) FROM connect_github.migrations')
    expect(row).toEqual({ max: 999 })
  })

  test('where the user may create nothing can be prepared by somebody who may', async () => {
    const url = await createDatabase()
    await server().query(url, 'CREATE ROLE modest LOGIN; REVOKE ALL ON SCHEMA public FROM public')
    const modest = withUser(url, 'modest')
    await expect(openPostgresStorage({ url: modest })).rejects.toThrow(
      /cannot be opened \(42501\): .*CREATE SCHEMA connect_github AUTHORIZATION/,
    )
    await server().query(url, 'CREATE SCHEMA connect_github AUTHORIZATION modest')
    const { connected } = createScenario(await openStorage({ url: modest }), { now: Date.now() })
    expect((await connected()).status).toBe('connected')
  })

  test.each([
    ['does not exist', '/nowhere', '', /3D000.*create the database/],
    ['is asked for by a user it does not know', '', 'nobody', /28000.*check the user and the password/],
    [
      'is to be trusted by a file that is not there',
      '?sslrootcert=/nowhere.pem',
      '',
      /ENOENT.*sslrootcert.*cannot be read/,
    ],
    ['speaks no TLS but should', '?sslmode=verify-full', '', /speaks no TLS: take sslmode out/],
  ])('that %s is refused with the cure', async (_what, path, user, cure) => {
    const url = new URL(path || new URL(await createDatabase()).pathname, await createDatabase())
    url.username = user || 'tester'
    url.password = 'very-secret-word'
    const failure = await failureOf(url.href)
    expect(failure).toMatch(cure)
    expect(failure).toContain(`The database 127.0.0.1:${url.port}/`)
    expect(failure).not.toContain('very-secret-word')
  })

  test('on a server that is not there is refused with the cure', async () => {
    // The port of a server that has just gone would be somebody else's soon; nothing listens on the discard port.
    expect(await failureOf('postgres://ann:very-secret-word@127.0.0.1:9/x')).toMatch(
      /127\.0\.0\.1:9\/x cannot be opened \(ECONNREFUSED\): check host and port in DATABASE_URL/,
    )
  })

  test.each(['90624', '130012', undefined])('of server version %s is refused', (version) => {
    expect(() => checkServerVersion(version)).toThrow(/too old, 14 or newer/)
  })

  test.each(['140000', '180004'])('of server version %s is taken', (version) => {
    expect(() => checkServerVersion(version)).not.toThrow()
  })
})

function failureOf(url: string): Promise<string> {
  return openPostgresStorage({ url }).then(
    () => 'it opened',
    (error: unknown) => (error instanceof Error ? error.message : 'not an Error'),
  )
}
