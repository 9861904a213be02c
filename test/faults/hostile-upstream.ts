// Layers answers in every way that harms: what was accepted is kept, nothing is sent elsewhere, memory and time are bounded, and a Layers
// that is down is left alone.
import { readFileSync } from 'node:fs'
import { copyBroken } from '../flow/broken-bff.ts'
import type { Fault, FaultOptions, FaultReport } from './fault.ts'
import { CASES, type Case } from './hostile-upstream/cases.ts'
import { startHostileLayers } from './hostile-upstream/hostile-layers.ts'
import { measureGrowth, playCases, type Bff, type Play } from './hostile-upstream/play-cases.ts'
import { playDead } from './hostile-upstream/play-outage.ts'
import { createTrafficClient } from './traffic/client.ts'
import { startScene, type Scene } from './traffic/scene.ts'
import { loadTrafficBff } from './traffic/traffic-bff.ts'

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
