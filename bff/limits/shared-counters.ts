// Counts in PostgreSQL, one budget for all processes; in memory, one for each of them, while the database does not answer.
import { RateLimiterPostgres, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import type { Log } from '../log.ts'
import { createPostgresPool, SCHEMA } from '../storage/postgres-connection.ts'
import { deleteOldCounts } from '../storage/postgres-rate-limits.ts'
import { MAX_KEYS, type BoundedRateLimiterMemory } from './bounded-memory.ts'

/** Of its own, so that counting never waits for the connections of those who are served, nor they for counting. */
const POOL = {
  max: 2,
  // A request waits for both at the most once in `PAUSE_MS`.
  connectionTimeoutMillis: 1_000,
  query_timeout: 1_000,
}
/** How long a database that did not answer is left alone. */
const PAUSE_MS = 5_000
const CLEAN_EVERY_MS = 60_000

export interface SharedCounters {
  /** A limiter that counts in the database. */
  share(limit: string, memory: BoundedRateLimiterMemory): RateLimiterAbstract
  close(): Promise<void>
}

/** @param url of a database whose schema has been made. */
export function createSharedCounters(url: string, log: Pick<Log, 'info' | 'warn'>): SharedCounters {
  const pool = createPostgresPool(url, POOL)
  const client = createPausingClient(pool, log)
  const optionsOf = (limit: string) => ({
    storeClient: client,
    storeType: 'client',
    schemaName: SCHEMA,
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix: limit,
    clearExpiredByTimeout: false,
  })
  // What is not deleted this time is the next; an old count is never taken for a new one.
  const clean = (): void => void deleteOldCounts(pool, Date.now()).catch(() => undefined)
  const cleaning = setInterval(clean, CLEAN_EVERY_MS)
  cleaning.unref()

  return {
    share: (limit, memory) =>
      new SharedRateLimiter({
        ...optionsOf(limit),
        points: memory.points,
        duration: memory.duration,
        insuranceLimiter: memory,
        // Whoever has used up a budget is refused from memory: a flood must not become one of statements.
        inMemoryBlockOnConsumed: memory.points,
      }),
    async close() {
      clearInterval(cleaning)
      await pool.end()
    },
  }
}

/** The library remembers whom it has refused for `consume` only; whoever merely asks would cost a statement each time. */
class SharedRateLimiter extends RateLimiterPostgres {
  /** Until when a key has nothing left, by `performance.now`. */
  readonly #usedUp = new Map<string, number>()

  override async get(key: string): Promise<RateLimiterRes | null> {
    const leftMs = (this.#usedUp.get(key) ?? 0) - performance.now()
    if (leftMs > 0) return new RateLimiterRes(0, leftMs, this.points)
    const counted = await super.get(key)
    if (counted !== null && counted.remainingPoints <= 0) this.#remember(key, counted.msBeforeNext)
    return counted
  }

  #remember(key: string, leftMs: number): void {
    this.#usedUp.delete(key)
    const [oldest] = this.#usedUp.keys()
    if (this.#usedUp.size >= MAX_KEYS && oldest !== undefined) this.#usedUp.delete(oldest)
    this.#usedUp.set(key, performance.now() + leftMs)
  }
}

type Pool = ReturnType<typeof createPostgresPool>

/** What the library asks of a connection. */
interface Client {
  query(query: { readonly text: string }): Promise<unknown>
}

/** Fails at once for a while after a failure, so that not every request waits for a database that is away. */
function createPausingClient(pool: Pool, log: Pick<Log, 'info' | 'warn'>): Client {
  let pausedUntil = 0
  let isAway = false
  return {
    async query(query) {
      if (performance.now() < pausedUntil) throw new Error('the database is left alone for a moment')
      try {
        const result = await pool.query(query)
        if (isAway) log.info('limits_shared_again')
        isAway = false
        return result
      } catch (error) {
        pausedUntil = performance.now() + PAUSE_MS
        if (!isAway) log.warn('limits_not_shared', { error })
        isAway = true
        throw error
      }
    },
  }
}
