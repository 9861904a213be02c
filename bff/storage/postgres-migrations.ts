// The PostgreSQL schema, as an ordered list of changes of which each is applied once. Over 250 lines because the list only ever grows.
import { setTimeout as pause } from 'node:timers/promises'
import pg, { type ClientBase } from 'pg'
import { SCHEMA } from './postgres-connection.ts'
import { isGivingWay } from './postgres-errors.ts'

interface Migration {
  readonly id: number
  readonly sql: string
}

/** Any number will do that nothing else in the database locks. */
const MIGRATION_LOCK = 7_403_218_655_901

/**
 * How long a change waits for a table that is in use, in milliseconds. Whoever asks for the table meanwhile waits behind it: less than a
 * request may (https://www.postgresql.org/docs/current/explicit-locking.html), and less than the server takes to look for a deadlock, so
 * that of a request and a change the change gives way.
 */
const TABLE_WAIT_MS = 500
/** Between two tries, for those who waited to get on. */
const PAUSE_MS = 1_500
/** A minute: what holds a table for longer is a backup, or somebody at a prompt. */
const TRIES = 30

/** Only ever append: an applied migration is never edited. */
const MIGRATIONS: readonly Migration[] = [
  {
    id: 1,
    // Instants are epoch milliseconds; flags are 0 and 1, as in SQLite, so that both stores read rows alike. An organization of NULL is
    // the partner key's own; an organization_key is never NULL, '' stands for the partner key's own. Ids are compared by their bytes:
    // other collations change with the operating system's library, and an index made with the old one then finds nothing
    // (https://wiki.postgresql.org/wiki/Locale_data_changes). Partial indexes hold what is open or failed, so that they stay small.
    sql: `
      CREATE TABLE flows (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        flow_id text COLLATE "C" NOT NULL UNIQUE,
        tenant_id text COLLATE "C" NOT NULL,
        user_id text COLLATE "C" NOT NULL,
        organization text COLLATE "C" CHECK (organization <> ''),
        mode text NOT NULL,
        host_origin text NOT NULL,
        return_to text NOT NULL,
        status text COLLATE "C" NOT NULL,
        version bigint NOT NULL,
        error text COLLATE "C",
        account_login text,
        account_type text,
        state_hash text COLLATE "C" NOT NULL UNIQUE,
        state_sealed text,
        install_url_sealed text,
        expected_account text,
        vouched_until bigint,
        authorize_state_hash text COLLATE "C",
        authorization_sealed text,
        proved smallint NOT NULL DEFAULT 0 CHECK (proved IN (0, 1)),
        proved_login text,
        installation_sealed text,
        installation_index text COLLATE "C",
        created_at bigint NOT NULL,
        updated_at bigint NOT NULL,
        expires_at bigint NOT NULL
      );
      CREATE INDEX flows_latest ON flows (tenant_id, user_id, sequence);
      CREATE INDEX flows_supersedable ON flows (tenant_id, user_id)
        WHERE status IN ('starting', 'waiting', 'returned', 'authorizing', 'awaiting_approval');
      CREATE INDEX flows_expiring ON flows (expires_at)
        WHERE status IN ('starting', 'waiting', 'returned', 'authorizing');
      CREATE INDEX flows_unapproved ON flows (expires_at)
        WHERE status = 'awaiting_approval' AND state_sealed IS NOT NULL;
      CREATE INDEX flows_failed ON flows (tenant_id, updated_at)
        WHERE error IN ('installation_not_found', 'already_bound', 'installation_in_use', 'account_mismatch',
          'ownership_not_proved');
      CREATE INDEX flows_ended ON flows (updated_at)
        WHERE status NOT IN ('starting', 'waiting', 'returned', 'authorizing', 'binding');
      CREATE UNIQUE INDEX flows_authorize_state ON flows (authorize_state_hash) WHERE authorize_state_hash IS NOT NULL;

      -- A row is an unfinished binding. available_at: when a free job is due, or when a held one's lease runs out.
      CREATE TABLE binding_jobs (
        sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        flow_id text COLLATE "C" NOT NULL UNIQUE REFERENCES flows (flow_id),
        tenant_id text COLLATE "C" NOT NULL,
        organization_key text COLLATE "C" NOT NULL,
        installation_index text COLLATE "C" NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        outcome_unknown smallint NOT NULL DEFAULT 0 CHECK (outcome_unknown IN (0, 1)),
        lease_owner text COLLATE "C",
        available_at bigint NOT NULL
      );
      CREATE INDEX binding_jobs_available ON binding_jobs (available_at, sequence);
      CREATE INDEX binding_jobs_leased ON binding_jobs (lease_owner) WHERE lease_owner IS NOT NULL;
      CREATE INDEX binding_jobs_installation ON binding_jobs (installation_index, tenant_id);
      CREATE INDEX binding_jobs_organization ON binding_jobs (organization_key, tenant_id);
      CREATE INDEX binding_jobs_tenant ON binding_jobs (tenant_id);

      -- A row: this tenant's installation is bound to this organization at Layers, which has at most one binding.
      -- Outlives the connection, because Layers keeps the binding.
      CREATE TABLE claims (
        organization_key text COLLATE "C" PRIMARY KEY,
        tenant_id text COLLATE "C" NOT NULL,
        installation_index text COLLATE "C" NOT NULL
      );
      CREATE INDEX claims_installation ON claims (installation_index);

      -- asked_at: when Layers was asked for what the row says of reason and account.
      CREATE TABLE connections (
        tenant_id text COLLATE "C" PRIMARY KEY,
        organization text COLLATE "C",
        installation_sealed text NOT NULL,
        installation_index text COLLATE "C" NOT NULL,
        account_login text NOT NULL,
        account_type text NOT NULL,
        reason text,
        connected_by text NOT NULL,
        registered_at bigint NOT NULL,
        checked_at bigint NOT NULL,
        asked_at bigint NOT NULL
      );
      CREATE INDEX connections_installation ON connections (installation_index);

      -- What GitHub's webhooks told. changed_at is GitHub's clock, told_at ours.
      CREATE TABLE installation_facts (
        installation_index text COLLATE "C" PRIMARY KEY,
        removed_at bigint,
        suspended smallint CHECK (suspended IN (0, 1)),
        suspension_changed_at bigint,
        suspension_told_at bigint,
        renamed_login text COLLATE "C",
        rename_changed_at bigint,
        rename_told_at bigint,
        told_at bigint NOT NULL
      );
      CREATE INDEX installation_facts_told ON installation_facts (told_at);
      CREATE TABLE webhook_deliveries (delivery_id text COLLATE "C" PRIMARY KEY, received_at bigint NOT NULL);
      CREATE INDEX webhook_deliveries_received ON webhook_deliveries (received_at);

      CREATE TABLE meta (name text COLLATE "C" PRIMARY KEY, value text NOT NULL);
    `,
  },
  {
    id: 2,
    // The request that queued a binding, so that the log can be followed from one to the other. The index of what is open has the status
    // as well, so that counting by status reads little else.
    sql: `
      ALTER TABLE binding_jobs ADD COLUMN request_id text;
      DROP INDEX flows_expiring;
      CREATE INDEX flows_expiring ON flows (expires_at, status)
        WHERE status IN ('starting', 'waiting', 'returned', 'authorizing');
    `,
  },
  {
    id: 3,
    // Columns as rate-limiter-flexible wants them; a key is the name of a limit and a keyed hash. Not logged: no commit waits for the disk,
    // and after a crash of the server all counts begin again.
    sql: `
      CREATE UNLOGGED TABLE rate_limits (
        key text COLLATE "C" PRIMARY KEY,
        points integer NOT NULL,
        expire bigint NOT NULL
      );
      CREATE INDEX rate_limits_expire ON rate_limits (expire);
    `,
  },
  {
    id: 4,
    // Which partner key a flow's install URL was made with, as a keyed fingerprint: the flow is finished with the same one.
    sql: 'ALTER TABLE flows ADD COLUMN partner_key text COLLATE "C"',
  },
  {
    id: 5,
    // Flows that have nothing readable left, so that the others are found at once. One index still does for what has ended.
    sql: `
      ALTER TABLE flows ADD COLUMN reduced smallint NOT NULL DEFAULT 0 CHECK (reduced IN (0, 1));
      DROP INDEX flows_ended;
      CREATE INDEX flows_ended ON flows (reduced, updated_at)
        WHERE status NOT IN ('starting', 'waiting', 'returned', 'authorizing', 'binding');
    `,
  },
  {
    id: 6,
    // How the host page asked the flow's pages to be. NULL: as the browser and the system have it.
    sql: 'ALTER TABLE flows ADD COLUMN locale text, ADD COLUMN theme text',
  },
]

/**
 * Brings the schema up to date, in one transaction; processes that start at the same time wait for each other, and processes of the
 * version before are served meanwhile.
 *
 * @throws Error when the database was written by a newer version of this program, or when something holds its tables for a minute.
 */
export async function migratePostgres(client: ClientBase, migrations = MIGRATIONS): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryToMigrate(client, migrations)
    } catch (error) {
      if (!isTableInUse(error) || tries === TRIES) throw error
      await pause(PAUSE_MS)
    }
  }
}

function isTableInUse(error: unknown): boolean {
  return isGivingWay(error) || (error instanceof pg.DatabaseError && error.code === '55P03')
}

async function tryToMigrate(client: ClientBase, migrations: readonly Migration[]): Promise<void> {
  const newestKnown = migrations.at(-1)?.id ?? 0
  await client.query('BEGIN')
  try {
    // Another process may be at it for longer than a request would wait.
    await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0`)
    await client.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`)
    await client.query(`SET LOCAL lock_timeout = ${TABLE_WAIT_MS}`)
    await createMigrationsTable(client)
    const newestApplied = await findNewestApplied(client)
    if (newestApplied > newestKnown) {
      throw new Error(
        `storage: the database has schema ${newestApplied}, this version knows ${newestKnown} at most. ` +
          'Run the newer version that wrote it, or restore an older backup.',
      )
    }
    for (const { id, sql } of migrations) {
      if (id <= newestApplied) continue
      await client.query(sql)
      await client.query(
        'INSERT INTO migrations (id, applied_at) VALUES ($1, floor(extract(epoch FROM clock_timestamp()) * 1000))',
        [id],
      )
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function createMigrationsTable(client: ClientBase): Promise<void> {
  const { rows } = await client.query<Record<'exists', unknown>>(
    `SELECT to_regnamespace('${SCHEMA}') IS NOT NULL AS exists`,
  )
  // Asked for first, because IF NOT EXISTS needs the right to create one even when there is nothing to create.
  if (rows[0]?.exists !== true) await client.query(`CREATE SCHEMA ${SCHEMA}`)
  await client.query(
    'CREATE TABLE IF NOT EXISTS migrations (id integer PRIMARY KEY, applied_at bigint NOT NULL)',
  )
}

async function findNewestApplied(client: ClientBase): Promise<number> {
  const { rows } = await client.query<Record<'id', unknown>>(
    'SELECT coalesce(max(id), 0) AS id FROM migrations',
  )
  return Number(rows[0]?.id)
}
