// BFF processes on one PostgreSQL database share the budgets of the limits, and count for themselves while it does not answer.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import pg from 'pg'
import { createDataKey } from '../../bff/data-keys.ts'
import { startPostgresServer, type PostgresServer } from '../stack/postgres-server.ts'
import { createFlowId } from '../stack/test-browser.ts'
import { createBffProcesses, type BffProcess, type BffProcesses } from './bff-process.ts'
import { copyBroken } from './broken-bff.ts'
import type { Breakage } from '../stack/copied-sources.ts'

vi.setConfig({ testTimeout: 60_000 })

const STARTS_PER_USER = 20
const WEBHOOKS_PER_ADDRESS = 60

let database: PostgresServer
beforeAll(async () => {
  database = await startPostgresServer()
}, 60_000)
afterAll(() => database.stop())

let processes: BffProcesses
let databaseUrl: string
let env: Record<string, string>
beforeEach(async () => {
  databaseUrl = await database.createDatabase()
  processes = await createBffProcesses()
  env = { DATA_KEYS: createDataKey(), GITHUB_WEBHOOK_SECRET: 'a-secret-of-these-tests-alone' }
})
afterEach(() => processes.close())

const start = (broken: readonly Breakage[] = []): Promise<BffProcess> =>
  processes.start({ databaseUrl, env, ...(broken.length > 0 && { directory: copyBroken(broken) }) })

/** How many of `count` starts by one user are let through, each by another of the processes than the one before. */
async function countStarts(running: readonly BffProcess[], count: number): Promise<number> {
  let passed = 0
  for (let turn = 0; turn < count; turn += 1) {
    const browser = running[turn % running.length]?.browser('ann')
    const answer = await browser?.fetchJson('POST', '/flows', { flowId: createFlowId(), mode: 'popup' })
    if (answer?.status === 201) passed += 1
    else expect(answer).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } })
  }
  return passed
}

/** The statuses that webhooks without a signature get, each as often as it came. */
async function countWebhooks(bff: BffProcess, count: number): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {}
  for (let turn = 0; turn < count; turn += 1) {
    const { status } = await bff.browser(null).fetchJson('POST', '/webhooks/github', {})
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  return statuses
}

const COUNTED_IN_MEMORY: Breakage = {
  file: 'start-bff.ts',
  from: 'createLimits(options.limits, { secrets, shared: counters })',
  to: 'createLimits(options.limits, { secrets })',
}

describe('two processes on one database', () => {
  it('let one user through as often as one process does', async () => {
    const both = await Promise.all([start(), start()])
    expect(await countStarts(both, 2 * STARTS_PER_USER + 2)).toBe(STARTS_PER_USER)
  })

  it('let through twice as much when each counts in its own memory', async () => {
    const both = await Promise.all([start([COUNTED_IN_MEMORY]), start([COUNTED_IN_MEMORY])])
    expect(await countStarts(both, 2 * STARTS_PER_USER + 2)).toBe(2 * STARTS_PER_USER)
  })

  it('are not fooled by a restart', async () => {
    const first = await start()
    expect(await countStarts([first], STARTS_PER_USER - 1)).toBe(STARTS_PER_USER - 1)
    first.signal('SIGKILL')
    await first.exit
    expect(await countStarts([await start()], 5)).toBe(1)
  })

  it('write nobody’s id or address into the database to count', async () => {
    const bff = await start()
    await countStarts([bff], 2)
    await countWebhooks(bff, 2)
    const rows = await database.query(databaseUrl, 'SELECT key FROM connect_github.rate_limits')
    expect(rows.length).toBeGreaterThanOrEqual(4)
    for (const { key } of rows) expect(key).toMatch(/^[A-Za-z]+:[A-Za-z0-9_-]{43}$/)
  })
})

const ASKED_EACH_TIME: Breakage = {
  file: 'limits/shared-counters.ts',
  from: 'if (leftMs > 0) return',
  to: 'if (leftMs > Infinity) return',
}

describe('an address that has used up its budget', () => {
  it.each<[string, string, readonly Breakage[]]>([
    ['costs the database nothing any more, at whichever process it asks', 'nothing', []],
    ['would make each process ask the database, were its answer not kept', 'asked', [ASKED_EACH_TIME]],
  ])('%s', async (_, expected, broken) => {
    const [first, second] = await Promise.all([start(broken), start(broken)])
    expect(await countWebhooks(first, WEBHOOKS_PER_ADDRESS + 1)).toEqual({
      403: WEBHOOKS_PER_ADDRESS,
      429: 1,
    })
    expect(await countWebhooks(second, 1)).toEqual({ 429: 1 })
    // Whoever asks now is heard of in the log.
    await database.query(databaseUrl, 'ALTER TABLE connect_github.rate_limits RENAME TO lost')
    const answers = [await countWebhooks(first, 5), await countWebhooks(second, 5)]
    const isAsked = processes.output().includes('"event":"limits_not_shared"')
    expect(isAsked ? 'asked' : 'nothing').toBe(expected)
    if (expected === 'nothing') expect(answers).toEqual([{ 429: 5 }, { 429: 5 }])
  })
})

describe('while the database', () => {
  it('does not count, each process does, and requests are served', async () => {
    const bff = await start()
    await database.query(databaseUrl, 'ALTER TABLE connect_github.rate_limits RENAME TO lost')
    expect(await countStarts([bff], STARTS_PER_USER + 5)).toBe(STARTS_PER_USER)
    expect(processes.output().split('"event":"limits_not_shared"')).toHaveLength(2)
  })

  it('does not answer in time, each process does, and requests are served', async () => {
    const bff = await start()
    const other = new pg.Client({ connectionString: databaseUrl })
    await other.connect()
    try {
      await other.query('BEGIN; LOCK TABLE connect_github.rate_limits')
      expect(await countStarts([bff], STARTS_PER_USER + 5)).toBe(STARTS_PER_USER)
    } finally {
      await other.end()
    }
  })

  it('is away, each process does', async () => {
    const bff = await start()
    const name = new URL(databaseUrl).pathname.slice(1)
    const maintenance = databaseUrl.replace(name, 'postgres')
    await database.query(maintenance, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
    await database.query(
      maintenance,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    )
    const statuses = await countWebhooks(bff, WEBHOOKS_PER_ADDRESS + 5)
    // What is in it is looked through for secrets at the end.
    await database.query(maintenance, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
    expect(statuses).toEqual({ 403: WEBHOOKS_PER_ADDRESS, 429: 5 })
  })
})
