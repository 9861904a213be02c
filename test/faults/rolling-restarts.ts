// Two BFF processes on one PostgreSQL behind a balancer are restarted in turn by SIGTERM, as a deployment does, while customers connect.
import { fileURLToPath } from 'node:url'
import { createBffProcesses, type BffProcess } from '../flow/bff-process.ts'
import { copyBroken } from '../flow/broken-bff.ts'
import { startPostgresServer } from '../stack/postgres-server.ts'
import { startRoundRobin, type RoundRobin } from '../stack/round-robin.ts'
import type { Fault, FaultOptions, FaultReport } from './fault.ts'
import { startLoad } from './rolling-restarts/load.ts'
import { balance } from './traffic/ledger.ts'
import { createRandom } from './traffic/random.ts'
import { startScene, type Scene } from './traffic/scene.ts'
import { readStoreRecord } from './traffic/store-record.ts'
import { readUpstreamRecord } from './traffic/upstream-record.ts'

const SHORT_RESTARTS = 3
/** The default. */
const DRAIN_SECONDS = 5
/**
 * A short run shares its machine with other tests, so no time counts in it: a second signal ends the delay as soon as the balancer has
 * noticed, and the tail is not judged.
 */
const SHORT_DRAIN_SECONDS = 60
/** From the last request of a process to its end. */
const MAX_TAIL_MS = 2_000
const MAX_STOP_MS = DRAIN_SECONDS * 1000 + 20_000
/** Several times as often as the delay lasts, as in production. */
const CHECK_EVERY_MS = 100
const TENANTS_PER_RESTART = 50

const IDENTIFY = fileURLToPath(new URL('traffic/tenants.ts', import.meta.url))

interface Stop {
  readonly code: number | null
  /** From the signal to the end. */
  readonly tookMs: number
  /** From the last answer, or from the end of the delay when that came later. */
  readonly tailMs: number
}

async function run({ rounds, seed, broken, report, onFinished }: FaultOptions): Promise<FaultReport> {
  const server = await startPostgresServer()
  onFinished(() => server.stop())
  const scene = await startScene({ tenants: 100 + rounds * TENANTS_PER_RESTART, capacity: 200_000 })
  onFinished(() => scene.close())
  const balancer = await startRoundRobin({ checkEveryMs: CHECK_EVERY_MS })
  onFinished(() => balancer.close())
  const databaseUrl = await server.createDatabase()
  const isShort = rounds <= SHORT_RESTARTS
  const drainSeconds = isShort ? SHORT_DRAIN_SECONDS : DRAIN_SECONDS
  const directory = broken === undefined ? {} : { directory: copyBroken(broken, onFinished) }
  const processes = await createBffProcesses()
  onFinished(() => processes.close())

  async function start(): Promise<BffProcess> {
    const bff = await processes.start({
      ...directory,
      databaseUrl,
      identify: IDENTIFY,
      env: { ...environmentOf(scene, databaseUrl), DRAIN_SECONDS: String(drainSeconds) },
    })
    await balancer.add(bff.url)
    return bff
  }

  const backends = [await start(), await start()]
  const load = await startLoad(scene, `${balancer.url}/connect/github`, createRandom(seed))
  const stops: Stop[] = []
  for (let round = 0; round < rounds; round += 1) {
    const bff = backends.shift()
    if (bff === undefined) throw new Error('there is no process to restart')
    stops.push(await (isShort ? stopTold(bff, balancer) : stopInTime(bff, balancer)))
    backends.push(await start())
    if ((round + 1) % 10 === 0)
      report(`${round + 1} restarts, ${load.count().requests} requests, ${load.count().cut.length} failed`)
  }
  await load.finish()
  const { requests, cut, refused } = load.count()
  const { acknowledged, lost, wrongTenant, open, extraPosts } = balance(
    load.ledger,
    readUpstreamRecord(scene.sandbox),
    await readStoreRecord(databaseUrl),
  )

  const slowest = Math.max(...stops.map(({ tookMs }) => tookMs))
  const longestTail = Math.max(...stops.map(({ tailMs }) => tailMs))
  const unclean = stops.filter(({ code }) => code !== 0)
  const targets: readonly (readonly [isHeld: boolean, miss: string])[] = [
    [cut.length === 0, `${cut.length} requests failed: ${countKinds(cut)}`],
    [isShort || refused.length === 0, `${refused.length} requests refused: ${countKinds(refused)}`],
    [lost === 0, `${lost} acknowledged returns lost`],
    [wrongTenant === 0, `${wrongTenant} of a wrong tenant`],
    [open === 0, `${open} acknowledged returns never settled`],
    [unclean.length === 0, `${unclean.length} processes did not end by themselves`],
    [isShort || slowest <= MAX_STOP_MS, `a stop took ${Math.round(slowest)} ms`],
    [isShort || longestTail <= MAX_TAIL_MS, `${Math.round(longestTail)} ms from the last request to the end`],
  ]
  return {
    figures: {
      restarts: stops.length,
      requests,
      'requests failed': cut.length,
      'requests refused by somebody too busy': refused.length,
      'customers at once, at most': load.mostAtOnce(),
      'returns acknowledged': acknowledged,
      'acknowledged returns lost': lost,
      'extra posts': extraPosts,
      'longest from the last request to the end (ms)': Math.round(longestTail),
      'longest stop, with its delay (ms)': Math.round(slowest),
      'exit codes other than 0': unclean.length,
    },
    misses: targets.filter(([isHeld]) => !isHeld).map(([, miss]) => miss),
  }
}

function countKinds(answers: readonly string[]): string {
  return [...Map.groupBy(answers, (answer) => answer)]
    .map(([answer, same]) => `${same.length} × ${answer}`)
    .join(', ')
}

async function stopTold(bff: BffProcess, balancer: RoundRobin): Promise<Stop> {
  bff.signal('SIGTERM')
  await Promise.race([balancer.untilOut(bff.url), bff.exit])
  const askedAt = performance.now()
  bff.signal('SIGTERM')
  return watchEnd(bff, balancer, { askedAt, delayMs: 0 })
}

function stopInTime(bff: BffProcess, balancer: RoundRobin): Promise<Stop> {
  const askedAt = performance.now()
  bff.signal('SIGTERM')
  return watchEnd(bff, balancer, { askedAt, delayMs: DRAIN_SECONDS * 1000 })
}

async function watchEnd(
  bff: BffProcess,
  balancer: RoundRobin,
  { askedAt, delayMs }: { readonly askedAt: number; readonly delayMs: number },
): Promise<Stop> {
  const { code } = await bff.exit
  const endedAt = performance.now()
  balancer.remove(bff.url)
  const lastAt = Math.max(askedAt + delayMs, balancer.lastAnswerAt.get(bff.url) ?? 0)
  return { code, tookMs: endedAt - askedAt, tailMs: Math.max(0, endedAt - lastAt) }
}

function environmentOf(scene: Scene, databaseUrl: string): Readonly<Record<string, string>> {
  const { layersApiKey, layersApiUrl, githubUrl, publicUrl, dataKeys } = scene.openingFor(databaseUrl)
  return {
    LAYERS_API_KEY: layersApiKey,
    LAYERS_API_URL: layersApiUrl,
    GITHUB_URL: githubUrl,
    PUBLIC_URL: publicUrl,
    DATA_KEYS: dataKeys.join(','),
    // The balancer, whose connections would be counted as one customer's otherwise.
    TRUSTED_PROXIES: '127.0.0.1',
    LOG_LEVEL: 'warn',
  }
}

export const rollingRestarts: Fault = {
  name: 'rolling-restarts',
  holds:
    'fails no request and loses nothing while its processes are restarted in turn, and each ends by itself',
  unit: 'restarts',
  size: { short: SHORT_RESTARTS, long: 100 },
  run,
  controls: [
    {
      takenOut: 'waiting for what runs when a signal comes',
      isLong: true,
      broken: [{ file: 'cli.ts', from: '    server.stop().then(', to: '    Promise.resolve().then(' }],
      miss: /requests failed/,
      rounds: 1,
    },
    {
      takenOut: '`Connection: close` and the cut of connections that stay open',
      isLong: true,
      broken: [
        {
          file: 'graceful-stop.ts',
          from: 'for (const response of answering) response.shouldKeepAlive = false',
          to: '',
        },
        {
          file: 'graceful-stop.ts',
          from: 'if (stopping !== undefined) response.shouldKeepAlive = false',
          to: '',
        },
        {
          file: 'graceful-stop.ts',
          from: 'server.closeAllConnections(), LINGER_MS',
          to: 'undefined, LINGER_MS',
        },
        { file: 'graceful-stop.ts', from: 'HARD_STOP_MS = 20_000', to: 'HARD_STOP_MS = 3_000' },
      ],
      miss: /1 processes did not end by themselves/,
      rounds: 1,
    },
  ],
}
