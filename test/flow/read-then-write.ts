// Breakages of a BFF that uses a state up the naive way: it reads first, and decides and writes later.
import type { Breakage } from '../stack/copied-sources.ts'

/** Without the dispatcher's own lock: one try of a flow at a time. */
const SEVERAL_TRIES_AT_A_TIME: Breakage = {
  file: 'delivery/dispatcher.ts',
  from: 'if (!running.has(job.flow.flowId)) start(job)',
  to: 'start(job)',
}

export const READ_THEN_WRITE_SQLITE: readonly Breakage[] = [
  {
    file: 'storage/sqlite-returns.ts',
    from: `      return transactions.write((changed) => {
        const row = statements.findByState.get({ stateHash })
`,
    to: `      const row = statements.findByState.get({ stateHash })
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return transactions.write((changed) => {
`,
  },
  // Without the unique job, too: it would be a second lock behind the first.
  {
    file: 'storage/sqlite-returns.ts',
    from: 'INSERT INTO binding_jobs',
    to: 'INSERT OR REPLACE INTO binding_jobs',
  },
  SEVERAL_TRIES_AT_A_TIME,
]

export const READ_THEN_WRITE_POSTGRES: readonly Breakage[] = [
  {
    file: 'storage/postgres-returns.ts',
    from: 'parseFlowRow(await tx.get(FIND_BY_STATE_LOCKED, { stateHash }))',
    to: 'parseFlowRow(seen)',
  },
  {
    file: 'storage/postgres-returns.ts',
    from: 'const at = await lockFor(tx, parseFlowRow(seen).flow, installation)',
    to: `await new Promise((resolve) => setTimeout(resolve, 300))
        const at = await lockFor(tx, parseFlowRow(seen).flow, installation)`,
  },
  // As above, without the unique job.
  {
    file: 'storage/postgres-returns.ts',
    from: 'tx.run(QUEUE, ',
    to: "tx.run(QUEUE + ' ON CONFLICT (flow_id) DO UPDATE SET lease_owner = NULL, available_at = excluded.available_at', ",
  },
  SEVERAL_TRIES_AT_A_TIME,
]
