// What two transactions on PostgreSQL do that meet at one row, and what a reduced row still holds.
import pg from 'pg'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Flow, Storage } from '../../bff/storage/storage.ts'
import { createPostgresOpener } from './postgres-opener.ts'
import { ACCOUNT, CONFIRM, createScenario, NO_LIMIT, START_AT, type Scenario } from './scenario.ts'

vi.setConfig({ testTimeout: 60_000 })

const { server, createDatabase, openStorage } = createPostgresOpener()
const DAY_MS = 24 * 60 * 60_000
const CANCELLED = { from: ['waiting'], status: 'cancelled', error: null } as const
const UNAPPROVED = { from: ['waiting'], status: 'awaiting_approval', error: null } as const
const CLAIM = { leaseMs: 1000, limit: 10 } as const
/** Whatever has ended, at once. */
const AT_ONCE = { endedMs: -1, awaitingMs: -1 } as const
const hashOf = (value: string): string => `hash of ${value}`

let url = ''
let other: pg.Client | undefined
beforeAll(async () => {
  url = await createDatabase()
})
afterEach(async () => {
  await other?.end()
  other = undefined
  await server().query(
    url,
    'TRUNCATE connect_github.flows, connect_github.binding_jobs, connect_github.webhook_deliveries, connect_github.installation_facts',
  )
})

async function open(): Promise<Scenario> {
  const clock = { now: START_AT }
  return createScenario(await openStorage({ url, now: () => clock.now }), clock)
}

/** Another program's transaction, which has done this and is not over. */
async function begin(sql: string): Promise<pg.Client> {
  other = new pg.Client({ connectionString: url, options: '-c search_path=connect_github' })
  await other.connect()
  await other.query('BEGIN')
  await other.query(sql)
  return other
}

/** Resolves when the work waits for another transaction, or is done without. */
async function untilItWaits(work: Promise<unknown>): Promise<void> {
  const done = work.then(
    () => true,
    () => true,
  )
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  const isWaiting = async () => (await server().query(url, waiting)).length > 0
  while (!(await Promise.race([done, isWaiting()])));
}

describe('a row that somebody else is changing', () => {
  const LEFT: readonly (readonly [
    what: string,
    /** Two rows that there is something to do about. */
    make: (scenario: Scenario) => Promise<unknown>,
    table: string,
    act: (storage: Storage) => Promise<unknown>,
    first: unknown,
    then: unknown,
  ])[] = [
    [
      'expiring flows',
      async ({ starting }) => {
        for (const userId of ['user-1', 'user-2']) await starting({ userId, lifetimeMs: 0 })
      },
      'flows',
      (storage) => storage.expireFlows(),
      1,
      1,
    ],
    [
      'erasing what a flow that awaits approval can use no more',
      async ({ storage, waiting, clock }) => {
        for (const userId of ['user-1', 'user-2']) {
          const { tenantId, flowId } = await waiting({ userId })
          await storage.endFlow(tenantId, flowId, UNAPPROVED)
        }
        clock.now += DAY_MS
      },
      'flows',
      async (storage) => {
        await storage.expireFlows()
        return (await storage.findSealedInFlows()).map(({ of }) => of)
      },
      ['state', 'install-url'],
      [],
    ],
    [
      'purging flows',
      async (scenario) => cancelTwo(scenario),
      'flows',
      (storage) => storage.purgeFlows(-1),
      1,
      1,
    ],
    [
      'reducing flows',
      async (scenario) => cancelTwo(scenario),
      'flows',
      (storage) => storage.reduceFlows(AT_ONCE, hashOf),
      1,
      1,
    ],
    [
      'taking jobs',
      async ({ binding }) => {
        for (const userId of ['user-1', 'user-2']) await binding({ userId })
      },
      'binding_jobs',
      async (storage) => (await storage.claimJobs('owner', CLAIM)).length,
      1,
      1,
    ],
    [
      'forgetting deliveries',
      async ({ storage, clock }) => {
        for (const deliveryId of ['one', 'two'])
          await storage.recordInstallationFact({
            deliveryId,
            installationIndex: 'index',
            fact: { kind: 'removed' },
          })
        clock.now += 9 * DAY_MS
      },
      'webhook_deliveries',
      (storage) => storage.purgeInstallationFacts(),
      // One delivery, and what both told.
      2,
      1,
    ],
  ]

  test.each(LEFT)(
    'does not hold up %s, and has its turn later',
    async (_what, make, table, act, first, then) => {
      const scenario = await open()
      await make(scenario)
      const others = await begin(`SELECT 1 FROM ${table} LIMIT 1 FOR UPDATE`)
      expect(await act(scenario.storage)).toEqual(first)
      await others.query('ROLLBACK')
      expect(await act(scenario.storage)).toEqual(then)
    },
  )

  const MOVES: readonly (readonly [
    string,
    (scenario: Scenario) => Promise<Flow>,
    (scenario: Scenario, flow: Flow) => Promise<{ readonly outcome: string } | undefined>,
    string | undefined,
  ])[] = [
    ['a return', ({ waiting }) => waiting(), ({ accept }, flow) => accept(flow), 'ended'],
    [
      'a confirmation',
      ({ returned }) => returned(),
      ({ storage }, { tenantId, flowId }) => storage.confirmReturn(tenantId, flowId, CONFIRM),
      undefined,
    ],
    [
      'an authorization',
      ({ authorizing }) => authorizing(),
      ({ storage }, { tenantId, flowId }) =>
        storage.acceptAuthorization(tenantId, flowId, {
          next: 'binding',
          authorizationSealed: 'code',
          ...NO_LIMIT,
        }),
      undefined,
    ],
  ]

  test.each(MOVES)('is waited for by %s, which finds the flow ended', async (_what, reach, move, outcome) => {
    const scenario = await open()
    const flow = await reach(scenario)
    const others = await begin(`UPDATE flows SET status = 'cancelled' WHERE flow_id = '${flow.flowId}'`)
    const moved = move(scenario, flow)
    await untilItWaits(moved)
    await others.query('COMMIT')
    expect((await moved)?.outcome).toBe(outcome)
    expect((await scenario.read(flow)).status).toBe('cancelled')
    expect(await scenario.storage.findNextDueInMs()).toBeUndefined()
  })

  test('is waited for by a proof, which is not kept when somebody else took the job', async () => {
    const { storage, binding, read } = await open()
    const flow = await binding()
    await storage.claimJobs('owner', CLAIM)
    const others = await begin(`UPDATE binding_jobs SET lease_owner = 'other'`)
    const kept = storage.recordProof('owner', flow.flowId, { login: 'acme' })
    await untilItWaits(kept)
    await others.query('COMMIT')
    expect(await kept).toBe(false)
    expect(await read(flow)).toEqual(flow)
  })
})

test('says what is wrong with a flow that has come back without its installation, and changes nothing', async () => {
  const { storage, returned, binding, read } = await open()
  const confirmed = await returned({ userId: 'user-1' })
  const queued = await binding({ userId: 'user-2' })
  await storage.claimJobs('owner', CLAIM)
  await server().query(url, 'UPDATE connect_github.flows SET installation_sealed = NULL')
  await expect(storage.confirmReturn(confirmed.tenantId, confirmed.flowId, CONFIRM)).rejects.toThrow(
    'storage: a flow in returned has no installation',
  )
  const connected = { status: 'connected', account: ACCOUNT, registeredAt: 1 } as const
  await expect(storage.completeJob('owner', queued.flowId, connected)).rejects.toThrow(
    'storage: a binding flow has no installation',
  )
  for (const flow of [confirmed, queued]) expect(await read(flow)).toEqual({ ...flow, installation: null })
})

test('leaves nothing in a reduced row but the status, the error, the times and hashes, whatever was in it', async () => {
  const { storage, ended } = await open()
  const { flowId } = await ended({ status: 'refused', error: 'internal', account: null })
  const columns = await server().query(
    url,
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
    WHERE table_schema = 'connect_github' AND table_name = 'flows' AND is_nullable = 'YES'`,
  )
  const filled = columns.map(({ name, type }) => ({ name: String(name), isText: type === 'text' }))
  expect(filled.length).toBeGreaterThan(10)
  const values = filled.map(({ name, isText }) => `${name} = ${isText ? "'remains'" : 1}`)
  await server().query(
    url,
    `UPDATE connect_github.flows SET host_origin = 'remains', return_to = 'remains', ${values.join(', ')}`,
  )
  expect(await storage.reduceFlows(AT_ONCE, hashOf)).toBe(1)
  const rows = await server().query(url, 'SELECT * FROM connect_github.flows')
  const kept = { error: 'remains', installation_index: 'remains' }
  expect(rows).toMatchObject([
    {
      ...Object.fromEntries(filled.map(({ name }) => [name, null])),
      ...kept,
      flow_id: hashOf(flowId),
      tenant_id: 'hash of tenant-a',
      user_id: 'hash of user-a',
      state_hash: hashOf(flowId),
      host_origin: '',
      return_to: '',
      status: 'refused',
      reduced: 1,
    },
  ])
})

async function cancelTwo({ storage, waiting }: Scenario): Promise<void> {
  for (const userId of ['user-1', 'user-2']) {
    const { tenantId, flowId } = await waiting({ userId })
    await storage.endFlow(tenantId, flowId, CANCELLED)
  }
}
