// The PostgreSQL store: one database, any number of processes.
import { randomBytes } from 'node:crypto'
import type { Pool } from 'pg'
import { createFlowChanges, type FlowChanges } from './flow-changes.ts'
import { countFailed } from './postgres-claims.ts'
import {
  checkServerVersion,
  connectToPostgres,
  createPostgresPool,
  toOpeningError,
} from './postgres-connection.ts'
import { createPostgresConnections } from './postgres-connections.ts'
import { createPostgresFlows } from './postgres-flows.ts'
import { createPostgresInstallations } from './postgres-installations.ts'
import { createPostgresJobs } from './postgres-jobs.ts'
import { startPostgresListener, type PostgresListener } from './postgres-listener.ts'
import { createPostgresMeta } from './postgres-meta.ts'
import { migratePostgres } from './postgres-migrations.ts'
import { createPostgresOpenWork } from './postgres-open-work.ts'
import { createPostgresRetention } from './postgres-retention.ts'
import { createPostgresReturns } from './postgres-returns.ts'
import { createPostgresSealed } from './postgres-sealed.ts'
import {
  createPostgresTransactions,
  NOW,
  nowOf,
  readNow,
  type PostgresQueries,
} from './postgres-transactions.ts'
import { createRowReader } from './rows.ts'
import { StorageError, type Storage } from './storage.ts'

export interface PostgresStorageOptions {
  /** `postgres://user:password@host:port/database`, with `sslmode` and the like. */
  readonly url: string
  /** The store's clock, epoch milliseconds. Default: the database's, which is one for all processes. */
  readonly now?: () => number
  /**
   * Whether a lease's owner is certainly gone. Default: nobody is, and leases run out. A process cannot tell for those of other hosts,
   * nor for those of this one that live in another container.
   */
  readonly isOwnerGone?: (owner: string) => boolean
}

/** Longest the connection that listens is silent before it is taken for dead, in milliseconds. */
const LISTENER_ANSWER_TIMEOUT_MS = 5_000

/**
 * Opens the PostgreSQL store, creating or migrating its schema.
 *
 * @throws Error naming the cure when the database cannot be reached or used, is older than PostgreSQL 14, or comes from a newer version of
 * this program.
 */
export async function openPostgresStorage(options: PostgresStorageOptions): Promise<Storage> {
  const { url } = options
  await prepareDatabase(url)
  const store = randomBytes(9).toString('base64url')
  const changes = createFlowChanges()
  const listener = await startPostgresListener({
    connect: () => connectToPostgres(url, { query_timeout: LISTENER_ANSWER_TIMEOUT_MS }),
    store,
    onFlowChanged: (flowId) => changes.notify([flowId]),
    onMissed: () => changes.notifyMissed(),
  }).catch((error: unknown) => {
    throw toOpeningError(url, error)
  })
  return createPostgresStorage({ ...options, pool: createPostgresPool(url), listener, changes, store })
}

async function prepareDatabase(url: string): Promise<void> {
  const client = await connectToPostgres(url).catch((error: unknown) => {
    throw toOpeningError(url, error)
  })
  try {
    const { rows } = await client.query<Record<'server_version_num', unknown>>('SHOW server_version_num')
    checkServerVersion(rows[0]?.server_version_num)
    await migratePostgres(client)
  } catch (error) {
    throw error instanceof Error && 'code' in error ? toOpeningError(url, error) : error
  } finally {
    await client.end()
  }
}

interface StorageParts extends PostgresStorageOptions {
  readonly pool: Pool
  readonly listener: PostgresListener
  readonly changes: FlowChanges
  readonly store: string
}

function createPostgresStorage({ pool, listener, changes, store, now, isOwnerGone }: StorageParts): Storage {
  const transactions = createPostgresTransactions({ pool, changes, store, now })
  const readClock = async (queries: PostgresQueries): Promise<number> =>
    readNow(await queries.get(`SELECT ${NOW} AS now`, { now: nowOf(now) }))

  let closed: Promise<void> | undefined

  async function close(): Promise<void> {
    changes.clear()
    await listener.close()
    await pool.end()
  }

  return {
    ...createPostgresFlows(transactions),
    ...createPostgresReturns(transactions),
    ...createPostgresJobs({ transactions, now, isOwnerGone }),
    ...createPostgresConnections(transactions),
    ...createPostgresInstallations(transactions),
    ...createPostgresMeta(transactions),
    ...createPostgresRetention(transactions),
    ...createPostgresSealed(transactions),
    ...createPostgresOpenWork(transactions, now),

    now: () => transactions.read(readClock),

    countFailedBindings(tenantId, windowMs) {
      return transactions.read(async (queries) => {
        const after = (await readClock(queries)) - Math.floor(windowMs)
        return countFailed(queries, tenantId, after)
      })
    },

    onFlowChanged: (subscriber) => changes.subscribe(subscriber),
    onChangesMissed: (subscriber) => changes.subscribeMissed(subscriber),

    async check() {
      const row = await transactions.read((queries) =>
        queries.get(`SELECT current_setting('transaction_read_only') AS read_only`),
      )
      // A standby answers reads, and accepts no return.
      if (createRowReader('settings', row).getText('read_only') === 'on')
        throw new StorageError('busy', { cause: new Error('the database takes no writes') })
    },

    close: () => (closed ??= close()),
  }
}
