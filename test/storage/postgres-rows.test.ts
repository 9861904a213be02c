// What only a look at PostgreSQL's rows can show: what a reduced one still holds, and one that is not as it should be.
import { expect, test, vi } from 'vitest'
import { createPostgresOpener } from './postgres-opener.ts'
import { ACCOUNT, CONFIRM, createScenario, START_AT } from './scenario.ts'

vi.setConfig({ testTimeout: 60_000 })

const { server, createDatabase, openStorage } = createPostgresOpener()

async function open() {
  const url = await createDatabase()
  const storage = await openStorage({ url, now: () => START_AT })
  return { url, ...createScenario(storage, { now: START_AT }) }
}

test('says what is wrong with a flow that has come back without its installation, and changes nothing', async () => {
  const { url, storage, returned, binding, read } = await open()
  const confirmed = await returned({ userId: 'user-1' })
  const queued = await binding({ userId: 'user-2' })
  await storage.claimJobs('owner', { leaseMs: 1000, limit: 1 })
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

const hashOf = (value: string): string => `hash of ${value}`

test('leaves nothing in a reduced row but the status, the error, the times and hashes, whatever was in it', async () => {
  const { url, storage, ended } = await open()
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
  expect(await storage.reduceFlows({ endedMs: -1, awaitingMs: -1 }, hashOf)).toBe(1)
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
