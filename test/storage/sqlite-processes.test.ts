// Several processes on one SQLite file, one of them killed, and the names of lease owners that tell who is gone.
import { once } from 'node:events'
import { hostname } from 'node:os'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { createJobOwner, isOwnerGone } from '../../bff/storage/job-owner.ts'
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'
import { finish, prepareFlows, startAccepting } from './sqlite-processes.ts'
import { createTemporaryDirectory } from './temporary-directory.ts'

const nextFile = createTemporaryDirectory()
const PROCESSES = ['1', '2', '3', '4']

describe('processes on one file', () => {
  test('accept 100 returns in 4 processes at once without an error, each exactly once', async () => {
    const file = nextFile()
    const stateHashes = await prepareFlows(file, 100)
    const results = await Promise.all(
      PROCESSES.map((name) => finish(startAccepting({ file, name, stateHashes }))),
    )
    expect(results.map(({ code, errors }) => ({ code, errors }))).toEqual(
      PROCESSES.map(() => ({ code: 0, errors: '' })),
    )
    const lines = results.flatMap((result) => result.lines)
    const accepted = lines.filter((line) => line.endsWith(' accepted')).map((line) => line.split(' ')[0])
    expect(accepted).toHaveLength(stateHashes.length)
    expect(new Set(accepted)).toEqual(new Set(stateHashes))
    expect(lines.filter((line) => line.endsWith(' replayed'))).toHaveLength(300)
  }, 60_000)

  test('open a new file at once, and all succeed', async () => {
    const file = nextFile()
    const results = await Promise.all(PROCESSES.map((name) => finish(startAccepting({ file, name }))))
    expect(results.map(({ code, errors }) => ({ code, errors }))).toEqual(
      PROCESSES.map(() => ({ code: 0, errors: '' })),
    )
  }, 60_000)

  test('lose no acknowledged return when one is killed', async () => {
    const file = nextFile()
    const stateHashes = await prepareFlows(file, 300)
    const child = startAccepting({ file, name: '1', stateHashes })
    const closed = once(child, 'close')
    const acknowledged: string[] = []
    for await (const line of createInterface(child.stdout)) {
      const [stateHash, outcome] = line.split(' ')
      expect(outcome).toBe('accepted')
      acknowledged.push(String(stateHash))
      if (acknowledged.length === 20) child.kill('SIGKILL')
    }
    const [, signal]: unknown[] = await closed
    expect(signal).toBe('SIGKILL')
    expect(acknowledged.length).toBeLessThan(stateHashes.length)

    const storage = await openSqliteStorage({ file })
    const jobs = await storage.claimJobs('owner', { leaseMs: 1000, limit: 1000 })
    const kept = jobs.map(({ flow }) => flow.stateHash)
    expect(kept).toEqual(expect.arrayContaining(acknowledged))
    expect(jobs.every(({ flow }) => flow.status === 'binding')).toBe(true)
    const unaccepted = stateHashes.filter((stateHash) => !kept.includes(stateHash))
    const flows = await Promise.all(unaccepted.map((stateHash) => storage.findFlowByState(stateHash)))
    expect(flows.every((flow) => flow?.status === 'waiting')).toBe(true)
    await storage.close()
  }, 60_000)
})

describe('lease owners', () => {
  const self = createJobOwner()
  const isGone = isOwnerGone(self)

  test('is not gone itself, nor are others of the same process', () => {
    expect(self).toMatch(/^[^/]+\/\d+\/[\w-]{12}$/)
    expect(isGone(self)).toBe(false)
    expect(isGone(createJobOwner())).toBe(false)
  })

  test('takes a stranger with its own process id for its predecessor', () => {
    expect(isGone(`${hostname()}/${process.pid}/AAAAAAAAAAAA`)).toBe(true)
  })

  test('knows whether another process of the host is alive', async () => {
    const child = startAccepting({ file: nextFile(), name: '1' })
    const owner = `${hostname()}/${child.pid}/AAAAAAAAAAAA`
    expect(isGone(owner)).toBe(false)
    await finish(child)
    expect(isGone(owner)).toBe(true)
  })

  test.each([
    ['an owner of another host', `not-${hostname()}/${process.pid}/AAAAAAAAAAAA`],
    ['the host’s first process, whoever runs it', `${hostname()}/1/AAAAAAAAAAAA`],
    ['a name without parts', 'owner'],
    ['an empty name', ''],
    ['a process id of 0, which would mean this process group', `${hostname()}/0/AAAAAAAAAAAA`],
    ['a negative process id, which would mean a group', `${hostname()}/-5/AAAAAAAAAAAA`],
    ['a process id that is no number', `${hostname()}/x/AAAAAAAAAAAA`],
  ])('does not take %s for gone', (_who, owner) => {
    expect(isGone(owner)).toBe(false)
  })
})
