// A database with many connections in it: a real one, and any number of copies for tenants that are counted on from it.
import Database from 'better-sqlite3'

/**
 * @param file of a BFF that has ended, where tenant 0 is connected.
 * @param checkedAt when Layers is said to have been asked about each, epoch milliseconds.
 */
export function copyConnections(file: string, count: number, checkedAt: number): void {
  const db = new Database(file)
  try {
    db.exec('PRAGMA synchronous = OFF')
    const columns = db.pragma('table_info(connections)')
    if (!Array.isArray(columns)) throw new Error('there are no connections')
    const names = columns.map((column: { name: string }) => column.name)
    const ofCopy: Readonly<Record<string, string>> = {
      tenant_id: "'tenant-' || n",
      organization: "printf('org_00000000-0000-4000-8000-%012d', n)",
      checked_at: String(checkedAt),
    }
    db.prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)
       INSERT OR REPLACE INTO connections (${names.join(', ')})
       SELECT ${names.map((name) => ofCopy[name] ?? name).join(', ')}
       FROM numbers, (SELECT * FROM connections WHERE tenant_id = 'tenant-0')`,
    ).run(count)
  } finally {
    db.close()
  }
}
