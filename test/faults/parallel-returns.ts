// GitHub's redirect arrives many times at once: at one process on SQLite, and at two on PostgreSQL, side by side.
import { copyBroken } from '../flow/broken-bff.ts'
import { READ_THEN_WRITE_POSTGRES, READ_THEN_WRITE_SQLITE } from '../flow/read-then-write.ts'
import { startPostgresServer } from '../stack/postgres-server.ts'
import type { Fault, FaultOptions, FaultReport } from './fault.ts'
import { CROWDS, playCrowd, type Crowd } from './parallel-returns/crowd.ts'
import { createTrafficClient } from './traffic/client.ts'
import { startScene } from './traffic/scene.ts'
import { loadTrafficBff } from './traffic/traffic-bff.ts'
import { readUpstreamRecord } from './traffic/upstream-record.ts'

/** With SQLite there is one by design: it hears nothing of what another one changes. */
const PROCESSES = { SQLite: 1, PostgreSQL: 2 } as const

/** A flow that has not ended by then, on any machine, never will; a broken BFF's need not be waited for. */
const PATIENCE_MS = 20_000
const BROKEN_PATIENCE_MS = 1_000

interface Crowds {
  readonly rounds: number
  /** Returns that used a state up or confirmed one, by the log. One for each round. */
  readonly winners: number
  readonly posts: number
  readonly strayAnswers: readonly string[]
  /** Rounds in which not everybody saw the flow connected. */
  readonly otherEnds: number
  /** States that were posted another number of times than once. */
  readonly notPostedOnce: number
}

async function run(options: FaultOptions): Promise<FaultReport> {
  const { broken = [], onFinished } = options
  const directory = broken.length === 0 ? undefined : copyBroken(broken, onFinished)
  const server = await startPostgresServer()
  onFinished(() => server.stop())
  const databaseUrl = await server.createDatabase()
  const [sqlite, postgres] = await Promise.all([
    runStore('SQLite', options, directory),
    runStore('PostgreSQL', options, directory, databaseUrl),
  ])
  return {
    figures: { ...describe('SQLite', sqlite), ...describe('PostgreSQL', postgres) },
    misses: [...judge('SQLite', sqlite), ...judge('PostgreSQL', postgres)],
  }
}

async function runStore(
  store: keyof typeof PROCESSES,
  { rounds, report, onFinished }: FaultOptions,
  directory: string | undefined,
  databaseUrl?: string,
): Promise<Crowds> {
  const scene = await startScene({ tenants: rounds })
  onFinished(() => scene.close())
  const client = createTrafficClient()
  onFinished(() => client.close())
  const baseUrls: string[] = []
  const outputs: (() => string)[] = []
  for (let count = 0; count < PROCESSES[store]; count += 1) {
    const bff = await loadTrafficBff({
      ...(directory === undefined ? {} : { directory }),
      onOutput: (text) => scene.artefacts.record('logs', text),
    })
    onFinished(async () => {
      bff.signal('SIGKILL')
      await bff.gone
    })
    outputs.push(() => bff.output())
    const opening = scene.openingFor(databaseUrl ?? scene.databaseFileUrl)
    baseUrls.push(await bff.open({ ...opening, logLevel: 'info' }))
  }
  let turn = 0
  let isOver = false
  onFinished(() => {
    isOver = true
  })
  const target = (): string => {
    if (isOver) throw new Error('the run is over')
    turn += 1
    return baseUrls[turn % baseUrls.length] ?? ''
  }
  const patienceMs = directory === undefined ? PATIENCE_MS : BROKEN_PATIENCE_MS
  const crowds: Crowd[] = []
  for (const tenant of scene.tenants) {
    crowds.push(await playCrowd(kindOf(tenant.index), tenant, { scene, client, target, patienceMs }))
    if (crowds.length % 100 === 0) report(`${store}: ${crowds.length} rounds`)
  }
  const posts = Map.groupBy(readUpstreamRecord(scene.sandbox).posts, ({ state }) => state)
  return {
    rounds,
    // A return without a session is accepted first and confirmed later; one of both is the winner that counts.
    winners: countWinners(outputs.map((output) => output()).join('\n')),
    posts: [...posts.values()].flat().length,
    strayAnswers: crowds.flatMap(({ strayAnswers }) => strayAnswers),
    otherEnds: crowds.filter(({ ends }) => ends.some((end) => end !== 'connected')).length,
    notPostedOnce: crowds.filter(({ state }) => posts.get(state)?.length !== 1).length,
  }
}

const kindOf = (round: number) => CROWDS[round % CROWDS.length] ?? 'returns'

/** How often a flow was moved on to its binding. */
function countWinners(output: string): number {
  return output.split('\n').filter((line) => /"event":"return_(accepted|confirmed)".*"binding"/.test(line))
    .length
}

function describe(store: string, crowds: Crowds): FaultReport['figures'] {
  return {
    [`${store}: rounds of 50`]: crowds.rounds,
    [`${store}: winners`]: crowds.winners,
    [`${store}: posts`]: crowds.posts,
    [`${store}: states not posted exactly once`]: crowds.notPostedOnce,
    [`${store}: stray answers`]: crowds.strayAnswers.length,
    [`${store}: rounds not connected for all`]: crowds.otherEnds,
  }
}

function judge(store: string, crowds: Crowds): readonly string[] {
  const { rounds, winners, notPostedOnce, strayAnswers, otherEnds } = crowds
  const targets: readonly (readonly [isHeld: boolean, miss: string])[] = [
    [winners === rounds, `${winners} winners in ${rounds} rounds`],
    [notPostedOnce === 0, `${notPostedOnce} states were not posted exactly once`],
    [strayAnswers.length === 0, `answers that lead elsewhere: ${strayAnswers.slice(0, 3).join('; ')}`],
    [otherEnds === 0, `${otherEnds} flows did not end connected for all`],
  ]
  return targets.filter(([isHeld]) => !isHeld).map(([, miss]) => `${store}: ${miss}`)
}

export const parallelReturns: Fault = {
  name: 'parallel-returns',
  holds: 'lets one of many returns and confirmations at once win, and posts once',
  unit: 'rounds',
  size: { short: 3, long: 1_000 },
  run,
  controls: [
    {
      takenOut: 'that SQLite reads and writes in one transaction',
      broken: READ_THEN_WRITE_SQLITE,
      miss: /^SQLite: \d+ winners/,
      rounds: 1,
    },
    {
      takenOut: 'that PostgreSQL reads what it has locked',
      isLong: true,
      broken: READ_THEN_WRITE_POSTGRES,
      miss: /^PostgreSQL: \d+ winners/,
      rounds: 1,
    },
  ],
}
