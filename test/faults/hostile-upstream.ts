// Layers answers in every way that harms: what was accepted is kept, nothing is sent elsewhere, memory and time are bounded, and a Layers
// that is down is left alone.
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { REQUEST_HEADER } from '../../bff/contract.ts'
import { copyBroken } from '../flow/broken-bff.ts'
import type { Fault, FaultOptions, FaultReport } from './fault.ts'
import { CASES, type Case } from './hostile-upstream/cases.ts'
import { startHostileLayers, type HostileLayers } from './hostile-upstream/hostile-layers.ts'
import { createTrafficClient, type TrafficClient } from './traffic/client.ts'
import { waitForEnd } from './traffic/customer.ts'
import { startScene, type Scene } from './traffic/scene.ts'
import { readStoreRecord } from './traffic/store-record.ts'
import type { Tenant } from './traffic/tenants.ts'
import { loadTrafficBff, TRAFFIC_ORIGIN } from './traffic/traffic-bff.ts'
import { createVisitor, type Visitor } from './traffic/visitor.ts'

/** As it is shipped, with one process for a few cases each, because a process retries no more than its budget. */
const LONG = {
  timeoutMs: 10_000,
  toleranceMs: 500,
  openMs: 20_000,
  deadMs: 60_000,
  processes: 8,
  arrivalMs: 2_000,
  options: {},
}
/** The same at a quicker pace; a busy machine may take its time. */
const SHORT = {
  timeoutMs: 500,
  toleranceMs: 5_000,
  openMs: 300,
  deadMs: 1_200,
  processes: 1,
  arrivalMs: 0,
  options: { upstreamTimeoutMs: 500, circuitBreaker: { openMs: 300 }, retryBudget: { floor: 1_000 } },
}
const LONG_FROM_ROUNDS = 3

/** Flows that wait while Layers is dead. */
const WAITING = 20
/** What is under way when Layers goes down, and one more for a click. */
const CALLS_UNTIL_OPEN = 9
const MAX_GROWTH_MB = 20
const MAX_DRAIN_MS = 120_000
interface Bff {
  readonly baseUrl: string
  readonly databaseUrl: string
  readonly rssMb: () => number
}

interface Play {
  readonly scene: Scene
  readonly client: TrafficClient
  readonly bffs: readonly Bff[]
  readonly hostile: HostileLayers
}

async function run(options: FaultOptions): Promise<FaultReport> {
  const { rounds, broken = [], onFinished, report } = options
  const pace = rounds >= LONG_FROM_ROUNDS ? LONG : SHORT
  const large = CASES.filter(({ isLarge }) => isLarge === true)
  const caseCount = CASES.length * rounds
  const largeCount = large.length * rounds
  const scene = await startScene({ tenants: caseCount + largeCount + WAITING + 1 })
  onFinished(() => scene.close())
  const byOrganization = new Map(
    scene.tenants.map(({ organizationId, index }) => [
      organizationId,
      caseOf(index, caseCount, largeCount, large),
    ]),
  )
  const hostile = await startHostileLayers(scene.sandbox.layersUrl, (id) => byOrganization.get(id))
  onFinished(() => hostile.close())
  const client = createTrafficClient()
  onFinished(() => client.close())
  const directory = broken.length === 0 ? undefined : copyBroken(broken, onFinished)
  const bffs = await Promise.all(
    Array.from({ length: pace.processes }, (_, index) =>
      startBff(scene, hostile.url, { ...pace, index, directory, onFinished }),
    ),
  )
  const play: Play = { scene, client, bffs, hostile }

  const casesEnded = await playCases(play, scene.tenants.slice(0, caseCount), pace.arrivalMs)
  report(`${caseCount} flows met their case`)
  const growthMb = await measureGrowth(play, scene.tenants.slice(caseCount, caseCount + largeCount))
  report('memory was measured')
  const dead = await playDead(play, scene.tenants.slice(caseCount + largeCount), pace.deadMs)
  const ends = [...casesEnded, ...dead.ends]
  const lost = ends.filter(({ expected, status }) => status !== expected)
  const allowedCalls = CALLS_UNTIL_OPEN + Math.floor(dead.deadForMs / pace.openMs)
  const { openMs, name: longestCase } = hostile.longest()
  const longestMs = Math.round(openMs)
  return {
    figures: {
      cases: rounds === 0 ? 0 : CASES.length,
      'accepted returns': ends.length,
      'not where they had to end': lost.length,
      'bytes at another host': hostile.bytesElsewhere(),
      'longest attempt (ms)': longestMs,
      'met by it': longestCase,
      'growth by large answers (MB)': growthMb,
      [`calls to a dead Layers in ${Math.round(dead.deadForMs / 1000)} s`]: hostile.callsWhileDead.length,
      'clicks answered 503 meanwhile': dead.refusedClicks,
      'until the queue was empty again (ms)': dead.drainMs,
      'busiest second after recovery (calls)': dead.busiestSecond,
    },
    misses: [
      ...lost.map(({ name, status, expected }) => `after ${name} a flow is ${status}, not ${expected}`),
      ...(hostile.bytesElsewhere() === 0 ? [] : [`${hostile.bytesElsewhere()} bytes reached another host`]),
      ...(longestMs <= pace.timeoutMs + pace.toleranceMs
        ? []
        : [`an attempt took ${longestMs} ms (${longestCase})`]),
      ...(growthMb <= MAX_GROWTH_MB ? [] : [`large answers took ${growthMb} MB`]),
      ...(hostile.callsWhileDead.length <= allowedCalls
        ? []
        : [`${hostile.callsWhileDead.length} calls to a dead Layers, more than ${allowedCalls}`]),
      ...(dead.refusedClicks === dead.clicks ? [] : ['a click was not answered 503 while Layers was dead']),
      ...(dead.drainMs <= MAX_DRAIN_MS ? [] : [`the queue was empty after ${dead.drainMs} ms only`]),
    ],
  }
}

/** First each case in turn, then those with large answers once more; the last tenants meet none. */
function caseOf(
  index: number,
  caseCount: number,
  largeCount: number,
  large: readonly Case[],
): Case | undefined {
  if (index < caseCount) return CASES[index % CASES.length]
  return index < caseCount + largeCount ? large[index % large.length] : undefined
}

async function startBff(
  scene: Scene,
  layersApiUrl: string,
  options: {
    readonly index: number
    readonly options: object
    readonly directory: string | undefined
    readonly onFinished: FaultOptions['onFinished']
  },
): Promise<Bff> {
  const { directory, onFinished, index } = options
  const bff = await loadTrafficBff({
    ...(directory === undefined ? {} : { directory }),
    onOutput: (text) => scene.artefacts.record('logs', text),
  })
  onFinished(async () => {
    bff.signal('SIGKILL')
    await bff.gone
  })
  const databaseUrl = scene.databaseFileUrl.replace('.db', `-${index}.db`)
  const opening = { ...scene.openingFor(databaseUrl), layersApiUrl, ...options.options }
  const baseUrl = await bff.open(opening)
  // https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
  const rssMb = (): number =>
    Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${bff.pid}/status`, 'utf8'))?.[1]) / 1024
  return { baseUrl, databaseUrl, rssMb }
}

interface End {
  readonly name: string
  readonly status: string
  readonly expected: string
}

function visit({ client, bffs }: Play, tenant: Tenant, bff = bffs[tenant.index % bffs.length]): Visitor {
  return createVisitor({ tenant, client, publicOrigin: TRAFFIC_ORIGIN, target: () => bff?.baseUrl ?? '' })
}

/**
 * Each is accepted, and followed to its end.
 * @param arrivalMs between two customers of one BFF.
 */
async function playCases(play: Play, tenants: readonly Tenant[], arrivalMs: number): Promise<readonly End[]> {
  return Promise.all(
    tenants.map(async (tenant): Promise<End> => {
      const { name, ends: expected = 'connected' } = CASES[tenant.index % CASES.length] ?? { name: 'none' }
      await delay(Math.floor(tenant.index / play.bffs.length) * arrivalMs)
      const flowId = await accept(play, visit(play, tenant), tenant)
      if (expected !== 'binding') return { name, expected, status: (await waitForEnd(flowId)).status }
      return { name, expected, status: (await flowId.look()).status }
    }),
  )
}

async function accept({ scene }: Play, visitor: Visitor, tenant: Tenant): Promise<Visitor> {
  const state = await visitor.openGitHub()
  const { status } = await visitor.comeBack(state, scene.installationIdOf(tenant))
  if (status !== 303) throw new Error(`the return was answered with ${status}`)
  return visitor
}

/** How much larger any process was at its largest, by answers that are too large. */
async function measureGrowth(play: Play, tenants: readonly Tenant[]): Promise<number> {
  const before = play.bffs.map(({ rssMb }) => rssMb())
  let growthMb = 0
  const timer = setInterval(() => {
    for (const [index, { rssMb }] of play.bffs.entries())
      growthMb = Math.max(growthMb, rssMb() - (before[index] ?? 0))
  }, 20)
  try {
    for (const tenant of tenants) await waitForEnd(await accept(play, visit(play, tenant), tenant))
  } finally {
    clearInterval(timer)
  }
  return Math.round(growthMb)
}

/** Layers dies while many are on GitHub. They come back, and others press Connect; then it lives again. */
async function playDead(play: Play, tenants: readonly Tenant[], deadMs: number) {
  const { hostile, bffs } = play
  const [bff] = bffs
  const [clicking, ...waiting] = tenants
  if (bff === undefined || clicking === undefined) throw new Error('there is nobody to play')
  const visitors = await Promise.all(
    waiting.map(async (tenant) => {
      const visitor = visit(play, tenant, bff)
      return { tenant, visitor, state: await visitor.openGitHub() }
    }),
  )
  hostile.isDead = true
  const diedAt = performance.now()
  await Promise.all(
    visitors.map(({ tenant, visitor, state }) =>
      visitor.comeBack(state, play.scene.installationIdOf(tenant)),
    ),
  )
  const clicks = 6
  let refusedClicks = 0
  for (let click = 0; click < clicks; click += 1) {
    await delay(deadMs / clicks)
    refusedClicks += (await pressConnect(play.client, bff, clicking, click)) === 503 ? 1 : 0
  }
  const { jobs } = await readStoreRecord(bff.databaseUrl)
  const waitingJobs = visitors.filter(({ visitor }) => jobs.has(visitor.flowId())).length
  hostile.isDead = false
  const recoveredAt = performance.now()
  const ends = await Promise.all(
    visitors.map(async ({ visitor }): Promise<End> => {
      const { status } = await waitForEnd(visitor)
      return { name: 'an outage', status, expected: 'connected' }
    }),
  )
  if (waitingJobs !== visitors.length) throw new Error('an accepted return did not wait for Layers')
  const seconds = Map.groupBy(
    hostile.calls.filter((at) => at >= recoveredAt),
    (at) => Math.floor((at - recoveredAt) / 1000),
  )
  return {
    ends,
    deadForMs: recoveredAt - diedAt,
    clicks,
    refusedClicks,
    drainMs: Math.round(performance.now() - recoveredAt),
    busiestSecond: Math.max(0, ...[...seconds.values()].map(({ length }) => length)),
  }
}

async function pressConnect(client: TrafficClient, bff: Bff, tenant: Tenant, click: number): Promise<number> {
  const answer = await client.send(`${bff.baseUrl}/flows`, {
    method: 'POST',
    headers: {
      cookie: tenant.sessionCookie,
      origin: TRAFFIC_ORIGIN,
      'content-type': 'application/json',
      [REQUEST_HEADER]: '1',
    },
    body: JSON.stringify({ flowId: String(click).padStart(22, 'x'), mode: 'popup' }),
  })
  return answer?.status ?? 0
}

export const hostileUpstream: Fault = {
  name: 'hostile-upstream',
  holds:
    'loses nothing that was accepted, sends nothing elsewhere, stays small and in time, and leaves a dead Layers alone',
  unit: 'flows for each case',
  size: { short: 1, long: 50 },
  run,
  controls: [
    {
      takenOut: 'the circuit breaker',
      rounds: 0,
      broken: [
        {
          file: 'upstream/circuit-breaker.ts',
          from: 'if (refusal !== undefined) throw refusal\n      const { result } = await policy.execute(() => judge(call))',
          to: 'const { result } = await judge(call)',
        },
      ],
      miss: /calls to a dead Layers, more than/,
    },
    {
      takenOut: 'the refusal of redirects',
      broken: [
        {
          file: 'upstream/layers-transport.ts',
          from: 'const text = await response.body.text()',
          to: `const location = response.headers['location']
        if (typeof location === 'string') await fetch(location, { method: call.method, body: call.body })
        const text = await response.body.text()`,
        },
      ],
      miss: /bytes reached another host/,
    },
  ],
}
