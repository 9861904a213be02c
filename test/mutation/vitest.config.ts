// Runs the tests of one group of mutants (MUTATION_GROUP), many times over, so: one worker, which keeps what it has loaded.
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vitest/config'
import { GROUPS, isGroupName, type MutationGroup } from './groups.ts'
import { createSqlPlugin } from './sql-plugin.ts'

const name = process.env['MUTATION_GROUP'] ?? ''
if (!isGroupName(name)) throw new Error(`MUTATION_GROUP names no group: ${name}`)
const group: MutationGroup = GROUPS[name]
const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const files = (process.env['MUTATION_FILES'] ?? '').split(',').map(at)

/** The tests' own way to a server, led to the one that is there already. */
const sharePostgres: Plugin = {
  name: 'share-postgres',
  enforce: 'pre',
  resolveId: (id, importer) =>
    id.endsWith('/postgres-server.ts') && importer?.endsWith('/postgres-opener.ts') === true
      ? at('test/mutation/shared-postgres.ts')
      : undefined,
}

export default defineConfig({
  root: at(''),
  plugins: [
    ...(group.sharesPostgres === true ? [sharePostgres] : []),
    ...(group.isSql === true ? [createSqlPlugin(files)] : []),
  ],
  test: {
    include: group.tests.map((path) => `test/${path}`),
    globalSetup: group.sharesPostgres === true ? [at('test/mutation/postgres-setup.ts')] : [],
    // What a file holds when it is loaded differs from one mutant of the SQL to the next.
    setupFiles: [at(`test/mutation/${group.isSql === true ? 'sql-setup' : 'preload'}.ts`)],
    provide: { mutatedFiles: files, sqlMutant: '' },
    isolate: group.isSql === true,
    environment: 'node',
    pool: 'threads',
    testTimeout: group.testTimeoutMs ?? 60_000,
    hookTimeout: 30_000,
    unstubGlobals: true,
    restoreMocks: true,
  },
})
