// Runs the storage contract on a real PostgreSQL server.
import { beforeAll, vi } from 'vitest'
import { openPostgresStorage } from '../../bff/storage/postgres.ts'
import { createPostgresOpener } from './postgres-opener.ts'
import { describeStorage } from './storage-contract.ts'

// Some tests make thousands of calls, each of which is several round trips to the server.
vi.setConfig({ testTimeout: 60_000 })

const { server, createDatabase } = createPostgresOpener()

let url = ''
let tables = ''
beforeAll(async () => {
  url = await createDatabase()
  await (await openPostgresStorage({ url })).close()
  const rows = await server().query(
    url,
    `SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') AS tables FROM pg_tables
    WHERE schemaname = 'connect_github' AND tablename <> 'migrations'`,
  )
  tables = String(rows[0]?.['tables'])
})

describeStorage({
  name: 'PostgreSQL',
  async open(options) {
    // Quicker than a database of its own for each test.
    await server().query(url, `TRUNCATE ${tables} RESTART IDENTITY`)
    return openPostgresStorage({ ...options, url })
  },
  reopen: (options) => openPostgresStorage({ ...options, url }),
})
