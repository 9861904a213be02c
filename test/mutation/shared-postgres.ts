// Stands in for stack/postgres-server.ts while mutants are tried: one server for all runs, a database of its own for each of them.
import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import pg from 'pg'
import type { PostgresServer } from '../stack/postgres-server.ts'

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

  return {
    url,
    query,
    async createDatabase() {
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
