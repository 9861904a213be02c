// Runs every read and write on PostgreSQL: locks in one order, the database's clock, retries, news of changes with the commit.
import type { Pool, PoolClient } from 'pg'
import pg from 'pg'
import type { FlowChanges } from './flow-changes.ts'
import { isConnectionLost, isGivingWay, toStorageError } from './postgres-errors.ts'
import { toQuery, type Values } from './postgres-statements.ts'
import { StorageError } from './storage.ts'

/** The channel on which every store of the database hears of the others' changes: `<store> <flow id>`. */
export const CHANGES_CHANNEL = 'connect_github_flows'

/** How often a transaction runs again that had to give way to another, or whose connection was lost before the commit. */
const MAX_RETRIES = 4

/** Now in epoch milliseconds, for a statement that is a transaction of its own. @now is null for the database's clock. */
export const NOW = `coalesce(@now::bigint, floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint)`

// The locks are counted in a subquery so that the clock is read when all of them are held: who waited decides by the time of deciding.
const LOCK = `
  SELECT coalesce(@now::bigint, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) AS now, held
  FROM (
    SELECT count(pg_advisory_xact_lock(hashtextextended(name, 0))::text) AS held
    FROM unnest(@names::text[]) AS name
  ) AS locks`

const NOTIFY = `SELECT pg_notify('${CHANGES_CHANNEL}', @store || ' ' || flow_id) FROM unnest(@flowIds::text[]) AS flow_id`

/** What a transaction can lock; several things of one kind as a list. */
export interface Locks {
  readonly tenantId?: string
  readonly organization?: string | null
  readonly installations?: readonly string[]
  readonly flowId?: string
}

export interface PostgresQueries {
  all(sql: string, values?: Values): Promise<readonly unknown[]>
  /** The first row, or undefined. */
  get(sql: string, values?: Values): Promise<unknown>
  /** How many rows were changed. */
  run(sql: string, values?: Values): Promise<number>
}

export interface PostgresTransaction extends PostgresQueries {
  /** Now, in epoch milliseconds, when nothing has to be locked. */
  readClock(): Promise<number>
  /**
   * Waits until nobody else holds any of these, and keeps them until the transaction ends. Call it once, before any row is locked. Rows
   * read before may have changed since; statements that follow see everything their last holders did.
   *
   * @returns now, in epoch milliseconds.
   */
  lock(locks: Locks): Promise<number>
  /** To be called with the id of each flow that the transaction changes. */
  changed(flowId: string): void
}

export interface PostgresTransactions {
  /** For one statement that changes nothing. */
  read<T>(work: (queries: PostgresQueries) => Promise<T>): Promise<T>
  /** `work` may be called again: everything it does has to be in the transaction. */
  write<T>(work: (transaction: PostgresTransaction) => Promise<T>): Promise<T>
}

export interface PostgresTransactionsOptions {
  readonly pool: Pool
  readonly changes: FlowChanges
  /** The name under which this store tells the others of its changes. */
  readonly store: string
  /** Default: the database's clock. */
  readonly now: (() => number) | undefined
}

export function createPostgresTransactions(options: PostgresTransactionsOptions): PostgresTransactions {
  const { pool, changes, store, now } = options

  /** Runs `work` on a connection, and again when nothing of it can have taken effect. */
  async function run<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    let isReconnected = false
    for (let retries = 0; ; retries += 1) {
      try {
        return await runOnce(pool, work)
      } catch (error) {
        const canRetry = isGivingWay(error) || (isConnectionLost(error) && !isReconnected)
        if (!canRetry || retries >= MAX_RETRIES) throw toStorageError(error)
        // Once only: a connection that was lost while nobody used it is replaced; a server that is away is not waited for.
        isReconnected ||= isConnectionLost(error)
      }
    }
  }

  async function commit(client: PoolClient, changed: ReadonlySet<string>): Promise<void> {
    const flowIds = Array.from(changed)
    // Part of the transaction, so that no crash can come between a change and its news.
    if (flowIds.length > 0) await createQueries(client).run(NOTIFY, { store, flowIds })
    try {
      await client.query('COMMIT')
    } catch (error) {
      if (!isConnectionLost(error) && error instanceof pg.DatabaseError) throw error
      // It may have been committed, so it must not run again; whoever listens here had better look.
      changes.notify(changed)
      throw new StorageError('busy', { cause: error })
    }
  }

  return {
    read: (work) => run((client) => work(createQueries(client))),

    async write(work) {
      const changed = new Set<string>()
      const result = await run(async (client) => {
        changed.clear()
        await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
        const queries = createQueries(client)
        const lock = async (locks: Locks): Promise<number> =>
          readNow(await queries.get(LOCK, { now: nowOf(now), names: namesOf(locks) }))
        const done = await work({
          ...queries,
          readClock: () => lock({}),
          lock,
          changed: (flowId) => void changed.add(flowId),
        })
        await commit(client, changed)
        return done
      })
      changes.notify(changed)
      return result
    },
  }
}

/** The value of `@now`: null is the database's clock. Whole milliseconds, because the columns are integers. */
export function nowOf(now: (() => number) | undefined): number | null {
  return now === undefined ? null : Math.floor(now())
}

/** The column `now` of a row. */
export function readNow(row: unknown): number {
  const now = typeof row === 'object' && row !== null && 'now' in row ? row.now : undefined
  if (typeof now !== 'number' || !Number.isSafeInteger(now))
    throw new Error('storage: the database told no time')
  return now
}

/** In one order for all transactions, so that no two wait for each other: the flow, the tenant, its organization, installations. */
function namesOf({ tenantId, organization, installations = [], flowId }: Locks): string[] {
  const names = []
  if (flowId !== undefined) names.push(`flow ${flowId}`)
  if (tenantId !== undefined) names.push(`tenant ${tenantId}`)
  if (organization !== undefined) names.push(`organization ${organization ?? ''}`)
  names.push(...installations.map((index) => `installation ${index}`).toSorted())
  return names.map((name) => `connect-github ${name}`)
}

async function runOnce<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  // Not tried again: who waited for a connection in vain has waited long enough.
  const client = await pool.connect().catch((cause: unknown) => {
    throw new StorageError('busy', { cause })
  })
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    await giveBack(client, error)
    throw error
  }
}

/** A connection that may still be in a transaction, or owe an answer, is not used again. */
async function giveBack(client: PoolClient, error: unknown): Promise<void> {
  if (error instanceof StorageError || isConnectionLost(error)) return client.release(true)
  try {
    if (client.getTransactionStatus() !== 'I') await client.query('ROLLBACK')
    client.release()
  } catch {
    client.release(true)
  }
}

function createQueries(client: PoolClient): PostgresQueries {
  const query = (sql: string, values: Values = {}) => client.query(toQuery(sql, values))
  return {
    all: async (sql, values) => (await query(sql, values)).rows,
    get: async (sql, values): Promise<unknown> => (await query(sql, values)).rows[0],
    run: async (sql, values) => (await query(sql, values)).rowCount ?? 0,
  }
}
