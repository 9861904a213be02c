// Every SQL statement on rows of tenants names the tenant in its WHERE, or says in the line above why it cannot.
import { describe, expect, it } from 'vitest'
import { readSourceFiles } from './source-files.ts'
import { findHiddenStatements, findStatements, findUnkeyedParts } from './sql-statements.ts'

/** Only ever makes and changes tables, and runs one migration after the other. */
const MIGRATIONS = /-migrations\.ts$/
/** Runs what the files beside it hold as constants, each of which is found there. */
const RUNS_CONSTANTS = 'bff/storage/postgres-transactions.ts'
const sources = readSourceFiles(/^bff\/.*\.ts$/)
const REASON = /\bAcross tenants\b.{20}/

const statements = sources.flatMap(({ path, text }) =>
  findStatements(text).map((statement) => ({ path, ...statement })),
)

it('keys every statement by tenant, unless it says why it looks across tenants', () => {
  const unkeyed = statements
    .filter(({ sql, comment }) => findUnkeyedParts(sql).length > 0 && !REASON.test(comment))
    .map(({ path, line, sql }) => `${path}:${line} ${findUnkeyedParts(sql).join(' … ')}`)
  expect(unkeyed).toEqual([])
})

it('says so only of statements that do', () => {
  const needless = statements
    .filter(({ sql, comment }) => findUnkeyedParts(sql).length === 0 && REASON.test(comment))
    .map(({ path, line }) => `${path}:${line}`)
  expect(needless).toEqual([])
})

it('finds the statements of every store, each written out where it is prepared', () => {
  const stores = new Set(statements.map(({ path }) => path))
  expect([...stores].filter((path) => path.includes('/storage/sqlite')).length).toBeGreaterThanOrEqual(6)
  expect([...stores].filter((path) => path.includes('/storage/postgres')).length).toBeGreaterThanOrEqual(6)
  expect([...stores].filter((path) => !path.startsWith('bff/storage/'))).toEqual([])
  expect(statements.length).toBeGreaterThanOrEqual(40)
  const hidden = sources
    .filter(
      ({ path }) => path.startsWith('bff/storage/') && !MIGRATIONS.test(path) && path !== RUNS_CONSTANTS,
    )
    .flatMap(({ path, text }) => findHiddenStatements(text).map((line) => `${path}:${line}`))
  expect(hidden).toEqual([])
})

/** What the first test has to find, wherever somebody writes it. */
const PLANTED: readonly string[] = [
  'SELECT * FROM flows WHERE flow_id = @flowId',
  'SELECT * FROM flows',
  'SELECT tenant_id FROM connections LIMIT 1',
  'SELECT * FROM claims WHERE tenant_id <> @tenantId',
  'SELECT * FROM flows WHERE tenant_id = @tenantId OR flow_id = @flowId',
  'SELECT * FROM flows WHERE tenant_id = @tenantId UNION ALL SELECT * FROM flows WHERE flow_id = @flowId',
  'SELECT * FROM meta, connections WHERE name = @name',
  'SELECT * FROM meta JOIN connections ON value = tenant_id WHERE name = @name',
  'SELECT EXISTS (SELECT 1 FROM claims WHERE organization_key = @organization)',
  'UPDATE flows SET status = @status WHERE flow_id = @flowId',
  'UPDATE flows SET tenant_id = @tenantId',
  'UPDATE flows SET status = (SELECT 1 FROM meta WHERE tenant_id = @tenantId) WHERE flow_id = @flowId',
  'DELETE FROM connections',
  'DELETE FROM binding_jobs WHERE flow_id IN (SELECT flow_id FROM flows WHERE tenant_id = @tenantId)',
  'DELETE FROM flows WHERE tenant_id = @tenantId AND flow_id IN (SELECT flow_id FROM binding_jobs WHERE attempts > 3)',
  'INSERT INTO connections (organization) VALUES (@organization)',
  'INSERT OR REPLACE INTO claims (organization_key, tenant_id) VALUES (@organization, @tenantId)',
  'INSERT INTO claims (organization_key, tenant_id) VALUES (@o, @t) ON CONFLICT (organization_key) DO UPDATE SET tenant_id = @t',
]

const KEYED: readonly string[] = [
  'SELECT * FROM flows WHERE flow_id = @flowId AND tenant_id = @tenantId',
  'SELECT connections.* FROM connections LEFT JOIN installation_facts USING (i) WHERE tenant_id = @tenantId',
  'UPDATE flows SET status = @status WHERE (flow_id, tenant_id) = (@flowId, @tenantId)',
  'INSERT INTO connections (tenant_id) VALUES (@t) ON CONFLICT (tenant_id) DO UPDATE SET reason = NULL',
  'INSERT INTO claims (o, tenant_id) VALUES (@o, @t) ON CONFLICT (o) DO UPDATE SET i = 1 WHERE tenant_id = excluded.tenant_id',
  'SELECT value FROM meta WHERE name = @name',
]

describe('the check itself', () => {
  it.each(PLANTED)('finds “%s” where it is planted', (sql) => {
    const source = `const x = {\n  // Something else.\n  found: db.prepare(\`\n    ${sql}\`),\n}`
    const [statement, ...more] = findStatements(source)
    expect(more).toEqual([])
    expect(statement).toMatchObject({ line: 3, comment: 'Something else.' })
    expect(findUnkeyedParts(statement?.sql ?? '')).not.toEqual([])
  })

  it.each(KEYED)('lets “%s” pass', (sql) => {
    expect(findUnkeyedParts(sql)).toEqual([])
  })

  it('reads the reason above the property that holds the statement, and no other', () => {
    const source = [
      '// Across tenants: this one is about the whole table, which nobody has asked for.',
      'const other = 1',
      'const all = db',
      "  .prepare('SELECT * FROM flows')",
      '  .pluck()',
      '// Across tenants, because time passes for all of them,',
      '// whether they look or not.',
      'const old = db',
      '  .prepare(',
      '    `DELETE FROM flows`,',
      '  )',
    ].join('\n')
    expect(findStatements(source).map(({ comment }) => REASON.test(comment))).toEqual([false, true])
  })

  it('sees a statement that is put together elsewhere', () => {
    expect(
      findHiddenStatements("db.prepare(text)\ndb.prepare('SELECT 1')\npool.query(`x`)\npool.query(\n  sql)"),
    ).toEqual([1, 4])
  })
})
