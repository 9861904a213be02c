// Shows that a request changed nothing: not a row of the database, and nothing recorded at Layers.
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import type { Stack } from '../stack/start-stack.ts'

/** Every row of every table, read by a connection of its own. */
export function readAllRows(file: string): Record<string, unknown[]> {
  const database = new Database(file, { readonly: true })
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()
    return Object.fromEntries(
      tables.map((table) => [String(table), database.prepare(`SELECT * FROM "${String(table)}"`).all()]),
    )
  } finally {
    database.close()
  }
}

/** What was posted to Layers so far. */
export function countPosts(stack: Stack): number {
  return stack.sandbox.requests.filter(({ method }) => method !== 'GET').length
}

/** Returns a check that fails as soon as a row differs from now, or something more was posted. */
export function watchForChanges(stack: Stack): () => void {
  const rows = readAllRows(stack.databaseFile)
  const posts = countPosts(stack)
  return () => {
    expect(readAllRows(stack.databaseFile)).toEqual(rows)
    expect(countPosts(stack)).toBe(posts)
  }
}
