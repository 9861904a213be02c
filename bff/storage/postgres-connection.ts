// Connects to PostgreSQL: what every connection is told before it is used, and what is wrong when there is none.
import { callbackify } from 'node:util'
import pg from 'pg'
import { describePostgres } from './postgres-url.ts'

/** Everything lives in a schema of its own, so that the database can be one that has other tables already. */
export const SCHEMA = 'connect_github'

/** The oldest release that is still maintained: https://www.postgresql.org/support/versioning/ */
const OLDEST_SERVER = 14

/** Longest a call waits for a connection, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000
const MAX_CONNECTIONS = 10
/** Longest a statement may take, and wait for a lock; the server ends it. */
const STATEMENT_TIMEOUT_MS = 5_000
const LOCK_TIMEOUT_MS = 4_000
/** Longest a transaction may stay open with nothing to do, e.g. because this process was frozen. */
const IDLE_TRANSACTION_TIMEOUT_MS = 10_000
/** For a server that does not answer at all; above its own timeouts, so that it gets to say which it was. */
const ANSWER_TIMEOUT_MS = 8_000

const INT8 = 20

function clientConfig(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    fallback_application_name: 'connect-github',
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    types: {
      // Instants and counts are bigint, which the driver hands out as text; none of ours is beyond 2^53, and the parser of rows checks it.
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format),
    },
  }
}

/**
 * As a statement and not with the start of the connection, because connection poolers refuse unknown start parameters. A commit is only
 * acknowledged when it is on disk; a server that waits for its standbys to apply it as well is left to do so.
 */
async function applySettings(client: pg.ClientBase): Promise<void> {
  await client.query(`
    SELECT set_config('search_path', '${SCHEMA}, pg_temp', false),
      set_config('synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),
      set_config('statement_timeout', '${STATEMENT_TIMEOUT_MS}', false),
      set_config('lock_timeout', '${LOCK_TIMEOUT_MS}', false),
      set_config('idle_in_transaction_session_timeout', '${IDLE_TRANSACTION_TIMEOUT_MS}', false)`)
}

/** A pool of connections; more are waited for, `CONNECT_TIMEOUT_MS` at most. */
export function createPostgresPool(url: string, change: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(url),
    max: MAX_CONNECTIONS,
    query_timeout: ANSWER_TIMEOUT_MS,
    ...change,
    verify: callbackify(applySettings),
  })
  // Whoever uses a connection that is lost hears of it from its query; one that nobody uses is replaced when it is needed.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** A connection outside the pool, connected. The caller ends it. */
export async function connectToPostgres(url: string, options: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ ...clientConfig(url), ...options })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await applySettings(client)
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
}

/** @throws Error when the server is older than PostgreSQL 14. */
export function checkServerVersion(versionNumber: unknown): void {
  const major = Math.floor(Number(versionNumber) / 10_000)
  if (major >= OLDEST_SERVER) return
  throw new Error(`storage: PostgreSQL ${major} is too old, ${OLDEST_SERVER} or newer is needed.`)
}

const CURES: ReadonlyArray<readonly [code: RegExp, cure: string]> = [
  [/^28/, 'check the user and the password (percent-encoded) in DATABASE_URL, and pg_hba.conf'],
  [/^3D000/, 'create the database, or mend its name in DATABASE_URL'],
  [
    /^42501/,
    `the user of DATABASE_URL may not create the schema ${SCHEMA}: let it (GRANT CREATE ON DATABASE … TO …), or create the schema for it (CREATE SCHEMA ${SCHEMA} AUTHORIZATION …)`,
  ],
  [
    /^53300/,
    'the server has no connection left: raise max_connections, or run fewer processes (each uses up to 13)',
  ],
  [
    /^55P03/,
    'something holds its tables, such as a backup (pg_dump): start again when that has ended. Processes of the version before go on meanwhile',
  ],
  [/^57P03/, 'the server is starting up or shutting down: start again when it is there'],
  [
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|ENOENT)/,
    'check host and port in DATABASE_URL',
  ],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/,
    'the server’s certificate is not trusted: name its authority with sslrootcert in DATABASE_URL',
  ],
]

/** What an operator is told when the database cannot be opened; the driver's own words may quote what they were given. */
export function toOpeningError(url: string, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const what = code === '' ? '' : ` (${code})`
  return new Error(
    `The database ${describePostgres(url)} cannot be opened${what}: ${findCure(cause, code)}`,
    { cause },
  )
}

function findCure(cause: unknown, code: string): string {
  if (cause instanceof Error && cause.message.includes('does not support SSL'))
    return 'the server speaks no TLS: take sslmode out of DATABASE_URL, if the way to it is safe'
  if (cause instanceof Error && 'syscall' in cause && cause.syscall === 'open')
    return 'a file that DATABASE_URL names (sslrootcert, sslcert, sslkey) cannot be read'
  return CURES.find(([pattern]) => pattern.test(code))?.[1] ?? 'check DATABASE_URL'
}
