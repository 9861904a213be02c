// The storage contract on a PostgreSQL server.
import { beforeAll, vi } from 'vitest'
import { openPostgresStorage } from '../../bff/storage/postgres.ts'
import { createPostgresOpener } from './postgres-opener.ts'
import { describeStorage } from './storage-contract.ts'

/** @param options as for {@link describeStorage}. */
export function describePostgresStorage(options: Parameters<typeof describeStorage>[1] = {}): void {
  // Some tests make thousands of calls, each of which is several round trips to the server.
  vi.setConfig({ testTimeout: 60_000 })

  const { server, createDatabase } = createPostgresOpener()

  let url = ''
  let empty = ''
  beforeAll(async () => {
    url = await createDatabase()
    await (await openPostgresStorage({ url })).close()
    const rows = await server().query(
      url,
      `SELECT string_agg(format('DELETE FROM %I.%I', schemaname, tablename), '; ' ORDER BY tablename) AS empty
      FROM pg_tables WHERE schemaname = 'connect_github' AND tablename <> 'migrations'`,
    )
    // By name, jobs come before the flows they refer to.
    empty = String(rows[0]?.['empty'])
  })

  describeStorage(
    {
      name: 'PostgreSQL',
      async open(open) {
        // Quicker than a database of its own for each test.
        await server().query(url, empty)
        return openPostgresStorage({ ...open, url })
      },
      reopen: (open) => openPostgresStorage({ ...open, url }),
    },
    options,
  )
}
