// Several BFF processes on one PostgreSQL database, of which one is killed again and again, while Layers fails now and then and the
// database crashes, freezes and loses connections.
import { setTimeout as delay } from 'node:timers/promises'
import { createDataKey } from '../../bff/data-keys.ts'
import { copyBroken } from '../flow/broken-bff.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { closeCanarySandbox, startCanarySandbox } from '../stack/canary-sandbox.ts'
import { dumpDatabase } from '../stack/dump-database.ts'
import { startPostgresServer } from '../stack/postgres-server.ts'
import { startCuttingProxy } from '../storage/cutting-proxy.ts'
import type { Fault, FaultOptions, FaultReport } from './fault.ts'
import { startFleet, type Fleet } from './postgres-kills/fleet.ts'
import { openJobQueue } from './postgres-kills/queue-jobs.ts'
import { startUnreliableLayers } from './postgres-kills/unreliable-layers.ts'
import { balance, createLedger } from './traffic/ledger.ts'
import type { Opening } from './traffic/orders.ts'
import { createRandom } from './traffic/random.ts'
import { readStoreRecord } from './traffic/store-record.ts'
import { createTenants, sandboxOptionsFor } from './traffic/tenants.ts'
import { TRAFFIC_PUBLIC_URL } from './traffic/traffic-bff.ts'
import { readUpstreamRecord } from './traffic/upstream-record.ts'

const KILL_EVERY_MS = 150
const LOOK_EVERY_MS = 50
/** Jobs are queued in portions, so that some thousands do not have to wait while their time runs. */
const PORTION = 200
const DEADLINE_MS = 60 * 60_000
const SMALL = 1_000
/** More than any answer takes here; the lease follows from it. */
const UPSTREAM_TIMEOUT_MS = 600
const MOST_REPEATED = 0.15

/** A killed process's jobs wait for their lease to run out. A small run does not wait for the whole margin. */
const SHORTER_LEASE: Breakage = {
  file: 'delivery/dispatcher.ts',
  from: 'const LEASE_MARGIN_MS = 5_000',
  to: 'const LEASE_MARGIN_MS = 500',
}

async function run(options: FaultOptions): Promise<FaultReport> {
  const { rounds, seed, broken = [], onFinished, report } = options
  const isSmall = rounds < SMALL
  const random = createRandom(seed)
  // A tenth of the jobs meets an unreliable Layers only.
  const calm = Math.max(20, Math.floor(rounds / 10))
  const tenants = createTenants(rounds + calm)

  const server = await startPostgresServer({ durable: true })
  onFinished(() => server.stop())
  const canary = await startCanarySandbox(
    { ...sandboxOptionsFor(tenants), capacity: 10 * tenants.length },
    'unlimited',
  )
  onFinished(() => closeCanarySandbox(canary))
  const { sandbox, key, artefacts } = canary
  const layers = await startUnreliableLayers(sandbox.layersUrl, random)
  onFinished(() => layers.close())
  const databaseUrl = await server.createDatabase()
  onFinished(() => dumpDatabase(databaseUrl, artefacts))
  const proxy = await startCuttingProxy(databaseUrl, onFinished)
  const opening: Opening = {
    layersApiKey: key,
    layersApiUrl: layers.url,
    githubUrl: sandbox.githubUrl,
    publicUrl: TRAFFIC_PUBLIC_URL,
    databaseUrl: proxy.url,
    dataKeys: [createDataKey()],
    upstreamTimeoutMs: UPSTREAM_TIMEOUT_MS,
  }
  const ledger = createLedger()
  const queue = await openJobQueue({ ...opening, databaseUrl }, sandbox, tenants, ledger)
  onFinished(() => queue.close())

  const changes = [...(isSmall && broken.length === 0 ? [SHORTER_LEASE] : []), ...broken]
  const directory = changes.length === 0 ? {} : { directory: copyBroken(changes, onFinished) }
  /** A process that starts looks at the queue at once, while one that runs hears of what itself accepted: so jobs are queued first. */
  const start = (size: number): Promise<Fleet> =>
    startFleet(size, opening, { ...directory, onOutput: (text) => artefacts.record('logs', text) })

  /** Undefined while the database does not answer. */
  async function countWaiting(): Promise<number | undefined> {
    const rows = await server
      .query(databaseUrl, 'SELECT count(*) AS count FROM connect_github.binding_jobs')
      .catch(() => undefined)
    return rows === undefined ? undefined : Number(rows[0]?.['count'])
  }
  const deadline = performance.now() + DEADLINE_MS
  /** Queues further jobs until there were `total` in all, portion by portion, and waits until all are done. */
  async function workOff(tried: number, total: number, onProgress: (done: number) => void): Promise<void> {
    let portion: Promise<void> | undefined
    while (performance.now() < deadline) {
      const waiting = await countWaiting()
      if (waiting === 0 && tried === total) return
      if (waiting !== undefined && waiting < PORTION && portion === undefined && tried < total) {
        const size = Math.min(PORTION, total - tried)
        portion = queue.add(tenants.slice(tried, tried + size)).finally(() => {
          tried += size
          portion = undefined
        })
      }
      onProgress(Math.max(0, tried - (waiting ?? tried)))
      await delay(LOOK_EVERY_MS)
    }
    await portion
  }

  await queue.add(tenants.slice(0, calm))
  const calmFleet = await start(2)
  onFinished(() => calmFleet.close())
  await workOff(calm, calm, () => undefined)
  await calmFleet.close()
  const calmFigures = layers.figures()

  const first = Math.min(PORTION, rounds)
  await queue.add(tenants.slice(calm, calm + first))
  const fleet = await start(isSmall ? 3 : 4)
  onFinished(() => fleet.close())

  const troubles = planTroubles(rounds)
  let trouble: Promise<unknown> = Promise.resolve()
  let [kills, crashes, freezes, cuts] = [0, 0, 0, 0]
  const startedAt = performance.now()
  const killer = setInterval(() => {
    if (fleet.killOne(random)) kills += 1
  }, KILL_EVERY_MS)
  onFinished(() => clearInterval(killer))
  await workOff(calm + first, calm + rounds, (doneInAll) => {
    const done = doneInAll - calm
    while ((troubles[0]?.at ?? Infinity) <= done) {
      const kind = troubles.shift()?.kind
      if (kind === 'cut') {
        cuts += 1
        proxy.cutAt('COMMIT', random.next() < 0.5 ? 'before' : 'after')
      } else {
        if (kind === 'crash') crashes += 1
        else freezes += 1
        trouble = trouble.then(() =>
          kind === 'crash' ? server.restart() : server.stall(isSmall ? 300 : 2_000),
        )
        report(`${done} jobs done, ${kills} kills: the database ${kind === 'crash' ? 'crashes' : 'freezes'}`)
      }
    }
  })
  clearInterval(killer)
  const tookMs = performance.now() - startedAt
  await trouble

  const all = layers.figures()
  const stormPosts = all.posts - calmFigures.posts
  const repeated = all.repeated - calmFigures.repeated
  const repeatedShare = repeated / Math.max(1, rounds)
  const { acknowledged, lost, open, wrongTenant } = balance(
    ledger,
    readUpstreamRecord(sandbox),
    await readStoreRecord(databaseUrl),
  )
  return {
    figures: {
      'jobs acknowledged': acknowledged,
      kills,
      'ms between kills': Math.round(tookMs / Math.max(1, kills)),
      'database crashes': crashes,
      'database freezes': freezes,
      'connections cut at a COMMIT': cuts,
      'posts while killing': stormPosts,
      'posts failed by Layers': all.failed,
      'answers lost after the binding': all.answersLost,
      lost,
      'not settled': open,
      'wrong tenant': wrongTenant,
      'overlapping posts': all.overlapping,
      'repeated posts while killing': repeated,
      'repeated posts while killing (%)': (100 * repeatedShare).toFixed(1),
      'repeated posts without kills': calmFigures.repeated,
    },
    misses: [
      ...(acknowledged < (rounds + calm) / 2 ? [`only ${acknowledged} jobs were queued`] : []),
      ...(kills === 0 ? ['nothing was killed'] : []),
      ...(lost > 0 ? [`${lost} acknowledged returns were lost`] : []),
      ...(open > 0 ? [`${open} were not settled in time`] : []),
      ...(wrongTenant > 0 ? [`${wrongTenant} posts or bindings are another tenant’s`] : []),
      ...(all.overlapping > 0 ? [`${all.overlapping} posts overlapped`] : []),
      ...(calmFigures.repeated > 0 ? [`${calmFigures.repeated} posts were repeated without any kill`] : []),
      ...(repeatedShare > MOST_REPEATED
        ? [`${(100 * repeatedShare).toFixed(1)} % of the posts were repeated`]
        : []),
    ],
  }
}

interface Trouble {
  /** After how many jobs. */
  readonly at: number
  readonly kind: 'crash' | 'freeze' | 'cut'
}

/** Per 10,000 jobs: 20 crashes, 10 freezes, 200 cuts; at least one of each. */
function planTroubles(rounds: number): Trouble[] {
  const spread = (kind: Trouble['kind'], per10000: number): Trouble[] => {
    const count = Math.max(1, Math.round((per10000 * rounds) / 10_000))
    return Array.from({ length: count }, (_, index) => ({
      at: Math.floor(((index + 0.5) * rounds) / count),
      kind,
    }))
  }
  return [...spread('crash', 20), ...spread('freeze', 10), ...spread('cut', 200)].toSorted(
    (left, right) => left.at - right.at,
  )
}

export const postgresKills: Fault = {
  name: 'postgres-kills',
  holds:
    'loses no acknowledged return, and posts none twice at a time, while processes on one PostgreSQL database are killed',
  unit: 'jobs',
  size: { short: 15, long: 10_000 },
  run,
  controls: [
    {
      takenOut: 'a lease that is longer than a call may take',
      rounds: 90,
      isLong: true,
      broken: [
        {
          file: 'delivery/dispatcher.ts',
          from: 'const leaseMs = proofMs + CALLS_PER_JOB * deps.callTimeoutMs + LEASE_MARGIN_MS',
          to: 'const leaseMs = Math.min(60, proofMs + CALLS_PER_JOB * deps.callTimeoutMs + LEASE_MARGIN_MS)',
        },
      ],
      miss: /posts overlapped/,
    },
  ],
}
