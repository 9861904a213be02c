// The store that the configuration names is opened with the process's clock and owner, and described without anything secret.
import { hostname } from 'node:os'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../bff/secret.ts'
import { createJobOwner } from '../../bff/storage/job-owner.ts'
import { describeDatabase, openStorage } from '../../bff/storage/open-storage.ts'
import { describePostgres } from '../../bff/storage/postgres-url.ts'
import { createScenario, START_AT } from './scenario.ts'

const memory = { kind: 'sqlite', file: ':memory:' } as const
const unused = (): never => {
  throw new Error('nothing is fatal here')
}

describe('a SQLite store', () => {
  test('goes by the clock that is given, and otherwise by the process’s', async () => {
    const options = { database: memory, owner: createJobOwner(), onFatal: unused }
    const given = await openStorage({ ...options, now: () => START_AT })
    expect(await given.now()).toBe(START_AT)
    await given.close()
    const before = Date.now()
    const own = await openStorage({ ...options, now: undefined })
    expect(await own.now()).toBeGreaterThanOrEqual(before)
    expect(await own.now()).toBeLessThanOrEqual(Date.now())
    await own.close()
  })

  test('takes over at once what a predecessor with the same process id held', async () => {
    const owner = createJobOwner()
    const storage = await openStorage({ database: memory, owner, now: () => START_AT, onFatal: unused })
    await createScenario(storage, { now: START_AT }).binding()
    const claim = { leaseMs: 60_000, limit: 5 }
    expect(await storage.claimJobs(`${hostname()}/${process.pid}/predecessor`, claim)).toHaveLength(1)
    expect(await storage.claimJobs(owner, claim)).toHaveLength(1)
    expect(await storage.claimJobs(createJobOwner(), claim)).toHaveLength(0)
    await storage.close()
  })
})

test('a PostgreSQL database that is not there is refused with its cure', async () => {
  const url = new Secret('postgres://ann:secret@127.0.0.1:9/app')
  const database = { kind: 'postgres', url } as const
  const opened = openStorage({ database, owner: createJobOwner(), now: undefined, onFatal: unused })
  await expect(opened).rejects.toThrow('The database 127.0.0.1:9/app cannot be opened (ECONNREFUSED)')
})

describe('for operators, a database', () => {
  test('is its file', () => {
    expect(describeDatabase({ kind: 'sqlite', file: '/var/lib/x.db' })).toBe('/var/lib/x.db')
  })

  test('is host, port and name, and never user or password', () => {
    const url = new Secret('postgres://ann:secret@db.example:6432/app?sslmode=require')
    expect(describeDatabase({ kind: 'postgres', url })).toBe('db.example:6432/app')
  })

  test.each([
    ['postgres://db.example/app', 'db.example:5432/app'],
    ['postgres://db.example', 'db.example:5432/'],
    ['postgres:///app', 'localhost:5432/app'],
    ['postgres:///app?host=/run/postgresql', '/run/postgresql:5432/app'],
  ])('%s is %s', (url, described) => {
    expect(describePostgres(url)).toBe(described)
  })
})
