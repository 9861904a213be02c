// What is mutated together, and the tests that have to notice: in process, without browsers and attacks, without tests that break the
// sources themselves or start them as processes, and without slow ones whose claims a quicker one makes as well.

export interface MutationGroup {
  /** Of files below `bff/`, in which every mutant is tried. */
  readonly files: readonly string[]
  /** Of test files below `test/`. */
  readonly tests: readonly string[]
  /** The SQL is mutated (sql-mutants.ts), and not the code around it. */
  readonly isSql?: boolean
  /** For tests that wait for something that a mutant may keep from happening: milliseconds. Default 60 000. */
  readonly testTimeoutMs?: number
  /** What a file sets up once, when it is loaded, is left as it is: here it is SQL, whose mutants are another group's. */
  readonly leavesConstants?: boolean
  /** The tests share one PostgreSQL server, which none of them restarts. */
  readonly sharesPostgres?: boolean
}

/** What needs no database. */
const RULES_OF_STORES = [
  'storage/batches.ts',
  'storage/flow-changes.ts',
  'storage/installation-facts.ts',
  'storage/job-owner.ts',
  'storage/known-connection.ts',
  'storage/open-storage.ts',
  'storage/postgres-errors.ts',
  'storage/postgres-statements.ts',
  'storage/postgres-url.ts',
  'storage/rows.ts',
  'storage/sqlite-errors.ts',
  'storage/storage.ts',
]

/** What is about the server and the way to it, and not about rows. */
const POSTGRES_ITSELF = ['storage/postgres-connection.ts', 'storage/postgres.ts']

/** What is sent on a connection, and when it is lost: tried on a driver that fails as it is told to. */
const POSTGRES_CONNECTED = ['storage/postgres-listener.ts', 'storage/postgres-transactions.ts']

export const GROUPS = {
  secrets: {
    files: ['flow-secrets.ts', 'seal.ts'],
    tests: ['bff/flow-secrets.test.ts', 'bff/seal.test.ts'],
  },
  cookie: {
    files: ['flows/flow-cookie.ts'],
    tests: ['bff/flow-cookie.test.ts'],
  },
  csrf: {
    files: ['middleware/trust-request.ts', 'middleware/read-json.ts'],
    tests: ['bff/trust-request.test.ts', 'bff/cors.test.ts', 'bff/read-json.test.ts'],
  },
  'return-decisions': {
    files: ['flows/parse-return.ts', 'flows/return-to.ts', 'flows/next-status.ts', 'flows/person-problem.ts'],
    tests: ['bff/parse-return.test.ts', 'bff/return-decisions.test.ts'],
  },
  returns: {
    files: ['flows/handle-return.ts', 'flows/finish-flow.ts', 'flows/start-flow.ts'],
    tests: [
      'bff/accept-return.test.ts',
      'bff/finish-flow.test.ts',
      'bff/handle-return.test.ts',
      'bff/start-flow.test.ts',
    ],
  },
  'storage-rules': {
    files: RULES_OF_STORES,
    tests: [
      'storage/errors.test.ts',
      'storage/flow-changes.test.ts',
      'storage/installation-facts.test.ts',
      'storage/job-owner.test.ts',
      'storage/open-storage.test.ts',
      'storage/postgres-opening.test.ts',
      'storage/rows.test.ts',
      'storage/whole-rows.test.ts',
    ],
  },
  sqlite: {
    files: ['storage/sqlite*.ts', '!storage/sqlite-errors.ts', '!storage/sqlite-migrations.ts'],
    tests: [
      'storage/sqlite-opening.test.ts',
      'storage/sqlite-failures.test.ts',
      'storage/sqlite.test.ts',
      'mutation/sqlite-memory.test.ts',
    ],
  },
  postgres: {
    files: [
      'storage/postgres*.ts',
      '!storage/postgres-migrations.ts',
      ...[...POSTGRES_ITSELF, ...POSTGRES_CONNECTED, ...RULES_OF_STORES].map((file) => `!${file}`),
    ],
    tests: [
      'mutation/postgres-quick.test.ts',
      'storage/postgres-clock.test.ts',
      'storage/postgres-locks.test.ts',
      'storage/postgres-rate-limits.test.ts',
      'storage/postgres-row-locks.test.ts',
      'storage/postgres-rows.test.ts',
    ],
    leavesConstants: true,
    sharesPostgres: true,
  },
  'postgres-itself': {
    files: POSTGRES_ITSELF,
    tests: [
      'storage/postgres-opening.test.ts',
      'storage/postgres.test.ts',
      'storage/postgres-clock.test.ts',
      'storage/postgres-changes.test.ts',
      'storage/postgres-failures.test.ts',
    ],
  },
  'postgres-connected': {
    files: POSTGRES_CONNECTED,
    tests: ['storage/postgres-listener.test.ts', 'storage/postgres-transactions.test.ts'],
  },
  'sql-sqlite': {
    files: ['storage/sqlite*.ts', '!storage/sqlite-migrations.ts'],
    tests: ['mutation/sqlite-memory.test.ts', 'storage/sqlite.test.ts', 'storage/sqlite-failures.test.ts'],
    isSql: true,
  },
  'sql-postgres': {
    files: ['storage/postgres*.ts', '!storage/postgres-migrations.ts'],
    tests: [
      'mutation/postgres-quick.test.ts',
      'storage/postgres-clock.test.ts',
      'storage/postgres-rate-limits.test.ts',
      'storage/postgres-row-locks.test.ts',
      'storage/postgres-rows.test.ts',
    ],
    isSql: true,
    sharesPostgres: true,
  },
  delivery: {
    files: ['delivery/*.ts'],
    tests: [
      'bff/bind-installation.test.ts',
      'bff/binding-log.test.ts',
      'bff/dispatcher-budget.test.ts',
      'bff/dispatcher-queue.test.ts',
      'bff/dispatcher-stop.test.ts',
      'bff/dispatcher.test.ts',
      'bff/prove-ownership.test.ts',
      'bff/refused-bindings.test.ts',
      'bff/retry-budget.test.ts',
      'bff/retry-policy.test.ts',
    ],
    testTimeoutMs: 8_000,
  },
  upstream: {
    files: ['upstream/upstream-error.ts', 'upstream/upstream-codes.ts', 'upstream/parse-answers.ts'],
    tests: ['bff/parse-answers.test.ts', 'bff/parse-repositories.test.ts', 'bff/upstream-codes.test.ts'],
  },
} satisfies Readonly<Record<string, MutationGroup>>

export type GroupName = keyof typeof GROUPS

export function isGroupName(name: string): name is GroupName {
  return Object.hasOwn(GROUPS, name)
}
