// What only a look into SQLite can show: erased bytes, query plans, and another tenant's row at the last moment.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createSqliteStorage } from '../../bff/storage/sqlite.ts'
import { callEverything } from './call-everything.ts'
import { ACCOUNT, CONFIRM } from './scenario.ts'
import { createSqliteOpener } from './sqlite-opener.ts'

const { nextFile, openStorage, openBoth, openPlainly } = createSqliteOpener()

const CONNECTED = { status: 'connected', account: ACCOUNT, registeredAt: 1 } as const
const UNUSABLE = { status: 'unusable', account: ACCOUNT, registeredAt: 1, reason: 'suspended' } as const

describe('erasure', () => {
  test('leaves no byte of a sealed state, install URL or forgotten installation in the files', async () => {
    const file = nextFile()
    const { storage, connected } = await openStorage({ file })
    for (let n = 0; n < 60; n += 1) {
      const stateSealed = `CANARY-STATE-${n}-`.padEnd(300 + 10 * n, 'x')
      await connected({ tenantId: `tenant-${n}`, organization: `org-${n}`, stateSealed }, `CANARY-INDEX-${n}`)
      await storage.forgetConnection(`tenant-${n}`)
      const account = { login: 'CANARY-ACCOUNT', type: 'User' } as const
      await storage.recordCheck(`tenant-${n}`, {
        installationIndex: `CANARY-INDEX-${n}`,
        reason: null,
        account,
      })
    }
    const canaries = ['CANARY-STATE', 'install-url-sealed', 'sealed-CANARY']
    expect(findIn(file, canaries)).toEqual(canaries)
    await storage.purgeFlows(1e12)
    expect(findIn(file, [...canaries, 'CANARY-ACCOUNT', 'CANARY-INDEX'])).toEqual(['CANARY-INDEX'])
  })
})

test('leaves nothing in a reduced row but the status, the error, the times and hashes, whatever was in it', async () => {
  const { scenario, db } = await openBoth()
  const { flowId } = await scenario.connected()
  const columns = db.prepare('SELECT name, type FROM pragma_table_info(?) WHERE "notnull" = 0').all('flows')
  const emptiable = z.array(z.object({ name: z.string(), type: z.string() })).parse(columns)
  const filled = emptiable.filter(({ name }) => name !== 'sequence')
  const values = filled.map(({ name, type }) => `${name} = ${type === 'TEXT' ? "'remains'" : 1}`)
  db.exec(`UPDATE flows SET host_origin = 'remains', return_to = 'remains', ${values.join(', ')}`)

  const everything = { endedMs: -60_000, awaitingMs: -60_000 }
  expect(await scenario.storage.reduceFlows(everything, (value) => `hash of ${value}`)).toBe(1)
  const row = db.prepare('SELECT * FROM flows').get()
  const kept = { error: 'remains', installation_index: 'remains' }
  expect(row).toMatchObject({
    ...Object.fromEntries(filled.map(({ name }) => [name, null])),
    ...kept,
    flow_id: `hash of ${flowId}`,
    tenant_id: 'hash of tenant-a',
    user_id: 'hash of user-a',
    state_hash: `hash of ${flowId}`,
    host_origin: '',
    return_to: '',
    status: 'connected',
    reduced: 1,
  })
  expect(filled.length).toBeGreaterThan(10)
})

test('says what is wrong with a flow that has come back without its installation, and changes nothing', async () => {
  const { scenario, db } = await openBoth()
  const { storage, returned, binding, read } = scenario
  const confirmed = await returned({ userId: 'user-1' })
  const queued = await binding({ userId: 'user-2' })
  await storage.claimJobs('owner', { leaseMs: 1000, limit: 1 })
  db.exec('UPDATE flows SET installation_sealed = NULL')
  await expect(storage.confirmReturn(confirmed.tenantId, confirmed.flowId, CONFIRM)).rejects.toThrow(
    'storage: a flow in returned has no installation',
  )
  await expect(storage.completeJob('owner', queued.flowId, CONNECTED)).rejects.toThrow(
    'storage: a binding flow has no installation',
  )
  for (const flow of [confirmed, queued]) expect(await read(flow)).toEqual({ ...flow, installation: null })
})

test('locks other processes out before it reads what a change is decided by', async () => {
  const file = nextFile()
  const states: string[] = []
  // The clock is read between the look at what is there and the change, and nothing else can happen there.
  const now = () => {
    states.push(tryToWrite())
    return Date.now()
  }
  let tryToWrite = () => 'opening'
  const { storage, newFlow } = await openStorage({ file, now })
  const other = openPlainly(file, { timeout: 0 })
  tryToWrite = () => {
    try {
      other.exec('BEGIN IMMEDIATE; ROLLBACK')
      return 'free'
    } catch {
      return 'locked'
    }
  }
  expect(tryToWrite()).toBe('free')
  states.splice(0)
  expect(await storage.createFlow(newFlow())).toMatchObject({ outcome: 'created' })
  expect(states).toEqual(['locked'])
  expect(tryToWrite()).toBe('free')
})

test('ends a binding that meets another tenant’s claim as refused or conflict', async () => {
  // Another tenant's row cannot come about through the port while the job is unfinished, so it is written directly.
  for (const [column, value, status, outcome] of [
    ['installation_index', 'index-a', 'refused', CONNECTED],
    ['organization_key', 'org-a', 'conflict', CONNECTED],
    ['installation_index', 'index-a', 'refused', UNUSABLE],
    ['organization_key', 'org-a', 'conflict', UNUSABLE],
  ] as const) {
    const { scenario, db } = await openBoth()
    const { storage, connected, binding, read } = scenario
    await connected({ tenantId: 'tenant-b', organization: 'org-b' }, 'index-b')
    const flow = await binding({ organization: 'org-a' }, 'index-a')
    await storage.claimJobs('owner', { leaseMs: 1000, limit: 1 })
    db.prepare(`UPDATE claims SET ${column} = ? WHERE tenant_id = 'tenant-b'`).run(value)
    expect(await storage.completeJob('owner', flow.flowId, outcome)).toBe(true)
    const error = status === 'refused' ? 'installation_in_use' : 'already_bound'
    expect(await read(flow)).toMatchObject({ status, error, account: null, stateSealed: null })
    expect(await storage.findConnection('tenant-a')).toBeUndefined()
    expect(db.prepare('SELECT tenant_id FROM claims').pluck().all()).toEqual(['tenant-b'])
  }
})

test('answers every statement from an index', async () => {
  const seen = new Set<string>()
  const db = openPlainly(nextFile(), { verbose: (sql) => seen.add(String(sql)) })
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  await callEverything(createSqliteStorage(db))

  const statements = Array.from(seen).filter((sql) => /^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(sql))
  expect(statements.length).toBeGreaterThan(25)
  const planOf = (sql: string) => JSON.stringify(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all())
  const scan = /SCAN (flows|connections|binding_jobs|claims|installation_facts|facts|webhook_deliveries)\b/
  expect(statements.filter((sql) => scan.test(planOf(sql)))).toEqual([])
  expect(planOf('SELECT * FROM flows WHERE return_to = 1')).toMatch(scan)
  // Other tenants' jobs must be found without stepping over the tenant's own.
  const claims = statements.filter((sql) => sql.includes('OR EXISTS')).map(planOf)
  expect(claims).toHaveLength(2)
  for (const plan of claims) expect(plan).toMatch(/=\? AND tenant_id<\?.*=\? AND tenant_id>\?/)
})

function findIn(file: string, needles: readonly string[]): string[] {
  const files = [file, `${file}-wal`].filter((path) => existsSync(path))
  const bytes = Buffer.concat(files.map((path) => readFileSync(path)))
  return needles.filter((needle) => bytes.includes(needle))
}
