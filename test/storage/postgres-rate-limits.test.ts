// The counts of limits in PostgreSQL: those whose time is over go, and no others.
import { expect, test, vi } from 'vitest'
import { createPostgresPool } from '../../bff/storage/postgres-connection.ts'
import { deleteOldCounts } from '../../bff/storage/postgres-rate-limits.ts'
import { createPostgresOpener } from './postgres-opener.ts'

vi.setConfig({ testTimeout: 60_000 })

const { server, createDatabase, openStorage } = createPostgresOpener()

test('counts whose time is over are deleted, and those that still count are kept', async () => {
  const url = await createDatabase()
  await openStorage({ url })
  await server().query(
    url,
    `INSERT INTO connect_github.rate_limits (key, points, expire) VALUES ('over', 1, 999), ('now', 1, 1000), ('later', 1, 1001)`,
  )
  const pool = createPostgresPool(url)
  await deleteOldCounts(pool, 1000)
  await pool.end()
  const rows = await server().query(url, 'SELECT key FROM connect_github.rate_limits ORDER BY expire')
  expect(rows).toEqual([{ key: 'now' }, { key: 'later' }])
})
