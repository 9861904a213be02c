// Starts one PostgreSQL server for a run of the browser tests that wants one; each test makes a database of its own on it.
import { startPostgresServer } from '../stack/postgres-server.ts'
import { POSTGRES_VARIABLE } from './store.ts'

export default async function startPostgres(): Promise<() => Promise<void>> {
  const server = await startPostgresServer()
  // Workers are started later, and get the variables of this process.
  process.env[POSTGRES_VARIABLE] = server.url
  return () => server.stop()
}
