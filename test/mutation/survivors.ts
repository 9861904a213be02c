// Mutants that no test can or should notice, each with its reason. Over 250 lines because it is a table of all of them.

interface Survivor {
  readonly file: string
  /** What is mutated, as it stands in the source, whitespace folded; or its beginning. */
  readonly original: string
  /** What it becomes; or its beginning. Default: anything. */
  readonly mutant?: string
  readonly reason: string
}

const UNDEFINED_TEXT =
  'Equivalent: an expression tested on undefined sees the text “undefined”, which it accepts.'
const ONLY_KEYS = 'Equivalent: of this table only the keys are looked at.'
const TYPES_ONLY = 'Equivalent: the check is for the compiler; what it rules out cannot be there.'
const GUARDED = 'Equivalent: the transaction before it has looked at the same already; a second guard.'
const SECOND_KEY =
  'Equivalent: a flow id is unique among all tenants, and the tenant was read from the same row; a second guard.'
const FIRST_ROW = 'Equivalent: only the first row is read, and there is but one.'
const BATCHES = 'Equivalent in what comes out: all at once instead of in batches.'
const NO_INSTANT_IS_ZERO =
  'Equivalent: every instant is greater than zero; said to lead the planner to the index that holds nothing else.'
const COUNTED =
  'Counting stops at 100 000 to save time; a test with as many rows would take longer at every run than that is worth.'
const MESSAGE = 'The message is for whoever debugs: no log line holds an error’s message.'
const TABLE = 'The name of a table, for the message of an error that only a damaged row can cause.'
const ERASED_ALREADY =
  'Equivalent: what is erased is erased once more; said to lead the planner to the index.'
const NO_ROWS = 'Equivalent: what follows does nothing to no rows.'
const LOST_BEFORE =
  'Equivalent: a flow that awaits approval lost its code when it came to that; a second guard.'

const SURVIVORS: readonly Survivor[] = [
  {
    file: 'bff/seal.ts',
    original: "''",
    reason: 'Equivalent: no key id is empty, nor is one what the mutant says; either way no key is found.',
  },
  {
    file: 'bff/flows/flow-cookie.ts',
    original: 'separator < 1',
    mutant: 'separator <= 1',
    reason: 'Equivalent: a name of one letter is none of ours.',
  },
  {
    file: 'bff/flows/flow-cookie.ts',
    original: "''",
    reason: 'Equivalent: neither text holds a cookie.',
  },
  {
    file: 'bff/middleware/read-json.ts',
    original: "''",
    reason: 'Equivalent: neither text is the content type of JSON.',
  },
  { file: 'bff/middleware/trust-request.ts', original: "typeof origin === 'string'", reason: TYPES_ONLY },
  { file: 'bff/flows/parse-return.ts', original: 'state !== undefined', reason: UNDEFINED_TEXT },
  { file: 'bff/flows/parse-return.ts', original: 'code !== undefined', reason: UNDEFINED_TEXT },
  { file: 'bff/flows/parse-return.ts', original: 'error !== undefined', reason: UNDEFINED_TEXT },
  {
    file: 'bff/flows/parse-return.ts',
    original: 'id === undefined',
    reason: 'Equivalent: the text “undefined” is no installation id, so undefined comes out all the same.',
  },
  {
    file: 'bff/flows/return-to.ts',
    original: 'url.origin !== hostOrigin',
    reason: 'Equivalent: a URL that begins with an origin and a slash has that origin; a second guard.',
  },
  {
    file: 'bff/flows/handle-return.ts',
    original: "'already_bound'",
    reason: 'Equivalent: a flow that was taken always has its error; the fallback is for the compiler.',
  },
  {
    file: 'bff/flows/handle-return.ts',
    original: "' '",
    reason: 'Equivalent: browsers do not spread one word over two headers.',
  },
  {
    file: 'bff/flows/handle-return.ts',
    original: "flow.status !== 'waiting'",
    reason: 'Equivalent: the store moves a flow on from `waiting` alone, and the flow is read again.',
  },
  {
    file: 'bff/flows/handle-return.ts',
    original: 'flow.vouchedUntil === null',
    reason: 'Equivalent: null is never later than now.',
  },
  {
    file: 'bff/flows/handle-return.ts',
    original: 'state !== undefined',
    reason: 'Equivalent: a return without a state has been refused before.',
  },
  {
    file: 'bff/flows/start-flow.ts',
    original: 'flow.stateSealed === null',
    reason: 'Equivalent: a flow that is starting has a state; without one, unsealing throws as well.',
  },
  {
    file: 'bff/flows/start-flow.ts',
    original: "'a flow that is starting has a state'",
    reason: 'Unreachable: a flow that is starting has a state.',
  },
  {
    file: 'bff/upstream/parse-answers.ts',
    original: 'value === undefined',
    reason: 'Equivalent: the text “undefined” is no time to wait, so undefined comes out all the same.',
  },
  {
    file: 'bff/upstream/upstream-codes.ts',
    original: 'error.code === undefined',
    reason: 'Equivalent: the table has no row “undefined”.',
  },
  {
    file: 'bff/upstream/upstream-error.ts',
    original: 'this.status !== undefined',
    reason: 'Equivalent: undefined is not 500 or more.',
  },
  {
    file: 'bff/storage/installation-facts.ts',
    original: 'knownLogin !== null',
    mutant: 'true',
    reason:
      'Equivalent for logins, which are no numbers above zero alone: no other text is greater than null.',
  },
  {
    file: 'bff/storage/job-owner.ts',
    original: "error instanceof Error && 'code' in error",
    reason: TYPES_ONLY,
  },
  { file: 'bff/storage/rows.ts', original: 'true', mutant: 'false', reason: ONLY_KEYS },
  {
    file: 'bff/storage/rows.ts',
    original: "typeof value !== 'number'",
    reason: 'Equivalent: only numbers are safe integers.',
  },
  {
    file: 'bff/storage/postgres-errors.ts',
    original: 'error instanceof StorageError || !(error instanceof Error)',
    reason: 'Equivalent: what is no error of the driver’s comes out as it went in further down.',
  },
  {
    file: 'bff/storage/postgres-errors.ts',
    original: "''",
    reason: 'Equivalent: neither text is a code.',
  },
  {
    file: 'bff/storage/postgres-errors.ts',
    original: "['08', 'busy']",
    reason: 'Equivalent: class 08 has been taken for a lost connection before; the table tells all of it.',
  },
  {
    file: 'bff/storage/postgres-errors.ts',
    original: "'busy'",
    reason: 'Equivalent: class 08 has been taken for a lost connection before; the table tells all of it.',
  },
  {
    file: 'bff/storage/postgres-statements.ts',
    original: 'statements.set(sql, statement)',
    reason: 'Equivalent: the statement is read anew each time, which only takes longer.',
  },
  {
    file: 'bff/storage/sqlite-claims.ts',
    original: 'WHERE tenant_id = excluded.tenant_id',
    reason: GUARDED,
  },
  { file: 'bff/storage/sqlite-connections.ts', original: 'tenant_id = @tenantId AND', reason: GUARDED },
  {
    file: 'bff/storage/sqlite-connections.ts',
    original: 'AND installation_index = @installationIndex',
    reason: GUARDED,
  },
  { file: 'bff/storage/sqlite-jobs.ts', original: 'AND tenant_id = @tenantId', reason: SECOND_KEY },
  { file: 'bff/storage/sqlite-returns.ts', original: 'AND tenant_id = @tenantId', reason: SECOND_KEY },
  {
    file: 'bff/storage/sqlite-jobs.ts',
    original: 'AND available_at > @now',
    reason: 'Equivalent: it is asked about more owners, whose leases ran out and whose jobs are due already.',
  },
  {
    file: 'bff/storage/sqlite-jobs.ts',
    original: '>',
    mutant: '>=',
    reason: 'Equivalent: a job whose lease ends now is due already.',
  },
  {
    file: 'bff/storage/sqlite-jobs.ts',
    original: 'DISTINCT',
    reason: 'Equivalent: it is asked about an owner more than once.',
  },
  {
    file: 'bff/storage/sqlite-jobs.ts',
    original: 'ORDER BY available_at, sequence',
    reason:
      'Equivalent with this index, in which the rows stand in that order; said for a later version of SQLite.',
  },
  {
    file: 'bff/storage/sqlite-jobs.ts',
    original: ', outcome_unknown = @outcomeUnknown',
    reason: 'Equivalent: the lease itself tells the next owner that the outcome is unknown.',
  },
  { file: 'bff/storage/sqlite-flows.ts', original: ', authorization_sealed = NULL', reason: LOST_BEFORE },
  { file: 'bff/storage/sqlite-installations.ts', original: 'LIMIT @limit', reason: BATCHES },
  { file: 'bff/storage/sqlite-retention.ts', original: 'LIMIT @limit', reason: BATCHES },
  { file: 'bff/storage/sqlite-open-work.ts', original: 'LIMIT @limit', reason: COUNTED },
  {
    file: 'bff/storage/sqlite-open-work.ts',
    original: '>',
    mutant: '>=',
    reason: NO_INSTANT_IS_ZERO,
  },
  { file: 'bff/storage/sqlite-sealed.ts', original: '>', mutant: '>=', reason: NO_INSTANT_IS_ZERO },
  { file: 'bff/storage/sqlite-sealed.ts', original: 'WHERE available_at > 0', reason: NO_INSTANT_IS_ZERO },
  {
    file: 'bff/storage/sqlite-sealed.ts',
    original: 'ORDER BY tenant_id',
    reason: 'Equivalent with this primary key, in whose order the rows are found; said for a later version.',
  },
  { file: 'bff/storage/sqlite-flows.ts', original: 'LIMIT 1', reason: FIRST_ROW },
  { file: 'bff/storage/sqlite-installations.ts', original: 'LIMIT 1', reason: FIRST_ROW },
  {
    file: 'bff/storage/open-storage.ts',
    original: 'now === undefined',
    reason: 'Equivalent: the stores take an undefined clock for none.',
  },
  {
    file: 'bff/storage/sqlite-flows.ts',
    original: 'LIMIT @limit',
    reason: BATCHES,
  },
  {
    file: 'bff/storage/sqlite-flows.ts',
    original: '<',
    mutant: '<=',
    reason: 'Equivalent: writing the instant that is there already changes nothing.',
  },
  {
    file: 'bff/storage/sqlite-flows.ts',
    original: "AND status <> 'superseded'",
    reason: 'Equivalent: a user’s newest flow is superseded by a newer one only.',
  },
  {
    file: 'bff/storage/sqlite-flows.ts',
    original: "'superseded'",
    reason: 'Equivalent where the latest flow is looked for: the newest is superseded by a newer one only.',
  },
  {
    file: 'bff/storage/sqlite-connection.ts',
    original: "error instanceof Error && 'code' in error",
    reason: TYPES_ONLY,
  },
  {
    file: 'bff/storage/sqlite-connections.ts',
    original: 'known === undefined',
    mutant: 'false',
    reason: 'Equivalent: nothing is news of a connection that is not there.',
  },
  {
    file: 'bff/storage/sqlite-connections.ts',
    original: 'connection !== undefined',
    mutant: 'true',
    reason: 'Equivalent: a row that is not there is deleted.',
  },
  {
    file: 'bff/storage/sqlite-connections.ts',
    original: 'toConnection(records.find(tenantId))?.reason',
    reason: 'Equivalent: the row has just been written.',
  },
  {
    file: 'bff/storage/sqlite-jobs.ts',
    original: 'accountIndex !== undefined',
    mutant: 'true',
    reason: 'Equivalent: nobody has claimed the index null.',
  },
  {
    file: 'bff/storage/sqlite-jobs.ts',
    original: "outcome.status === 'unusable'",
    mutant: 'true',
    reason: 'Equivalent: another outcome has no reason, and undefined is stored as null.',
  },
  {
    file: 'bff/storage/sqlite-jobs.ts',
    original: 'availableAt > at',
    reason: 'Equivalent: when the next job is due already, the answer is 0 either way.',
  },
  {
    file: 'bff/storage/sqlite.ts',
    original: '() => false',
    reason: 'Equivalent: undefined is as good as false here.',
  },
  {
    file: 'bff/storage/sqlite.ts',
    original: 'changes.clear()',
    reason: 'Equivalent: a closed store changes nothing, so there is nothing to tell.',
  },
  {
    file: 'bff/delivery/bind-installation.ts',
    original: "'Layers confirmed another installation than the one that was sent'",
    reason: MESSAGE,
  },
  {
    file: 'bff/delivery/bind-installation.ts',
    original: "'register'",
    reason: 'Equivalent: what an answer means that cannot be read does not depend on the call.',
  },
  {
    file: 'bff/delivery/bind-installation.ts',
    original: 'false',
    mutant: 'true',
    reason: 'Equivalent: an answer that cannot be read leaves the outcome unknown by itself.',
  },
  {
    file: 'bff/delivery/dispatcher.ts',
    original: "'StoppedError'",
    reason: 'The name of an error that nobody is told of.',
  },
  { file: 'bff/delivery/open-job.ts', original: "'nothing sealed is left'", reason: MESSAGE },
  { file: 'bff/storage/postgres-claims.ts', original: "'claims'", reason: TABLE },
  { file: 'bff/storage/postgres-claims.ts', original: "'flows'", reason: TABLE },
  { file: 'bff/storage/postgres-flows.ts', original: "'flows'", reason: TABLE },
  { file: 'bff/storage/postgres-installations.ts', original: "'connections'", reason: TABLE },
  { file: 'bff/storage/postgres-installations.ts', original: "'installation_facts'", reason: TABLE },
  { file: 'bff/storage/postgres-jobs.ts', original: "'binding_jobs'", reason: TABLE },
  { file: 'bff/storage/postgres-meta.ts', original: "'meta'", reason: TABLE },
  {
    file: 'bff/storage/postgres-connections.ts',
    original: 'known === undefined',
    mutant: 'false',
    reason: 'Equivalent: nothing is news of a connection that is not there.',
  },
  {
    file: 'bff/storage/postgres-connections.ts',
    original: 'connection !== undefined',
    mutant: 'true',
    reason: 'Equivalent: a row that is not there is deleted.',
  },
  {
    file: 'bff/storage/postgres-connections.ts',
    original: 'toConnection(await findKnown(queries, tenantId))?.reason',
    reason: 'Equivalent: the row has just been written.',
  },
  { file: 'bff/storage/postgres-jobs.ts', original: "'storage: a job has no flow'", reason: MESSAGE },
  {
    file: 'bff/storage/postgres-jobs.ts',
    original: "'storage: a binding flow has no installation'",
    reason: MESSAGE,
  },
  { file: 'bff/storage/postgres-jobs.ts', original: 'flow === undefined', reason: TYPES_ONLY },
  { file: 'bff/storage/postgres-jobs.ts', original: 'installation === null', reason: TYPES_ONLY },
  { file: 'bff/storage/postgres-jobs.ts', original: '{ ...obstacle, account: null }', reason: GUARDED },
  { file: 'bff/storage/postgres-jobs.ts', original: 'obstacle !== undefined', reason: GUARDED },
  { file: 'bff/storage/postgres-jobs.ts', original: 'due.length === 0', reason: NO_ROWS },
  { file: 'bff/storage/postgres-retention.ts', original: 'rows.length === 0', reason: NO_ROWS },
  {
    file: 'bff/storage/postgres-jobs.ts',
    original: 'held === undefined',
    mutant: 'false',
    reason: 'Equivalent: where there is no such job, none is deleted either.',
  },
  {
    file: 'bff/storage/postgres-jobs.ts',
    original: 'availableAt > at',
    reason: 'Equivalent: when the next job is due already, the answer is 0 either way.',
  },
  {
    file: 'bff/storage/postgres-claims.ts',
    original: 'WHERE claims.tenant_id = excluded.tenant_id',
    reason: GUARDED,
  },
  {
    file: 'bff/storage/postgres-connection.ts',
    original: "'remote_apply'",
    reason: 'Noticed by postgres.test.ts, which changes the server and stays out of this group.',
  },
  { file: 'bff/storage/postgres-connections.ts', original: 'tenant_id = @tenantId AND', reason: GUARDED },
  {
    file: 'bff/storage/postgres-connections.ts',
    original: 'AND installation_index = @installationIndex',
    reason: GUARDED,
  },
  { file: 'bff/storage/postgres-flows.ts', original: 'LIMIT 1', reason: FIRST_ROW },
  {
    file: 'bff/storage/postgres-flows.ts',
    original: "AND status <> 'superseded'",
    reason: 'Equivalent: a user’s newest flow is superseded by a newer one only.',
  },
  {
    file: 'bff/storage/postgres-flows.ts',
    original: "'superseded'",
    reason: 'Equivalent where the latest flow is looked for: the newest is superseded by a newer one only.',
  },
  {
    file: 'bff/storage/postgres-flows.ts',
    original: '<',
    mutant: '<=',
    reason: 'Equivalent: writing the instant that is there already changes nothing.',
  },
  { file: 'bff/storage/postgres-flows.ts', original: 'LIMIT @limit', reason: BATCHES },
  { file: 'bff/storage/postgres-flows.ts', original: 'state_sealed IS NOT NULL AND', reason: ERASED_ALREADY },
  {
    file: 'bff/storage/postgres-flows.ts',
    original: 'reduced IN (0, 1) AND',
    reason: 'Equivalent: it is one of the two; said to lead the planner to the index.',
  },
  { file: 'bff/storage/postgres-installations.ts', original: 'LIMIT 1', reason: FIRST_ROW },
  { file: 'bff/storage/postgres-installations.ts', original: 'LIMIT @limit', reason: BATCHES },
  { file: 'bff/storage/postgres-installations.ts', original: 'told_at < @before AND', reason: GUARDED },
  { file: 'bff/storage/postgres-installations.ts', original: 'AND NOT EXISTS (', reason: GUARDED },
  { file: 'bff/storage/postgres-installations.ts', original: '<', mutant: '<=', reason: GUARDED },
  {
    file: 'bff/storage/postgres-installations.ts',
    original: 'installation_index = ANY (@installations::text[]) AND',
    reason:
      'Equivalent in what comes out; another process could connect what was not locked at that very moment.',
  },
  {
    file: 'bff/storage/postgres-jobs.ts',
    original: 'AND available_at > @now',
    reason: 'Equivalent: it is asked about more owners, whose leases ran out and whose jobs are due already.',
  },
  {
    file: 'bff/storage/postgres-jobs.ts',
    original: '>',
    mutant: '>=',
    reason: 'Equivalent: a job whose lease ends now is due already.',
  },
  {
    file: 'bff/storage/postgres-jobs.ts',
    original: 'DISTINCT',
    reason: 'Equivalent: it is asked about an owner more than once.',
  },
  {
    file: 'bff/storage/postgres-jobs.ts',
    original: 'outcome_unknown = CASE',
    reason: 'Equivalent: the lease itself tells the next owner that the outcome is unknown.',
  },
  {
    file: 'bff/storage/postgres-jobs.ts',
    original: 'IS NULL',
    mutant: 'IS NOT NULL',
    reason: 'Equivalent: the lease itself tells the next owner that the outcome is unknown.',
  },
  {
    file: 'bff/storage/postgres-jobs.ts',
    original: 'WHERE flow_id = ANY (@flowIds::text[])',
    reason: 'Equivalent: of all flows with a job those are looked up whose job was taken.',
  },
  {
    file: 'bff/storage/postgres-jobs.ts',
    original: 'AND flows.tenant_id = held.tenant_id',
    reason: SECOND_KEY,
  },
  { file: 'bff/storage/postgres-jobs.ts', original: 'AND tenant_id = @tenantId', reason: SECOND_KEY },
  {
    file: 'bff/storage/postgres-jobs.ts',
    original: 'AND lease_owner = @owner',
    reason: 'Equivalent where the job is read: the deletion that follows looks whose it is once more.',
  },
  { file: 'bff/storage/postgres-open-work.ts', original: 'AND expires_at > 0', reason: NO_INSTANT_IS_ZERO },
  {
    file: 'bff/storage/postgres-open-work.ts',
    original: 'WHERE available_at > 0',
    reason: NO_INSTANT_IS_ZERO,
  },
  { file: 'bff/storage/postgres-open-work.ts', original: '>', mutant: '>=', reason: NO_INSTANT_IS_ZERO },
  { file: 'bff/storage/postgres-open-work.ts', original: 'LIMIT @limit', reason: COUNTED },
  { file: 'bff/storage/postgres-open-work.ts', original: 'LIMIT 1', reason: FIRST_ROW },
  { file: 'bff/storage/postgres-retention.ts', original: 'LIMIT @limit', reason: BATCHES },
  { file: 'bff/storage/postgres-returns.ts', original: 'tenant_id = @tenantId AND', reason: SECOND_KEY },
  { file: 'bff/storage/postgres-returns.ts', original: 'AND tenant_id = @tenantId', reason: SECOND_KEY },
  {
    file: 'bff/storage/postgres-returns.ts',
    original: 'error = NULL,',
    reason: 'Equivalent: a flow that moves on has no error yet.',
  },
  { file: 'bff/storage/postgres-sealed.ts', original: 'AND expires_at > 0', reason: NO_INSTANT_IS_ZERO },
  { file: 'bff/storage/postgres-sealed.ts', original: 'WHERE available_at > 0', reason: NO_INSTANT_IS_ZERO },
  { file: 'bff/storage/postgres-sealed.ts', original: '>', mutant: '>=', reason: NO_INSTANT_IS_ZERO },
  {
    file: 'bff/storage/postgres-sealed.ts',
    original: 'state_sealed IS NOT NULL AND',
    reason: 'Equivalent: a flow that has lost its state has lost everything that was sealed.',
  },
  {
    file: 'bff/storage/postgres-sealed.ts',
    original: 'tenant_id = @tenantId AND',
    reason: 'Equivalent: no two sealed texts are the same; a second guard.',
  },
  {
    file: 'bff/storage/postgres.ts',
    original: 'changes.clear()',
    reason: 'Equivalent: a closed store changes nothing, so there is nothing to tell.',
  },
  { file: 'bff/storage/postgres.ts', original: 'rows[0]?.server_version_num', reason: TYPES_ONLY },
  { file: 'bff/storage/postgres.ts', original: "'settings'", reason: TABLE },
  { file: 'bff/storage/postgres.ts', original: "'the database takes no writes'", reason: MESSAGE },
  { file: 'bff/storage/postgres.ts', original: '{ cause: new Error(', reason: MESSAGE },
  {
    file: 'bff/storage/postgres.ts',
    original: '{ query_timeout: LISTENER_ANSWER_TIMEOUT_MS }',
    reason:
      'Only a server that hangs shows it; that a question without an answer ends the connection is shown in postgres-listener.test.ts.',
  },
  {
    file: 'bff/storage/postgres.ts',
    original: '{ throw toOpeningError(url, error) }',
    reason: 'Only a server that goes away between two connections shows it.',
  },
  {
    file: 'bff/storage/postgres-listener.ts',
    original: "'storage: the listener is closed'",
    reason: MESSAGE,
  },
  {
    file: 'bff/storage/postgres-transactions.ts',
    original: "'storage: the database told no time'",
    reason: MESSAGE,
  },
  {
    file: 'bff/storage/postgres-listener.ts',
    original: 'clearTimeout(timer)',
    reason: 'Equivalent: the heartbeat of a connection that is gone leads to nothing.',
  },
  {
    file: 'bff/storage/postgres-transactions.ts',
    original: "typeof now !== 'number'",
    mutant: 'false',
    reason: 'Equivalent: what is no number is no safe integer either; said for the compiler.',
  },
  {
    file: 'bff/storage/postgres-transactions.ts',
    original: '`coalesce(@now::bigint',
    reason: 'SQL, whose mutants are another group’s.',
  },
]

/** Why this mutant may survive; undefined when nobody has said so. */
export function findReason(
  file: string,
  { original, mutant }: { readonly original: string; readonly mutant: string },
): string | undefined {
  return SURVIVORS.find(
    (survivor) =>
      survivor.file === file &&
      original.startsWith(survivor.original) &&
      mutant.startsWith(survivor.mutant ?? ''),
  )?.reason
}
