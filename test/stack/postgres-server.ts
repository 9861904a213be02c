// A real PostgreSQL server for the tests of one file: started from what npm installed, gone when the file's tests are done.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

const PROGRAM = fileURLToPath(new URL('postgres-process.ts', import.meta.url))

export interface PostgresServer {
  /** URL of the database that every server has, for whoever creates databases from another process. */
  readonly url: string
  /** URL of a new, empty database. */
  createDatabase(): Promise<string>
  /** Sends statements as the superuser, to a database of this server; the rows of the last one. */
  query(url: string, sql: string): Promise<readonly Record<string, unknown>[]>
  /** Ends the server as a crash would, and starts it again; resolves when it takes connections. */
  restart(): Promise<void>
  stop(): Promise<void>
}

export interface OwnPostgresServer extends PostgresServer {
  /** Freezes every process of the server for that long (Linux). Not while it is restarted or frozen already. */
  stall(ms: number): Promise<void>
}

/** @param options.durable whether commits survive a power cut; default not, because that is faster. */
export async function startPostgresServer({ durable = false } = {}): Promise<OwnPostgresServer> {
  const child = spawn(process.execPath, [PROGRAM, durable ? 'durable' : 'fast'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const exited = once(child, 'exit')
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()

  async function readPort(): Promise<number> {
    const line = await lines.next()
    if (line.done !== true) return Number(line.value)
    await exited
    throw new Error(`PostgreSQL did not start:\n${errors}`)
  }

  const port = await readPort()
  const url = `postgres://tester@127.0.0.1:${port}/postgres`
  let count = 0

  return {
    url,
    query,
    createDatabase() {
      count += 1
      return createDatabase(url, `database_${count}`)
    },
    async restart() {
      child.stdin.write('restart\n')
      await readPort()
    },
    async stall(ms) {
      child.stdin.write(`stall ${ms}\n`)
      await readPort()
    },
    async stop() {
      child.stdin.end()
      await exited
    },
  }
}

/** URL of a new, empty database of that name on the server with this {@link PostgresServer.url}. */
export async function createDatabase(serverUrl: string, name: string): Promise<string> {
  await query(serverUrl, `CREATE DATABASE ${name}`)
  return new URL(`/${name}`, serverUrl).href
}

async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // The driver types rows as anything; several statements yield a list of results.
    const results: unknown = await client.query(sql)
    const last: unknown = Array.isArray(results) ? results.at(-1) : results
    return last instanceof pg.Result ? last.rows : []
  } finally {
    await client.end()
  }
}
