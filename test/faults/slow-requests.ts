// A thousand connections drip their heads and bodies byte by byte: each is cut in time, and whoever sends at once notices nothing.
import { startExposedBff } from './exposed/exposed-bff.ts'
import type { Fault, FaultOptions, FaultReport } from './fault.ts'
import { sendGoodTraffic } from './slow-requests/good-traffic.ts'
import { startSlowSockets } from './slow-requests/slow-report.ts'

interface Scale {
  readonly sockets: number
  /** Until when a head, or a body, that comes slowly has to be cut. */
  readonly headMs: number
  readonly bodyMs: number
  /** Undefined: too short a run for a figure. */
  readonly goodP99Ms: number | undefined
  /** For how long nobody attacks first. */
  readonly calmMs: number
}

/** With the server's real times, which it looks at every second. */
const LONG: Scale = { sockets: 1_000, headMs: 6_000, bodyMs: 11_000, goodP99Ms: 250, calmMs: 10_000 }
/** With the times below, and time to spare. */
const SHORT: Scale = { sockets: 50, headMs: 2_000, bodyMs: 2_500, goodP99Ms: undefined, calmMs: 200 }
const SHORT_SECONDS = 3
/** Attackers' connections that the server has not closed yet, and those to Layers. */
const OTHER_SOCKETS = 100
/** The attacker measures from its own side, and has a thousand connections to look after. */
const TOLERANCE_MS = 250

const SHORT_TIMES = [
  { file: 'http-server.ts', from: 'headersTimeout: 5_000', to: 'headersTimeout: 300' },
  { file: 'http-server.ts', from: 'requestTimeout: 10_000', to: 'requestTimeout: 600' },
  {
    file: 'http-server.ts',
    from: 'connectionsCheckingInterval: 250',
    to: 'connectionsCheckingInterval: 100',
  },
]
const NODE_TIMES = [
  { file: 'http-server.ts', from: 'headersTimeout: 5_000', to: 'headersTimeout: 60_000' },
  { file: 'http-server.ts', from: 'requestTimeout: 10_000', to: 'requestTimeout: 300_000' },
  {
    file: 'http-server.ts',
    from: 'connectionsCheckingInterval: 250',
    to: 'connectionsCheckingInterval: 30_000',
  },
]

async function run(options: FaultOptions): Promise<FaultReport> {
  const { rounds: seconds, broken, onFinished, report } = options
  const isShort = seconds <= SHORT_SECONDS
  const scale = isShort ? SHORT : LONG
  const bff = await startExposedBff(options, { broken: broken ?? (isShort ? SHORT_TIMES : []) })
  // What the machine makes of it while nobody attacks.
  const before = await sendGoodTraffic(bff.port, scale.calmMs)
  const slow = startSlowSockets(bff.port, scale.sockets)
  onFinished(() => slow.stop())
  report(`${scale.sockets} connections drip for ${seconds} s`)
  const good = await sendGoodTraffic(bff.port, seconds * 1000)
  const { closed, headMs, bodyMs } = await slow.measure()
  const health = await bff.measure()
  const mostAllowed = scale.sockets + OTHER_SOCKETS
  return {
    figures: {
      'slow connections at a time': scale.sockets,
      'cut by the server': closed,
      'longest head (ms)': headMs,
      'longest body (ms)': bodyMs,
      'good requests before the attack, p99 (ms)': before.p99Ms,
      'good requests answered': good.answered,
      'good requests failed': good.failed,
      'good requests, p99 (ms)': good.p99Ms,
      'event loop of the server, p99 (ms)': health.eventLoopDelayP99Ms,
      'event loop of the server, longest (ms)': health.eventLoopDelayMaxMs,
      'most sockets of the server': health.mostSockets,
      'most memory (MB)': health.mostRssMb,
    },
    misses: [
      ...missIf(headMs > scale.headMs + TOLERANCE_MS, `a slow head was left alone for ${headMs} ms`),
      ...missIf(bodyMs > scale.bodyMs + TOLERANCE_MS, `a slow body was left alone for ${bodyMs} ms`),
      ...missIf(good.failed > 0, `${good.failed} good requests failed`),
      ...missIf(
        scale.goodP99Ms !== undefined && good.p99Ms > scale.goodP99Ms,
        `one of a hundred good requests took ${good.p99Ms} ms`,
      ),
      ...missIf(health.mostSockets > mostAllowed, `the server held ${health.mostSockets} sockets`),
    ],
  }
}

const missIf = (isMissed: boolean, sentence: string): readonly string[] => (isMissed ? [sentence] : [])

export const slowRequests: Fault = {
  name: 'slow-requests',
  holds: 'connections that drip are cut in time, and whoever sends at once is answered',
  unit: 'seconds',
  size: { short: SHORT_SECONDS, long: 600 },
  run,
  controls: [
    { takenOut: 'our time limits, so that Node’s own hold', broken: NODE_TIMES, miss: /left alone/ },
  ],
}
