// A steady load of returns and polls in an open model, against one BFF process on SQLite: how long customers wait, and that none is refused.
import type { Fault, FaultOptions, FaultReport } from './fault.ts'
import { createLatencies, describe } from './load/latencies.ts'
import { setStage } from './load/stage.ts'
import { keepTimetable } from './load/timetable.ts'
import { createTrafficClient } from './traffic/client.ts'
import { createRandom } from './traffic/random.ts'
import { TRAFFIC_ORIGIN } from './traffic/traffic-bff.ts'
import { createVisitor, type Visitor } from './traffic/visitor.ts'

/** Anything shorter shows that the load can be made; figures about time need a machine of their own, and minutes. */
const MEASURED_FROM_SECONDS = 30
const FULL = { returnsPerSecond: 50, pollsPerSecond: 300 }
const LOWER = { returnsPerSecond: 10, pollsPerSecond: 60 }
/** So many flows are ready to come back before the first one does. */
const HEAD_START_SECONDS = 2
const AT_ONCE = 1_000
/** Polls ask for flows that came back lately. */
const RECENT = 500
const TARGETS = { returnP50: 15, returnP99: 150, pollP99: 50 }

interface Ready {
  readonly visitor: Visitor
  readonly state: string
  readonly installationId: number
}

async function run({ rounds: seconds, seed, report, ...options }: FaultOptions): Promise<FaultReport> {
  const isMeasured = seconds >= MEASURED_FROM_SECONDS
  const { returnsPerSecond, pollsPerSecond } = isMeasured ? FULL : LOWER
  const random = createRandom(seed)
  const durationMs = 1000 * seconds
  const count = returnsPerSecond * (seconds + HEAD_START_SECONDS)
  // A customer starts again after ten seconds at the earliest.
  const stage = await setStage(options, { tenants: 10 * returnsPerSecond, calls: 4 * count })
  const client = createTrafficClient()
  options.onFinished(() => client.close())

  const [starts, returns, polls] = [createLatencies(), createLatencies(), createLatencies()]
  let errors = 0
  const onAnswer = (_step: string, _ms: number, status: number): void => {
    if (status === 0 || status >= 400) errors += 1
  }
  const ready: Ready[] = []
  const recent: Visitor[] = []

  async function start(scheduledAt: number, index: number): Promise<void> {
    const tenant = stage.tenants[index % stage.tenants.length]
    if (tenant === undefined) throw new Error('there are no tenants')
    const target = (): string => stage.baseUrl
    const visitor = createVisitor({ tenant, client, publicOrigin: TRAFFIC_ORIGIN, target, onAnswer })
    const state = await visitor.openGitHub()
    const installationId = stage.installationIdOf(tenant)
    stage.ledger.started({ tenant, flowId: visitor.flowId(), state, installationId })
    starts.add(performance.now() - scheduledAt)
    ready.push({ visitor, state, installationId })
  }
  let unready = 0
  async function comeBack(scheduledAt: number): Promise<void> {
    const flow = ready.shift()
    if (flow === undefined) {
      unready += 1
      return
    }
    const { visitor, state, installationId } = flow
    const { status, location } = await visitor.comeBack(state, installationId)
    returns.add(performance.now() - scheduledAt)
    if (status !== 303 || location?.endsWith('/done') !== true) return void (errors += 1)
    stage.ledger.acknowledged(visitor.flowId())
    if (recent.push(visitor) > RECENT) recent.shift()
  }
  async function poll(scheduledAt: number): Promise<void> {
    if (recent.length === 0) return
    await random.pick(recent).look()
    polls.add(performance.now() - scheduledAt)
  }

  const starting = keepTimetable({
    perSecond: returnsPerSecond,
    durationMs: durationMs + 1000 * HEAD_START_SECONDS,
    atOnce: AT_ONCE,
    arrive: start,
  })
  await new Promise((resolve) => setTimeout(resolve, 1000 * HEAD_START_SECONDS))
  const progress = setInterval(() => report(`${returns.count()} returns, ${polls.count()} polls`), 60_000)
  options.onFinished(() => clearInterval(progress))
  const outcomes = await Promise.all([
    starting,
    keepTimetable({ perSecond: returnsPerSecond, durationMs, atOnce: AT_ONCE, arrive: comeBack }),
    keepTimetable({ perSecond: pollsPerSecond, durationMs, atOnce: AT_ONCE, arrive: poll }),
  ])
  await stage.waitUntilIdle()
  const dropped = unready + outcomes.reduce((sum, outcome) => sum + outcome.dropped, 0)
  const { balance } = await stage.settle()
  const times = {
    returnP50: returns.percentile(0.5),
    returnP99: returns.percentile(0.99),
    pollP99: polls.percentile(0.99),
  }
  return {
    figures: {
      'returns per second': returnsPerSecond,
      'polls per second': pollsPerSecond,
      returns: returns.count(),
      polls: polls.count(),
      ...describe('return', returns),
      ...describe('poll', polls),
      ...describe('start with Layers', starts),
      errors,
      dropped,
      lost: balance.lost,
      'not settled': balance.open,
      'memory (MB)': Math.round(stage.readMemory() / 1024 / 1024),
    },
    misses: [
      ...(errors > 0 ? [`${errors} errors`] : []),
      ...(dropped > 0 ? [`${dropped} were dropped`] : []),
      ...(balance.lost > 0 ? [`${balance.lost} acknowledged returns were lost`] : []),
      ...(balance.open > 0 ? [`${balance.open} were not settled`] : []),
      ...(returns.count() === 0 || polls.count() === 0 ? ['nothing was measured'] : []),
      ...(isMeasured ? findSlow(times) : []),
    ],
  }
}

function findSlow(times: typeof TARGETS): string[] {
  const names = { returnP50: 'return p50', returnP99: 'return p99', pollP99: 'poll p99' } as const
  return (['returnP50', 'returnP99', 'pollP99'] as const)
    .filter((name) => times[name] > TARGETS[name])
    .map((name) => `${names[name]} was ${times[name].toFixed(1)} ms, more than ${TARGETS[name]}`)
}

export const load: Fault = {
  name: 'load',
  holds: 'answers fifty returns and three hundred polls a second quickly, and all of them',
  unit: 'seconds',
  size: { short: 4, long: 900 },
  run,
  controls: [
    {
      takenOut: 'the answer to one look in ten',
      isLong: true,
      broken: [
        {
          file: 'routes/flows.ts',
          from: '    const flowId = getFlowId(ctx)\n    const after =',
          to: "    if (Math.random() < 0.1) throw new ConnectError('storage_unavailable')\n    const flowId = getFlowId(ctx)\n    const after =",
        },
      ],
      miss: /errors/,
    },
  ],
}
