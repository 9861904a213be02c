// What the BFF of the browser tests stands on: by default SQLite in the demo's own process; with STORE=postgres two processes on one
// PostgreSQL database, behind a balancer that changes process at every request.

/** Where the run's PostgreSQL server is. */
export const POSTGRES_VARIABLE = 'BROWSER_TESTS_POSTGRES_URL'

/** @throws Error when STORE is neither. */
export function isOnPostgres(): boolean {
  const store = process.env['STORE'] ?? 'sqlite'
  if (store === 'sqlite' || store === 'postgres') return store === 'postgres'
  throw new Error(`STORE is "${store}". Set it to sqlite or postgres, or leave it out.`)
}

/** What is not to be tested on this store: in one process there is nothing to hop between. */
export const OTHER_STORES_FILES: readonly string[] = isOnPostgres() ? [] : ['hopping.spec.ts']
