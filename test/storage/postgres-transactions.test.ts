// What a transaction sends, when it runs again, and what becomes of its connection, on a driver that fails as it is told to. What the
// server makes of it is in postgres-failures.test.ts and postgres-locks.test.ts.
import pg from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFlowChanges } from '../../bff/storage/flow-changes.ts'
import {
  createPostgresTransactions,
  nowOf,
  readNow,
  type Locks,
  type PostgresTransactions,
} from '../../bff/storage/postgres-transactions.ts'
import { StorageError } from '../../bff/storage/storage.ts'

const NOW = 1_800_000_000_000

const refusal = (code: string): Error => Object.assign(new pg.DatabaseError('refused', 0, 'error'), { code })
const GIVES_WAY = refusal('40P01')
const SHUT_DOWN = refusal('57P01')
const MISTAKE = refusal('23505')
const LOST = new Error('Connection terminated unexpectedly')

/** Everything that was sent, and `given back` or `destroyed` for what became of the connection. */
let sent: string[]
/** Values of the statements that have some. */
let values: unknown[][]
/** What each statement with this beginning fails with, one after the other; then it succeeds. */
let failures: Record<string, (Error | undefined)[]>
let status: 'I' | 'T'
let refused: Error | undefined
let told: string[]
let transactions: PostgresTransactions

/** What the store uses of the driver's pool and its clients. */
const client = {
  query(query: string | { readonly text: string; readonly values: unknown[] }): Promise<unknown> {
    const text = (typeof query === 'string' ? query : query.text).trim()
    sent.push(text.replace(/\s[^]*/, ''))
    if (typeof query !== 'string' && query.values.length > 0) values.push(query.values)
    const beginning = Object.keys(failures).find((name) => text.startsWith(name))
    const failure = beginning === undefined ? undefined : failures[beginning]?.shift()
    if (failure !== undefined) return Promise.reject(failure)
    if (text.startsWith('BEGIN')) status = 'T'
    if (/^(COMMIT|ROLLBACK)/.test(text)) status = 'I'
    return Promise.resolve({ rows: [{ now: NOW }], rowCount: 3 })
  },
  getTransactionStatus: () => status,
  release: (isBroken?: boolean) => void sent.push(isBroken === true ? 'destroyed' : 'given back'),
}
const pool = {
  connect: () => (refused === undefined ? Promise.resolve(client) : Promise.reject(refused)),
}

beforeEach(() => {
  sent = []
  values = []
  failures = {}
  status = 'I'
  refused = undefined
  told = []
  const changes = createFlowChanges()
  changes.subscribe((flowId) => told.push(flowId))
  // The store uses nothing of a pool but what this one has.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const parts = { pool: pool as unknown as pg.Pool, changes, store: 'own', now: () => NOW + 0.5 }
  transactions = createPostgresTransactions(parts)
})

const change = (flowId?: string): Promise<number> =>
  transactions.write(async (tx) => {
    if (flowId !== undefined) tx.changed(flowId)
    return tx.run('UPDATE something')
  })

async function kindOf(work: Promise<unknown>): Promise<unknown> {
  const error: unknown = await work.then(
    () => 'no error',
    (reason: unknown) => reason,
  )
  return error instanceof StorageError ? [error.kind, error.cause] : error
}

describe('a change', () => {
  it('is a transaction on one connection, which is given back', async () => {
    expect(await change()).toBe(3)
    expect(sent).toEqual(['BEGIN', 'UPDATE', 'COMMIT', 'given back'])
    expect(told).toEqual([])
  })

  it('of flows is told within the transaction, and here when it is over', async () => {
    await change('flow-1')
    expect(sent).toEqual(['BEGIN', 'UPDATE', 'SELECT', 'COMMIT', 'given back'])
    expect(values).toEqual([['own', ['flow-1']]])
    expect(told).toEqual(['flow-1'])
  })

  it('that gave way runs again, up to four times, and tells of its last run only', async () => {
    failures = { UPDATE: Array.from({ length: 4 }, () => GIVES_WAY) }
    let run = 0
    await transactions.write(async (tx) => {
      run += 1
      tx.changed(`flow-${run}`)
      return tx.run('UPDATE something')
    })
    expect(run).toBe(5)
    expect(told).toEqual(['flow-5'])
    expect(sent.filter((text) => text === 'ROLLBACK')).toHaveLength(4)
    expect(sent.filter((text) => text === 'given back')).toHaveLength(5)

    failures = { UPDATE: Array.from({ length: 6 }, () => GIVES_WAY) }
    expect(await kindOf(change())).toEqual(['busy', GIVES_WAY])
    expect(failures['UPDATE']).toHaveLength(1)
  })

  it.each([
    ['the connection', LOST],
    ['the server', SHUT_DOWN],
  ])('that lost %s runs again once, on another connection', async (_what, loss) => {
    failures = { UPDATE: [loss] }
    expect(await change()).toBe(3)
    expect(sent).toEqual(['BEGIN', 'UPDATE', 'destroyed', 'BEGIN', 'UPDATE', 'COMMIT', 'given back'])
    sent = []
    failures = { UPDATE: [loss, loss, loss] }
    expect(await kindOf(change())).toEqual(['busy', loss])
    expect(sent.filter((text) => text === 'BEGIN')).toHaveLength(2)
  })

  it('that lost the connection may still give way afterwards', async () => {
    failures = { UPDATE: [LOST, GIVES_WAY] }
    expect(await change()).toBe(3)
    failures = { UPDATE: [LOST, GIVES_WAY, LOST] }
    expect(await kindOf(change())).toEqual(['busy', LOST])
  })

  it('that is a mistake fails as it is, and is rolled back', async () => {
    failures = { UPDATE: [MISTAKE] }
    expect(await kindOf(change('flow-1'))).toBe(MISTAKE)
    expect(sent).toEqual(['BEGIN', 'UPDATE', 'ROLLBACK', 'given back'])
    expect(told).toEqual([])
  })

  it('that the commit refuses has not happened: it runs again where it gave way, else it fails', async () => {
    failures = { COMMIT: [GIVES_WAY] }
    expect(await change()).toBe(3)
    expect(sent.filter((text) => text === 'COMMIT')).toHaveLength(2)
    failures = { COMMIT: [MISTAKE] }
    expect(await kindOf(change('flow-1'))).toBe(MISTAKE)
    expect(told).toEqual([])
  })

  it.each([
    ['the connection', LOST],
    ['the server', SHUT_DOWN],
    ['an answer', new Error('nobody knows')],
  ])(
    'that lost %s in the commit may have happened: it does not run again, and is told',
    async (_what, loss) => {
      failures = { COMMIT: [loss] }
      expect(await kindOf(change('flow-1'))).toEqual(['busy', loss])
      expect(sent).toEqual(['BEGIN', 'UPDATE', 'SELECT', 'COMMIT', 'destroyed'])
      expect(told).toEqual(['flow-1'])
    },
  )
})

describe('a connection', () => {
  it('that cannot be had in time is busy, and not waited for again', async () => {
    refused = LOST
    expect(await kindOf(change())).toEqual(['busy', LOST])
    expect(sent).toEqual([])
  })

  it('whose transaction is over already is given back without more', async () => {
    failures = { SELECT: [MISTAKE] }
    expect(await kindOf(transactions.read((queries) => queries.all('SELECT 1')))).toBe(MISTAKE)
    expect(sent).toEqual(['SELECT', 'given back'])
  })

  it('that cannot be rolled back is not used again', async () => {
    failures = { UPDATE: [MISTAKE], ROLLBACK: [new Error('no answer')] }
    expect(await kindOf(change())).toBe(MISTAKE)
    expect(sent).toEqual(['BEGIN', 'UPDATE', 'ROLLBACK', 'destroyed'])
  })

  it('whose work says that the store is busy is not used again', async () => {
    const busy = new StorageError('busy', { cause: MISTAKE })
    const work = transactions.write(() => Promise.reject(busy))
    await expect(work).rejects.toBe(busy)
    expect(sent).toEqual(['BEGIN', 'destroyed'])
  })
})

describe('locks', () => {
  const namesOf = async (locks: Locks): Promise<unknown> => {
    values = []
    expect(await transactions.write((tx) => tx.lock(locks))).toBe(NOW)
    return values[0]
  }

  it('are taken in one order: the flow, the tenant, the organization, installations', async () => {
    const all = { installations: ['b', 'a'], organization: 'org', tenantId: 'tenant', flowId: 'flow' }
    expect(await namesOf(all)).toEqual([
      NOW,
      [
        'connect-github flow flow',
        'connect-github tenant tenant',
        'connect-github organization org',
        'connect-github installation a',
        'connect-github installation b',
      ],
    ])
  })

  it('are none for what is not named; no organization is one that all who have none share', async () => {
    expect(await namesOf({})).toEqual([NOW, []])
    expect(await namesOf({ organization: null })).toEqual([NOW, ['connect-github organization ']])
    expect(await transactions.write((tx) => tx.readClock())).toBe(NOW)
  })
})

describe('the clock', () => {
  it('is the one that was given, in whole milliseconds, or the database’s', () => {
    expect(nowOf(() => 7.9)).toBe(7)
    expect(nowOf(undefined)).toBeNull()
  })

  it.each([[undefined], [null], ['now'], [{}], [{ now: '1' }], [{ now: 1.5 }], [{ now: null }]])(
    'is not read from %j',
    (row) => {
      expect(() => readNow(row)).toThrow('storage: the database told no time')
    },
  )
})
