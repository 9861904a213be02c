// What two transactions on PostgreSQL do that meet at one row.
import { describe, expect, test, vi } from 'vitest'
import type { Flow, Storage } from '../../bff/storage/storage.ts'
import { createOtherProgram } from './other-transaction.ts'
import { createPostgresOpener } from './postgres-opener.ts'
import { CONFIRM, createScenario, NO_LIMIT, START_AT, type Scenario } from './scenario.ts'

vi.setConfig({ testTimeout: 60_000 })

const opener = createPostgresOpener()
const { url, begin, untilItWaits } = createOtherProgram(opener, [
  'flows',
  'binding_jobs',
  'webhook_deliveries',
  'installation_facts',
])
const DAY_MS = 24 * 60 * 60_000
const CANCELLED = { from: ['waiting'], status: 'cancelled', error: null } as const
const UNAPPROVED = { from: ['waiting'], status: 'awaiting_approval', error: null } as const
const CLAIM = { leaseMs: 1000, limit: 10 } as const
/** Whatever has ended, at once. */
const AT_ONCE = { endedMs: -1, awaitingMs: -1 } as const
const hashOf = (value: string): string => `hash of ${value}`

async function open(): Promise<Scenario> {
  const clock = { now: START_AT }
  return createScenario(await opener.openStorage({ url: url(), now: () => clock.now }), clock)
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

  test.each([
    [
      'the end of a job',
      (storage: Storage, flowId: string) =>
        storage.completeJob('owner', flowId, { status: 'refused', error: 'internal', account: null }),
    ],
    ['asking GitHub again', (storage: Storage, flowId: string) => storage.authorizeAgain('owner', flowId)],
    [
      'giving a job back',
      (storage: Storage, flowId: string) =>
        storage.retryJob('owner', flowId, { delayMs: 0, outcomeUnknown: false }),
    ],
    [
      'a proof',
      (storage: Storage, flowId: string) => storage.recordProof('owner', flowId, { login: 'acme' }),
    ],
  ])('is waited for by %s, which comes to nothing when somebody else took the job', async (_what, act) => {
    const { storage, binding, read } = await open()
    const flow = await binding()
    await storage.claimJobs('owner', CLAIM)
    const others = await begin(`UPDATE binding_jobs SET lease_owner = 'other'`)
    const done = act(storage, flow.flowId)
    await untilItWaits(done)
    await others.query('COMMIT')
    expect(await done).toBe(false)
    expect(await read(flow)).toEqual(flow)
    const last = { status: 'refused', error: 'internal', account: null } as const
    expect(await storage.completeJob('other', flow.flowId, last)).toBe(true)
  })

  test.each([
    ['told of again', `UPDATE installation_facts SET told_at = ${START_AT + 9 * DAY_MS}`],
    [
      'connected',
      `INSERT INTO connections (tenant_id, installation_sealed, installation_index, account_login, account_type,
        connected_by, registered_at, checked_at, asked_at)
      VALUES ('tenant-z', 'sealed', 'index', 'acme', 'User', 'user', 1, 1, 1)`,
    ],
  ])(
    'is waited for by the forgetting of an installation, which is kept when it was %s',
    async (_what, sql) => {
      const { storage, clock } = await open()
      const fact = { kind: 'removed' } as const
      await storage.recordInstallationFact({ deliveryId: 'one', installationIndex: 'index', fact })
      clock.now += 2 * DAY_MS
      const others = await begin(
        `SELECT pg_advisory_xact_lock(hashtextextended('connect-github installation index', 0))`,
      )
      const forgotten = storage.purgeInstallationFacts()
      await untilItWaits(forgotten)
      await others.query(sql)
      await others.query('COMMIT')
      expect(await forgotten).toBe(0)
      const rows = await opener
        .server()
        .query(url(), 'SELECT installation_index FROM connect_github.installation_facts')
      expect(rows).toEqual([{ installation_index: 'index' }])
      await storage.forgetConnection('tenant-z')
    },
  )
})

async function cancelTwo({ storage, waiting }: Scenario): Promise<void> {
  for (const userId of ['user-1', 'user-2']) {
    const { tenantId, flowId } = await waiting({ userId })
    await storage.endFlow(tenantId, flowId, CANCELLED)
  }
}
