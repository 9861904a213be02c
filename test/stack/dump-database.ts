// Writes every row of the BFF's tables in a PostgreSQL database to a file, so that the leak scan reads them like a SQLite file.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { Artefacts } from './artefacts.ts'

const SCHEMA = 'connect_github'

/** As text, each row whole: what a backup would hold. Nothing when the BFF never opened the database. */
export async function dumpDatabase(url: string, artefacts: Artefacts): Promise<void> {
  if (!artefacts.isScanned) return
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query<Record<'name', unknown>>(
      'SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = $1',
      [SCHEMA],
    )
    for (const { name } of tables) {
      const table = String(name)
      const { rows } = await client.query<Record<'row', unknown>>(
        `SELECT ${table}::text AS row FROM ${SCHEMA}.${table}`,
      )
      const text = rows.map(({ row }) => `${String(row)}\n`).join('')
      const database = new URL(url).pathname.slice(1)
      writeFileSync(join(artefacts.directory, 'databases', `${database}-${table}.txt`), text)
    }
  } finally {
    await client.end()
  }
}
