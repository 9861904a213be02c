// How the PostgreSQL store fails: what passes by itself, what it mends alone, and what is the caller's mistake.
import pg from 'pg'
import { describe, expect, test, vi } from 'vitest'
import { toStorageError } from '../../bff/storage/postgres-errors.ts'
import { createPostgresPool } from '../../bff/storage/postgres-connection.ts'
import { createFlowChanges } from '../../bff/storage/flow-changes.ts'
import { createPostgresTransactions } from '../../bff/storage/postgres-transactions.ts'
import type { Storage } from '../../bff/storage/storage.ts'
import { startCuttingProxy } from './cutting-proxy.ts'
import { createPostgresOpener } from './postgres-opener.ts'
import { createScenario } from './scenario.ts'

vi.setConfig({ testTimeout: 60_000 })

const { server, createDatabase, openStorage } = createPostgresOpener()

/** As the driver sends it; the level READ COMMITTED is sent as well. */
const COMMIT = 'COMMIT\0'

async function openOne() {
  const url = await createDatabase()
  return { url, ...createScenario(await openStorage({ url }), { now: Date.now() }) }
}

/** A store behind a proxy, whose listener is connected already. */
async function openBehindProxy() {
  const url = await createDatabase()
  const proxy = await startCuttingProxy(url)
  const storage = await openStorage({ url: proxy.url })
  const heard: string[] = []
  storage.onFlowChanged((flowId) => heard.push(flowId))
  return { proxy, storage, heard, scenario: createScenario(storage, { now: Date.now() }) }
}

describe('a connection that is lost', () => {
  test('before the commit is replaced, and nothing is noticed', async () => {
    const { proxy, scenario, heard } = await openBehindProxy()
    proxy.cutAt('INSERT INTO flows', 'before')
    const first = await scenario.starting()
    proxy.cutAt('INSERT INTO flows', 'after')
    const second = await scenario.starting({ userId: 'user-b' })
    expect(await scenario.read(first)).toEqual(first)
    expect(await scenario.read(second)).toEqual(second)
    expect(heard).toEqual([first.flowId, second.flowId])
  })

  test('while nobody uses it is replaced', async () => {
    const { url, starting, read } = await openOne()
    const flow = await starting()
    await server().query(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
    expect(await read(flow)).toEqual(flow)
  })

  test('in the commit is busy; whoever waits here is told to look, and asking again finds what was done', async () => {
    const { proxy, storage, scenario, heard } = await openBehindProxy()
    const flow = await scenario.waiting()
    heard.splice(0)
    proxy.cutAt(COMMIT, 'after')
    expect(await kindOf(scenario.accept(flow))).toBe('busy')
    expect(heard).toEqual([flow.flowId])
    expect((await scenario.accept(flow)).outcome).toBe('repeated')
    expect(await storage.claimJobs('owner', { leaseMs: 1, limit: 10 })).toHaveLength(1)
  })

  test('in the commit is busy also when the server never saw it, and asking again does it', async () => {
    const { proxy, scenario } = await openBehindProxy()
    const flow = scenario.newFlow()
    proxy.cutAt(COMMIT, 'before')
    expect(await kindOf(scenario.storage.createFlow(flow))).toBe('busy')
    expect(await scenario.storage.createFlow(flow)).toMatchObject({ outcome: 'created' })
  })
})

describe('the store is busy', () => {
  test('while something holds what it needs for too long, and serves again afterwards', async () => {
    const { url, starting, storage, newFlow } = await openOne()
    const flow = await starting()
    const other = new pg.Client({ connectionString: url })
    await other.connect()
    await other.query('BEGIN; LOCK TABLE connect_github.flows IN EXCLUSIVE MODE')
    expect(await kindOf(storage.createFlow(newFlow()))).toBe('busy')
    expect(await storage.findFlow(flow.tenantId, flow.flowId)).toEqual(flow)
    await other.query('ROLLBACK')
    await other.end()
    expect(await kindOf(storage.createFlow(newFlow()))).toBe('no error')
  })

  test('on a server that takes no writes', async () => {
    const url = await createDatabase()
    await (await openStorage({ url })).close()
    const storage = await openStorage({ url })
    expect(await kindOf(storage.check())).toBe('no error')
    await server().query(
      url,
      `ALTER ROLE tester IN DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`,
    )
    await server().query(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
    expect(await kindOf(storage.check())).toBe('busy')
    expect(await kindOf(createScenario(storage, { now: 0 }).starting())).toBe('busy')
  })

  test('when it is closed', async () => {
    const { storage } = await openOne()
    await storage.close()
    expect(await kindOf(storage.check())).toBe('busy')
    await expect(storage.close()).resolves.toBeUndefined()
  })

  test.each([
    ['53100', 'full'],
    ['53200', 'full'],
    ['53300', 'busy'],
    ['40001', 'busy'],
    ['40P01', 'busy'],
    ['55P03', 'busy'],
    ['57014', 'busy'],
    ['57P01', 'busy'],
    ['57P03', 'busy'],
    ['08006', 'busy'],
    ['25006', 'busy'],
    ['28P01', 'busy'],
    ['23505', 'no kind'],
    ['42P01', 'no kind'],
    ['XX001', 'no kind'],
  ])('or full, or it is nobody’s fault but ours: %s is %s', (code, kind) => {
    const error = Object.assign(new pg.DatabaseError('refused', 0, 'error'), { code })
    const translated = toStorageError(error)
    expect(translated instanceof Error && 'kind' in translated ? translated.kind : 'no kind').toBe(kind)
  })
})

test('two transactions that wait for each other both succeed', async () => {
  const url = await createDatabase()
  await (await openStorage({ url })).close()
  await server().query(
    url,
    `INSERT INTO connect_github.meta VALUES ('a', '0'), ('b', '0'); ALTER DATABASE ${new URL(url).pathname.slice(1)} SET deadlock_timeout = '50ms'`,
  )
  const pool = createPostgresPool(url)
  const transactions = createPostgresTransactions({
    pool,
    changes: createFlowChanges(),
    store: 'x',
    now: undefined,
  })
  const append = `UPDATE meta SET value = value || '1' WHERE name = @name`
  let tries = 0
  const both = Promise.withResolvers<undefined>()
  const update = (first: string, second: string): Promise<number> =>
    transactions.write(async (tx) => {
      await tx.run(append, { name: first })
      tries += 1
      if (tries === 2) both.resolve(undefined)
      await both.promise
      return tx.run(append, { name: second })
    })
  expect(await Promise.all([update('a', 'b'), update('b', 'a')])).toEqual([1, 1])
  // One gives way; under load the server may find the two in each other's way once more.
  expect(tries).toBeGreaterThan(2)
  const rows = await server().query(url, 'SELECT value FROM connect_github.meta')
  expect(rows).toEqual([{ value: '011' }, { value: '011' }])
  await pool.end()
})

test('passes mistakes of the caller through as they are, and goes on', async () => {
  const { storage, newFlow } = await openOne()
  const flow = newFlow()
  await storage.createFlow(flow)
  const sameState = newFlow({ stateHash: flow.stateHash })
  await expect(storage.createFlow(sameState)).rejects.toMatchObject({ code: '23505' })
  await expect(storage.createFlow(newFlow({ organization: '' }))).rejects.toMatchObject({ code: '23514' })
  for (let n = 0; n < 12; n += 1) expect(await kindOf(failOnce(storage))).toMatchObject({ code: '23514' })
  expect(await storage.findFlow(flow.tenantId, flow.flowId)).toMatchObject({ status: 'starting' })

  function failOnce(failing: Storage): Promise<unknown> {
    return failing.createFlow(newFlow({ organization: '' }))
  }
})

async function kindOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error && 'kind' in error ? error.kind : error),
  )
}
