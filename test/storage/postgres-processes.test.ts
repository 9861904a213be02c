// Four processes on one PostgreSQL database, at the same moment: what only one may get, one gets; what was acknowledged survives a kill.
import { once } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { openPostgresStorage } from '../../bff/storage/postgres.ts'
import { copyBroken } from '../flow/broken-bff.ts'
import { createPostgresOpener } from './postgres-opener.ts'
import { countAnswers, letGo, runTogether, startWorker, type Task } from './postgres-processes.ts'
import { createScenario, required, type FlowChoice } from './scenario.ts'

vi.setConfig({ testTimeout: 60_000 })

const { server, createDatabase, openStorage } = createPostgresOpener({ durable: true })
const PROCESSES = [1, 2, 3, 4]

/** A database with waiting flows, one for each choice; their state hashes. */
async function prepare(choices: readonly FlowChoice[]) {
  const url = await createDatabase()
  const storage = await openStorage({ url })
  const { waiting } = createScenario(storage, { now: Date.now() })
  const stateHashes: string[] = []
  for (const choice of choices) stateHashes.push((await waiting(choice)).stateHash)
  return { url, storage, stateHashes }
}

function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n))
}

test('accept 50 returns in 4 processes at once, each exactly once', async () => {
  const { url, stateHashes } = await prepare(times(50, (n) => ({ userId: `user-${n}` })))
  const tasks = PROCESSES.map((name) => ({
    url,
    returns: stateHashes.map((stateHash) => ({ stateHash, index: `index-${name}` })),
  }))
  const lines = await runTogether(tasks)
  expect(countAnswers(lines)).toEqual({ accepted: 50, replayed: 150 })
  const accepted = lines.filter((line) => line.endsWith(' accepted')).map((line) => line.split(' ')[0])
  expect(new Set(accepted)).toEqual(new Set(stateHashes))
})

test('hand each job to one of 4 processes', async () => {
  const { url, stateHashes } = await prepare(times(40, (n) => ({ userId: `user-${n}` })))
  const [accepting, ...others] = PROCESSES.map((n): Task => ({ url, claimAs: `owner-${n}` }))
  const returns = stateHashes.map((stateHash) => ({ stateHash, index: 'index-1' }))
  await runTogether([{ url, returns }])
  const lines = await runTogether([required(accepting), ...others])
  expect(lines.toSorted()).toEqual(stateHashes.map((stateHash) => `${stateHash} claimed`).toSorted())
})

/** Each process is another tenant, and each brings the same ten installations to ten organizations of its own. */
async function bringTheSameInstallations(directory?: string) {
  const rounds = 10
  const choices = PROCESSES.flatMap((n) =>
    times(rounds, (round) => ({
      tenantId: `tenant-${n}`,
      userId: `user-${round}`,
      organization: `org-${n}-${round}`,
    })),
  )
  const { url, stateHashes } = await prepare(choices)
  return runTogether(
    PROCESSES.map((_, position) => ({
      url,
      returns: times(rounds, (round) => ({
        stateHash: required(stateHashes[position * rounds + round]),
        index: `index-${round}`,
      })),
      ...(directory === undefined ? {} : { directory }),
    })),
  )
}

/** 40 returns of one tenant, ten in each process, of which seven may go through. */
async function bringMoreThanAllowed(directory?: string) {
  const { url, stateHashes } = await prepare(times(40, (n) => ({ userId: `user-${n}` })))
  return runTogether(
    PROCESSES.map((_, position) => ({
      url,
      limit: 7,
      returns: stateHashes
        .slice(10 * position, 10 * position + 10)
        .map((stateHash) => ({ stateHash, index: 'index-1' })),
      ...(directory === undefined ? {} : { directory }),
    })),
  )
}

describe('tenants in 4 processes', () => {
  test('get each installation once', async () => {
    expect(countAnswers(await bringTheSameInstallations())).toEqual({ accepted: 10, taken: 30 })
  })

  test('get each organization once', async () => {
    const choices = PROCESSES.flatMap((n) =>
      times(10, (round) => ({
        tenantId: `tenant-${n}`,
        userId: `user-${round}`,
        organization: `org-${round}`,
      })),
    )
    const { url, stateHashes } = await prepare(choices)
    const tasks = PROCESSES.map((n, position) => ({
      url,
      returns: times(10, (round) => ({
        stateHash: required(stateHashes[position * 10 + round]),
        index: `index-${n}-${round}`,
      })),
    }))
    expect(countAnswers(await runTogether(tasks))).toEqual({ accepted: 10, taken: 30 })
  })

  test('get as many tries as the limit allows, and no more', async () => {
    expect(countAnswers(await bringMoreThanAllowed())).toEqual({ accepted: 7, limited: 33 })
  })

  test('get more than that from a store without its locks, so these tests can see it', async () => {
    const directory = copyBroken([
      {
        file: 'storage/postgres-returns.ts',
        from: '  return tx.lock({ tenantId, organization, installations: [index] })',
        to: '  return tx.readClock()',
      },
      // Between the question and what follows from it, so that all of them have asked.
      {
        file: 'storage/postgres-returns.ts',
        from: '  const isTaken = obstacle !== undefined',
        to: '  await new Promise((resolve) => setTimeout(resolve, 300))\n  const isTaken = obstacle !== undefined',
      },
    ])
    expect(countAnswers(await bringTheSameInstallations(directory))['accepted']).toBeGreaterThan(10)
    expect(countAnswers(await bringMoreThanAllowed(directory))['accepted']).toBeGreaterThan(7)
  })
})

test('open a new database at once, and each migration is applied once', async () => {
  const url = await createDatabase()
  await runTogether(PROCESSES.map(() => ({ url })))
  const rows = await server().query(url, 'SELECT id FROM connect_github.migrations ORDER BY id')
  expect(rows.map(({ id }) => id)).toEqual(rows.map((_, position) => position + 1))
  expect(rows.length).toBeGreaterThan(0)
})

test('lose no acknowledged return when one is killed, nor when the server crashes', async () => {
  const { url, storage, stateHashes } = await prepare(times(120, (n) => ({ userId: `user-${n}` })))
  const worker = await startWorker({
    url,
    returns: stateHashes.map((stateHash) => ({ stateHash, index: 'index-1' })),
  })
  const closed = once(worker.child, 'close')
  letGo(worker)
  const acknowledged: string[] = []
  for await (const line of worker.lines) {
    const [stateHash = '', outcome] = line.split(' ')
    expect(outcome).toBe('accepted')
    acknowledged.push(stateHash)
    if (acknowledged.length === 20) worker.child.kill('SIGKILL')
  }
  expect(await closed).toEqual([null, 'SIGKILL'])
  expect(acknowledged.length).toBeLessThan(stateHashes.length)
  for (const stateHash of stateHashes.slice(-20).toReversed()) {
    const installation = { sealed: 'sealed', index: 'index-1' }
    const failureLimit = { count: Number.MAX_SAFE_INTEGER, windowMs: 0 }
    const sealed = { authorizationSealed: null, authorizeStateHash: null }
    await storage.acceptReturn({ stateHash, installation, next: 'binding', ...sealed, failureLimit })
    acknowledged.push(stateHash)
  }
  await server().restart()

  const reopened = await openPostgresStorage({ url })
  const jobs = await reopened.claimJobs('owner', { leaseMs: 1000, limit: 1000 })
  const kept = jobs.map(({ flow }) => flow.stateHash)
  expect(kept).toEqual(expect.arrayContaining(acknowledged))
  expect(jobs.every(({ flow }) => flow.status === 'binding')).toBe(true)
  const unaccepted = stateHashes.filter((stateHash) => !kept.includes(stateHash))
  const flows = await Promise.all(unaccepted.map((stateHash) => reopened.findFlowByState(stateHash)))
  expect(flows.every((flow) => flow?.status === 'waiting')).toBe(true)
  await reopened.close()
})
