// What better-sqlite3 does by itself in a while: transactions that change one row and add another, each durable when it is over.
import Database from 'better-sqlite3'

/** How many a second. @param file of a database that does not exist yet, or that this function made. */
export function commitBare(file: string, durationMs: number): number {
  const db = new Database(file)
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS flows (id INTEGER PRIMARY KEY, status TEXT, version INTEGER);
      CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, flow INTEGER, payload TEXT);
      INSERT OR IGNORE INTO flows VALUES (1, 'waiting', 1)`)
    const change = db.prepare("UPDATE flows SET status = 'binding', version = version + 1 WHERE id = 1")
    const add = db.prepare('INSERT INTO jobs (flow, payload) VALUES (1, ?)')
    const payload = 'x'.repeat(400)
    const commit = db.transaction(() => {
      change.run()
      add.run(payload)
    })
    const startedAt = performance.now()
    let commits = 0
    for (; performance.now() - startedAt < durationMs; commits += 1) commit()
    return (1000 * commits) / (performance.now() - startedAt)
  } finally {
    db.close()
  }
}
