// The BFF is killed at named and at random moments while customers connect, on SQLite and on PostgreSQL side by side.
import { copyBroken } from '../flow/broken-bff.ts'
import { startPostgresServer } from '../stack/postgres-server.ts'
import type { Fault, FaultOptions, FaultReport } from './fault.ts'
import { KILL_POINT_BREAKAGES, KILL_POINTS } from './kills/kill-points.ts'
import { planKills, runCampaign, type Campaign } from './kills/kill-store.ts'
import { createRandom } from './traffic/random.ts'

const CAMPAIGN_KILLS = 50
/** What a job's lease adds up to with it: three calls and a margin. */
const CALL_TIMEOUT_MS = 1_500
const LEASE_MARGIN_MS = 500
const LEASE_MS = 3 * CALL_TIMEOUT_MS + LEASE_MARGIN_MS
const SETTLE_MS = 5_000

type Store = 'sqlite' | 'postgres'

const SHORT_LEASE = {
  file: 'delivery/dispatcher.ts',
  from: 'const LEASE_MARGIN_MS = 5_000',
  to: `const LEASE_MARGIN_MS = ${LEASE_MARGIN_MS}`,
}

/** A job that is queued a moment after the return was committed. */
const QUEUED_LATER = [
  { file: 'storage/sqlite-returns.ts', from: 'statements.queue.run(', to: 'queueLater(' },
  {
    file: 'storage/sqlite-returns.ts',
    from: '  const statements = prepareStatements(db)\n',
    to: `  const statements = prepareStatements(db)
  const queueLater = (values) => void setTimeout(() => statements.queue.run(values), 20)\n`,
  },
  {
    file: 'storage/postgres-returns.ts',
    from: 'export function createPostgresReturns(transactions: PostgresTransactions): ReturnMethods {\n',
    to: `let queueLater
export function createPostgresReturns(transactions: PostgresTransactions): ReturnMethods {
  queueLater = (values) => void setTimeout(() => void transactions.write((tx) => tx.run(QUEUE, values)), 20)\n`,
  },
  { file: 'storage/postgres-returns.ts', from: 'await tx.run(QUEUE, ', to: 'queueLater(' },
]

async function run(options: FaultOptions): Promise<FaultReport> {
  const { broken = [], onFinished } = options
  const directory = copyBroken([...KILL_POINT_BREAKAGES, SHORT_LEASE, ...broken], onFinished)
  // The short version also runs on machines that have other things to do.
  const patience = options.rounds < CAMPAIGN_KILLS ? 6 : 1
  const server = await startPostgresServer()
  onFinished(() => server.stop())
  const [sqlite, postgres] = await Promise.all([
    runStore('sqlite', options, directory),
    runStore('postgres', options, directory, () => server.createDatabase()),
  ])
  return {
    figures: { ...describe('SQLite', sqlite), ...describe('PostgreSQL', postgres) },
    misses: [
      ...judge('SQLite', sqlite, SETTLE_MS * patience),
      ...judge('PostgreSQL', postgres, (LEASE_MS + SETTLE_MS) * patience),
    ],
  }
}

async function runStore(
  store: Store,
  { rounds, seed, report }: FaultOptions,
  directory: string,
  createDatabase?: () => Promise<string>,
): Promise<Campaign> {
  const random = createRandom(seed + (store === 'sqlite' ? 0 : 1))
  const plan = planKills(rounds, random)
  let total: Campaign | undefined
  for (let first = 0; first < plan.length; first += CAMPAIGN_KILLS) {
    const campaign = await runCampaign({
      kills: plan.slice(first, first + CAMPAIGN_KILLS),
      directory,
      databaseUrl: await createDatabase?.(),
      opening: { upstreamTimeoutMs: CALL_TIMEOUT_MS },
      random,
      settleWithinMs: SETTLE_MS + (store === 'sqlite' ? 0 : LEASE_MS),
    })
    total = total === undefined ? campaign : add(total, campaign)
    const settled = `settled in ${Math.round(campaign.settledInMs)} ms`
    report(
      `${store}: ${total.kills} kills, ${total.acknowledged} acknowledged, ${total.lost} lost; ${settled}`,
    )
    for (const refusal of campaign.refusals.slice(0, 3)) report(`${store}: refused: ${refusal}`)
  }
  if (total === undefined) throw new RangeError('a run needs at least one kill')
  return total
}

function add(total: Campaign, one: Campaign): Campaign {
  return {
    kills: total.kills + one.kills,
    unreached: total.unreached + one.unreached,
    openAtKills: total.openAtKills + one.openAtKills,
    settledInMs: Math.max(total.settledInMs, one.settledInMs),
    refusals: [...total.refusals, ...one.refusals],
    acknowledged: total.acknowledged + one.acknowledged,
    lost: total.lost + one.lost,
    open: total.open + one.open,
    stuck: total.stuck + one.stuck,
    wrongTenant: total.wrongTenant + one.wrongTenant,
    posts: total.posts + one.posts,
    extraPosts: total.extraPosts + one.extraPosts,
    mostPosts: Math.max(total.mostPosts, one.mostPosts),
    differingPosts: total.differingPosts + one.differingPosts,
  }
}

function describe(store: string, campaign: Campaign): FaultReport['figures'] {
  return {
    [`${store}: kills`]: campaign.kills,
    [`${store}: named points never reached`]: campaign.unreached,
    [`${store}: returns acknowledged`]: campaign.acknowledged,
    [`${store}: of them open at a kill`]: campaign.openAtKills,
    [`${store}: acknowledged returns lost`]: campaign.lost,
    [`${store}: bindings without a job`]: campaign.stuck,
    [`${store}: wrong tenant`]: campaign.wrongTenant,
    [`${store}: posts`]: campaign.posts,
    [`${store}: extra posts`]: campaign.extraPosts,
    [`${store}: most posts of one state`]: campaign.mostPosts,
    [`${store}: extra posts that differ`]: campaign.differingPosts,
    [`${store}: slowest settling after a start (ms)`]: Math.round(campaign.settledInMs),
  }
}

function judge(store: string, campaign: Campaign, settleWithinMs: number): readonly string[] {
  const { kills, lost, stuck, open, wrongTenant, extraPosts, differingPosts, settledInMs, refusals } =
    campaign
  const targets: readonly (readonly [isHeld: boolean, miss: string])[] = [
    [lost === 0, `${lost} acknowledged returns lost`],
    [stuck === 0, `${stuck} used states without a job`],
    [wrongTenant === 0, `${wrongTenant} posts, bindings or connections of a wrong tenant`],
    [extraPosts <= kills, `${extraPosts} extra posts at ${kills} kills`],
    [differingPosts === 0, `${differingPosts} repeated posts differ`],
    // What has no job was not waited for.
    [stuck > 0 || settledInMs <= settleWithinMs, `settled after ${settledInMs} ms, not ${settleWithinMs} ms`],
    [stuck > 0 || open === 0, `${open} acknowledged returns never settled`],
    [refusals.length === 0, `customers were refused: ${refusals.slice(0, 3).join('; ')}`],
    [campaign.unreached <= kills / 4, `${campaign.unreached} named points were not reached`],
  ]
  return targets.filter(([isHeld]) => !isHeld).map(([, miss]) => `${store}: ${miss}`)
}

export const kills: Fault = {
  name: 'kills',
  holds:
    'loses nothing that was acknowledged, and posts at most once more for each kill, however it is killed',
  unit: 'kills',
  size: { short: KILL_POINTS.length + 2, long: 2_000 },
  run,
  controls: [
    {
      takenOut: 'the transaction around the return and its job',
      broken: QUEUED_LATER,
      miss: /used states without a job/,
      // The fourth is the one between the return and its job.
      rounds: 4,
    },
  ],
}
