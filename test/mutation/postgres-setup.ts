// Starts the PostgreSQL server that all runs of a group share (see shared-postgres.ts), and ends it with the last of them.
import type { TestProject } from 'vitest/node'
import { startPostgresServer } from '../stack/postgres-server.ts'

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgresServer()
  project.provide('sharedPostgres', server.url)
  return () => server.stop()
}
