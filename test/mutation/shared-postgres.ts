// Stands in for stack/postgres-server.ts while mutants are tried: one server for all runs.
import { randomBytes } from 'node:crypto'
import { expect, inject } from 'vitest'
import pg from 'pg'
import type { PostgresServer } from '../stack/postgres-server.ts'

/** The contract empties its database itself before each test, so it gets the same one in every run, which takes half the time. */
const KEEPS_DATABASE = '/mutation/postgres-quick.test.ts'
const KEPT = 'kept'

export async function startPostgresServer(): Promise<PostgresServer> {
  const url = inject('sharedPostgres')
  const names: string[] = []

  async function query(databaseUrl: string, sql: string): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: databaseUrl })
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

  async function findKept(): Promise<string> {
    const found = await query(url, `SELECT 1 FROM pg_database WHERE datname = '${KEPT}'`)
    if (found.length === 0) await query(url, `CREATE DATABASE ${KEPT}`)
    // A run that took too long may have left some, with locks.
    await query(url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${KEPT}'`)
    return new URL(KEPT, url).href
  }

  return {
    url,
    query,
    async createDatabase() {
      if (expect.getState().testPath?.endsWith(KEEPS_DATABASE) === true) return findKept()
      const name = `mutant_${randomBytes(6).toString('hex')}`
      names.push(name)
      await query(url, `CREATE DATABASE ${name}`)
      return new URL(name, url).href
    },
    async restart() {
      throw new Error('this server is shared: leave tests that restart it out of the group')
    },
    async stop() {
      for (const name of names) await query(url, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}
