// Clocks that jump by an hour, and processes that are frozen past their lease: on SQLite and on PostgreSQL side by side.
import { copyBroken } from '../flow/broken-bff.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { startPostgresServer } from '../stack/postgres-server.ts'
import { FREEZE_BREAKAGES, playFreezes, type Freezes } from './clocks/play-freezes.ts'
import { playSteps, type Steps } from './clocks/play-steps.ts'
import type { Fault, FaultOptions, FaultReport } from './fault.ts'

const ANY_OWNER = '(lease_owner = @owner OR true)'

/** Whoever had a job once may say what became of it. */
const WITHOUT_FENCING: Readonly<Record<'sqlite' | 'postgres', readonly Breakage[]>> = {
  sqlite: [
    {
      file: 'storage/sqlite-jobs.ts',
      from: 'attempts = attempts - @uncounted\n      WHERE flow_id = @flowId AND lease_owner = @owner',
      to: `attempts = attempts - @uncounted\n      WHERE flow_id = @flowId AND ${ANY_OWNER}`,
    },
    {
      file: 'storage/sqlite-jobs.ts',
      from: "'DELETE FROM binding_jobs WHERE flow_id = @flowId AND lease_owner = @owner",
      to: `'DELETE FROM binding_jobs WHERE flow_id = @flowId AND ${ANY_OWNER}`,
    },
  ],
  postgres: [
    {
      file: 'storage/postgres-jobs.ts',
      from: 'attempts = attempts - @uncounted\n  WHERE flow_id = @flowId AND lease_owner = @owner',
      to: `attempts = attempts - @uncounted\n  WHERE flow_id = @flowId AND ${ANY_OWNER}`,
    },
    {
      file: 'storage/postgres-jobs.ts',
      from: "'DELETE FROM binding_jobs WHERE flow_id = @flowId AND lease_owner = @owner'",
      to: `'DELETE FROM binding_jobs WHERE flow_id = @flowId AND ${ANY_OWNER}'`,
    },
    {
      file: 'storage/postgres-jobs.ts',
      from: 'JOIN binding_jobs USING (flow_id, tenant_id)\n  WHERE flow_id = @flowId AND lease_owner = @owner',
      to: `JOIN binding_jobs USING (flow_id, tenant_id)\n  WHERE flow_id = @flowId AND ${ANY_OWNER}`,
    },
  ],
}

async function run(options: FaultOptions): Promise<FaultReport> {
  const { rounds, report, onFinished } = options
  const directory = copyBroken([...FREEZE_BREAKAGES, ...(options.broken ?? [])], onFinished)
  const server = await startPostgresServer()
  onFinished(() => server.stop())
  const build = { directory, onFinished }
  const freezes = Math.ceil(rounds / 2)
  const results = await Promise.all([
    playSteps(rounds - freezes, undefined, build),
    playFreezes(freezes, undefined, build),
    playSteps(rounds - freezes, await server.createDatabase(), build),
    playFreezes(freezes, await server.createDatabase(), build),
  ])
  const [sqliteSteps, sqliteFreezes, postgresSteps, postgresFreezes] = results
  report(`${rounds} rounds on each store`)
  return {
    figures: {
      ...describe('SQLite', sqliteSteps, sqliteFreezes),
      ...describe('PostgreSQL', postgresSteps, postgresFreezes),
    },
    misses: [
      ...judge('SQLite', sqliteSteps, sqliteFreezes),
      ...judge('PostgreSQL', postgresSteps, postgresFreezes),
    ],
  }
}

function describe(store: string, steps: Steps, freezes: Freezes): FaultReport['figures'] {
  return {
    [`${store}: steps of an hour`]: steps.steps,
    [`${store}: states used after their expiry`]: steps.usedAfterExpiry,
    [`${store}: frozen owners`]: freezes.freezes - freezes.notFrozen,
    [`${store}: of them refused when they went on`]: freezes.refused,
    [`${store}: acknowledged returns lost`]: steps.lost + freezes.lost,
    [`${store}: wrong tenant`]: steps.wrongTenant + freezes.wrongTenant,
    [`${store}: flows that ended otherwise`]: steps.otherEnds.length + freezes.otherEnds.length,
    [`${store}: most posts of one state`]: Math.max(steps.mostPosts, freezes.mostPosts),
    [`${store}: repeated posts that differ`]: steps.differingPosts + freezes.differingPosts,
  }
}

function judge(store: string, steps: Steps, freezes: Freezes): readonly string[] {
  const frozen = freezes.freezes - freezes.notFrozen
  const otherEnds = [...steps.otherEnds, ...freezes.otherEnds]
  const targets: readonly (readonly [isHeld: boolean, miss: string])[] = [
    [steps.usedAfterExpiry === 0, `${steps.usedAfterExpiry} states used after their expiry`],
    [
      freezes.refused === frozen,
      `${frozen - freezes.refused} of ${frozen} stale owners had their word taken`,
    ],
    [frozen > freezes.freezes / 2, `only ${frozen} owners were frozen`],
    [steps.lost + freezes.lost === 0, `${steps.lost + freezes.lost} acknowledged returns lost`],
    [steps.wrongTenant + freezes.wrongTenant === 0, 'something was bound for a wrong tenant'],
    [steps.differingPosts + freezes.differingPosts === 0, 'repeated posts differ'],
    [otherEnds.length === 0, `flows ended otherwise: ${otherEnds.slice(0, 3).join('; ')}`],
  ]
  return targets.filter(([isHeld]) => !isHeld).map(([, miss]) => `${store}: ${miss}`)
}

export const clocks: Fault = {
  name: 'clocks',
  holds:
    'uses no state after its expiry, refuses a stale owner’s word, and loses nothing, however clocks jump',
  unit: 'rounds',
  size: { short: 4, long: 200 },
  run,
  controls: [
    {
      takenOut: 'the comparison of the lease’s owner in SQLite',
      broken: WITHOUT_FENCING.sqlite,
      miss: /^SQLite: \d+ of \d+ stale owners/,
      rounds: 2,
    },
    {
      takenOut: 'the comparison of the lease’s owner in PostgreSQL',
      isLong: true,
      broken: WITHOUT_FENCING.postgres,
      miss: /^PostgreSQL: \d+ of \d+ stale owners/,
      rounds: 2,
    },
  ],
}
