// The SQLite schema, as an ordered list of changes of which each is applied once.
import type Database from 'better-sqlite3'

interface Migration {
  readonly id: number
  readonly sql: string
}

/** Only ever append: an applied migration is never edited. */
const MIGRATIONS: readonly Migration[] = [
  {
    id: 1,
    // Instants are epoch milliseconds. An organization of NULL is the partner key's own; an organization_key is never
    // NULL, '' stands for the partner key's own. Partial indexes hold what is open or failed, so that they stay small; flows_latest
    // is none, because each index that mentions the status costs a page to write in every change of it.
    sql: `
      CREATE TABLE flows (
        sequence INTEGER PRIMARY KEY,
        flow_id TEXT NOT NULL UNIQUE,
        tenant_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        organization TEXT CHECK (organization <> ''),
        mode TEXT NOT NULL,
        host_origin TEXT NOT NULL,
        return_to TEXT NOT NULL,
        status TEXT NOT NULL,
        version INTEGER NOT NULL,
        error TEXT,
        account_login TEXT,
        account_type TEXT,
        state_hash TEXT NOT NULL UNIQUE,
        state_sealed TEXT,
        install_url_sealed TEXT,
        installation_sealed TEXT,
        installation_index TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX flows_latest ON flows (tenant_id, user_id, sequence);
      CREATE INDEX flows_supersedable ON flows (tenant_id, user_id)
        WHERE status IN ('starting', 'waiting', 'returned', 'awaiting_approval');
      CREATE INDEX flows_expiring ON flows (expires_at) WHERE status IN ('starting', 'waiting', 'returned');
      CREATE INDEX flows_unapproved ON flows (expires_at)
        WHERE status = 'awaiting_approval' AND state_sealed IS NOT NULL;
      CREATE INDEX flows_failed ON flows (tenant_id, updated_at)
        WHERE error IN ('installation_not_found', 'already_bound', 'installation_in_use');
      CREATE INDEX flows_ended ON flows (updated_at)
        WHERE status NOT IN ('starting', 'waiting', 'returned', 'binding');

      -- A row is an unfinished binding. available_at: when a free job is due, or when a held one's lease runs out.
      CREATE TABLE binding_jobs (
        sequence INTEGER PRIMARY KEY,
        flow_id TEXT NOT NULL UNIQUE REFERENCES flows (flow_id),
        tenant_id TEXT NOT NULL,
        organization_key TEXT NOT NULL,
        installation_index TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        outcome_unknown INTEGER NOT NULL DEFAULT 0 CHECK (outcome_unknown IN (0, 1)),
        lease_owner TEXT,
        available_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX binding_jobs_available ON binding_jobs (available_at);
      CREATE INDEX binding_jobs_leased ON binding_jobs (lease_owner) WHERE lease_owner IS NOT NULL;
      CREATE INDEX binding_jobs_installation ON binding_jobs (installation_index, tenant_id);
      CREATE INDEX binding_jobs_organization ON binding_jobs (organization_key, tenant_id);
      CREATE INDEX binding_jobs_tenant ON binding_jobs (tenant_id);

      -- A row: this tenant's installation is bound to this organization at Layers, which has at most one binding.
      -- Outlives the connection, because Layers keeps the binding.
      CREATE TABLE claims (
        organization_key TEXT PRIMARY KEY,
        tenant_id TEXT NOT NULL,
        installation_index TEXT NOT NULL
      ) STRICT;
      CREATE INDEX claims_installation ON claims (installation_index);

      CREATE TABLE connections (
        tenant_id TEXT PRIMARY KEY,
        organization TEXT,
        installation_sealed TEXT NOT NULL,
        installation_index TEXT NOT NULL,
        account_login TEXT NOT NULL,
        account_type TEXT NOT NULL,
        reason TEXT,
        connected_by TEXT NOT NULL,
        registered_at INTEGER NOT NULL,
        checked_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    `,
  },
  {
    id: 2,
    // Proof of ownership and connect tokens. The partial indexes know the statuses, so they are made anew.
    sql: `
      ALTER TABLE flows ADD COLUMN expected_account TEXT;
      ALTER TABLE flows ADD COLUMN vouched_until INTEGER;
      ALTER TABLE flows ADD COLUMN authorize_state_hash TEXT;
      ALTER TABLE flows ADD COLUMN authorization_sealed TEXT;
      ALTER TABLE flows ADD COLUMN proved INTEGER NOT NULL DEFAULT 0 CHECK (proved IN (0, 1));
      ALTER TABLE flows ADD COLUMN proved_login TEXT;
      CREATE UNIQUE INDEX flows_authorize_state ON flows (authorize_state_hash) WHERE authorize_state_hash IS NOT NULL;
      DROP INDEX flows_supersedable;
      DROP INDEX flows_expiring;
      DROP INDEX flows_failed;
      DROP INDEX flows_ended;
      CREATE INDEX flows_supersedable ON flows (tenant_id, user_id)
        WHERE status IN ('starting', 'waiting', 'returned', 'authorizing', 'awaiting_approval');
      CREATE INDEX flows_expiring ON flows (expires_at)
        WHERE status IN ('starting', 'waiting', 'returned', 'authorizing');
      CREATE INDEX flows_failed ON flows (tenant_id, updated_at)
        WHERE error IN ('installation_not_found', 'already_bound', 'installation_in_use', 'account_mismatch',
          'ownership_not_proved');
      CREATE INDEX flows_ended ON flows (updated_at)
        WHERE status NOT IN ('starting', 'waiting', 'returned', 'authorizing', 'binding');
    `,
  },
  {
    id: 3,
    // What GitHub's webhooks told. changed_at is GitHub's clock, told_at ours.
    sql: `
      CREATE TABLE installation_facts (
        installation_index TEXT PRIMARY KEY,
        removed_at INTEGER,
        suspended INTEGER CHECK (suspended IN (0, 1)),
        suspension_changed_at INTEGER,
        suspension_told_at INTEGER,
        renamed_login TEXT,
        rename_changed_at INTEGER,
        rename_told_at INTEGER,
        told_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX installation_facts_told ON installation_facts (told_at);
      CREATE TABLE webhook_deliveries (delivery_id TEXT PRIMARY KEY, received_at INTEGER NOT NULL) STRICT;
      CREATE INDEX webhook_deliveries_received ON webhook_deliveries (received_at);

      -- When Layers was asked for what the row says of reason and account.
      ALTER TABLE connections ADD COLUMN asked_at INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX connections_installation ON connections (installation_index);
    `,
  },
  {
    id: 4,
    // The request that queued a binding, so that the log can be followed from one to the other. The index of what is open has the status
    // as well, so that counting by status reads the index alone; it is written no more often than before.
    sql: `
      ALTER TABLE binding_jobs ADD COLUMN request_id TEXT;
      DROP INDEX flows_expiring;
      CREATE INDEX flows_expiring ON flows (expires_at, status)
        WHERE status IN ('starting', 'waiting', 'returned', 'authorizing');
    `,
  },
  {
    id: 5,
    // Which partner key a flow's install URL was made with, as a keyed fingerprint: the flow is finished with the same one.
    sql: 'ALTER TABLE flows ADD COLUMN partner_key TEXT',
  },
  {
    id: 6,
    // Flows that have nothing readable left, so that the others are found at once. One index still does for what has ended.
    sql: `
      ALTER TABLE flows ADD COLUMN reduced INTEGER NOT NULL DEFAULT 0 CHECK (reduced IN (0, 1));
      DROP INDEX flows_ended;
      CREATE INDEX flows_ended ON flows (reduced, updated_at)
        WHERE status NOT IN ('starting', 'waiting', 'returned', 'authorizing', 'binding');
    `,
  },
  {
    id: 7,
    // How the host page asked the flow's pages to be. NULL: as the browser and the system have it.
    sql: `
      ALTER TABLE flows ADD COLUMN locale TEXT;
      ALTER TABLE flows ADD COLUMN theme TEXT;
    `,
  },
]

/**
 * Brings the schema up to date, in one transaction that other processes wait for.
 *
 * @throws Error when the database was written by a newer version of this program.
 */
export function migrate(db: Database.Database, appliedAt: number, migrations = MIGRATIONS): void {
  const newestKnown = migrations.at(-1)?.id ?? 0
  db.transaction(() => {
    db.exec(
      'CREATE TABLE IF NOT EXISTS migrations (id INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT',
    )
    const newestApplied = Number(db.prepare('SELECT coalesce(max(id), 0) FROM migrations').pluck().get())
    if (newestApplied > newestKnown) {
      throw new Error(
        `storage: the database has schema ${newestApplied}, this version knows ${newestKnown} at most. ` +
          'Run the newer version that wrote it, or restore an older backup.',
      )
    }
    const insert = db.prepare('INSERT INTO migrations (id, applied_at) VALUES (?, ?)')
    for (const migration of migrations) {
      if (migration.id <= newestApplied) continue
      db.exec(migration.sql)
      insert.run(migration.id, appliedAt)
    }
    // A write even when nothing was to do, because durability can only be checked after one.
    db.exec('UPDATE migrations SET applied_at = applied_at')
  }).immediate()
}
