// What a store's tables say about flows, jobs and connections, read from outside of the BFF.
import Database from 'better-sqlite3'
import pg from 'pg'
import { z } from 'zod'

export interface StoreRecord {
  /** Status by flow id. */
  readonly flows: ReadonlyMap<string, string>
  /** Flow ids that have a binding job. */
  readonly jobs: ReadonlySet<string>
  readonly connections: readonly { readonly tenantId: string; readonly account: string }[]
}

const rowsSchema = z.object({
  flows: z.array(z.object({ flow_id: z.string(), status: z.string() })),
  jobs: z.array(z.object({ flow_id: z.string() })),
  connections: z.array(z.object({ tenant_id: z.string(), account_login: z.string() })),
})

const SELECT = {
  flows: 'SELECT flow_id, status FROM flows',
  jobs: 'SELECT flow_id FROM binding_jobs',
  connections: 'SELECT tenant_id, account_login FROM connections',
}

/** @param databaseUrl as the BFF has it. */
export async function readStoreRecord(databaseUrl: string): Promise<StoreRecord> {
  const rows = rowsSchema.parse(
    databaseUrl.startsWith('file:')
      ? readSqlite(databaseUrl.slice('file:'.length))
      : await readPostgres(databaseUrl),
  )
  return {
    flows: new Map(rows.flows.map(({ flow_id: flowId, status }) => [flowId, status])),
    jobs: new Set(rows.jobs.map(({ flow_id: flowId }) => flowId)),
    connections: rows.connections.map(({ tenant_id: tenantId, account_login: account }) => ({
      tenantId,
      account,
    })),
  }
}

function readSqlite(file: string): unknown {
  const database = new Database(file, { readonly: true })
  try {
    // One transaction: no change may come between two of them.
    return database.transaction(() =>
      Object.fromEntries(Object.entries(SELECT).map(([name, sql]) => [name, database.prepare(sql).all()])),
    )()
  } finally {
    database.close()
  }
}

async function readPostgres(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL search_path TO connect_github')
    const found: [string, unknown][] = []
    for (const [name, sql] of Object.entries(SELECT)) found.push([name, (await client.query(sql)).rows])
    await client.query('COMMIT')
    return Object.fromEntries(found)
  } finally {
    await client.end()
  }
}
