// What a change on PostgreSQL waits for when somebody else holds it: so that of two at once one sees what the other did.
import { expect, test, vi } from 'vitest'
import type { Storage } from '../../bff/storage/storage.ts'
import { createOtherProgram } from './other-transaction.ts'
import { createPostgresOpener } from './postgres-opener.ts'
import { ACCOUNT, createScenario, START_AT, type Scenario } from './scenario.ts'

vi.setConfig({ testTimeout: 60_000 })

const opener = createPostgresOpener()
const { url, begin, untilItWaits } = createOtherProgram(opener, [
  'flows',
  'binding_jobs',
  'connections',
  'claims',
  'webhook_deliveries',
  'installation_facts',
])
const CLAIM = { leaseMs: 1000, limit: 10 } as const
const CONNECTED = { status: 'connected', account: ACCOUNT, registeredAt: START_AT } as const

type Act = (storage: Storage) => Promise<unknown>

const WAITS: readonly (readonly [
  what: string,
  /** Without its prefix. */
  lock: string,
  /** Brings about what there is before, and says what is then done. */
  prepare: (scenario: Scenario) => Promise<Act>,
])[] = [
  ['a start', 'tenant tenant-a', start],
  ['a start', 'flow own-flow', start],
  ['a return', 'tenant tenant-a', comeBack],
  ['a return', 'organization org-a', comeBack],
  ['a return', 'installation index-1', comeBack],
  ['the end of a job', 'tenant tenant-a', endJob],
  ['the end of a job', 'organization org-a', endJob],
  ['the end of a job', 'installation index-1', endJob],
  ['a check', 'tenant tenant-a', check],
  ['a check', 'installation index-1', check],
  ['forgetting a connection', 'tenant tenant-a', forget],
  ['a webhook', 'installation index-1', tell],
]

const ORGANIZATION = { organization: 'org-a' }

async function start({ newFlow }: Scenario): Promise<Act> {
  return (storage) => storage.createFlow(newFlow({ flowId: 'own-flow' }))
}

async function comeBack({ waiting, accept }: Scenario): Promise<Act> {
  const flow = await waiting(ORGANIZATION)
  return () => accept(flow)
}

async function endJob({ storage, binding }: Scenario): Promise<Act> {
  const { flowId } = await binding(ORGANIZATION)
  await storage.claimJobs('owner', CLAIM)
  return () => storage.completeJob('owner', flowId, CONNECTED)
}

async function check({ connected }: Scenario): Promise<Act> {
  await connected()
  const installationIndex = 'index-1'
  return (storage) =>
    storage.recordCheck('tenant-a', { installationIndex, reason: 'suspended', account: null })
}

async function forget({ connected }: Scenario): Promise<Act> {
  await connected()
  return (storage) => storage.forgetConnection('tenant-a')
}

async function tell(): Promise<Act> {
  return (storage) =>
    storage.recordInstallationFact({
      deliveryId: 'one',
      installationIndex: 'index-1',
      fact: { kind: 'removed' },
    })
}

test.each(WAITS)('%s waits for whoever holds the %s, and is then done', async (_what, lock, prepare) => {
  const clock = { now: START_AT }
  const storage = await opener.openStorage({ url: url(), now: () => clock.now })
  const act = await prepare(createScenario(storage, clock))
  const other = await begin(`SELECT pg_advisory_xact_lock(hashtextextended('connect-github ${lock}', 0))`)
  const done = act(storage)
  expect(await untilItWaits(done)).toBe(true)
  await other.query('COMMIT')
  await done
})
