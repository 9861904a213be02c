// An hour of customers with Layers down in the middle: returns go on being accepted, and what they left to do is done afterwards without
// a rush. The short version takes seconds where the long one takes minutes.
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault, FaultOptions, FaultReport } from './fault.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { findPeak } from './load/count-rate.ts'
import { slopeOf, type MemorySample } from './load/memory.ts'
import { setStage } from './load/stage.ts'
import { keepTimetable } from './load/timetable.ts'
import { createTrafficClient } from './traffic/client.ts'
import { refuseAfter } from './soak/impatient-client.ts'
import { LONG, SHORT } from './soak/plan.ts'
import { createRandom } from './traffic/random.ts'
import { TRAFFIC_ORIGIN } from './traffic/traffic-bff.ts'
import { createVisitor } from './traffic/visitor.ts'

const SHORT_BELOW_SECONDS = 300
/** Anything shorter shows that nothing is lost; rates and times need a quiet machine. */
const MEASURED_FROM_SECONDS = 30

const MOST_OF_NORMAL_RATE = 2
/** What a process takes in its first minutes it takes once. */
const WARM_AFTER = 1 / 4
const MOST_GROWTH_MB = 1
const TEN_MINUTES_MS = 600_000
const MB = 1024 * 1024
const AT_ONCE = 10_000
const WAITING_AT_LEAST = 10
const LOOK_EVERY_MS = 100
/** A job is tried as soon as it was accepted. */
const TRIED_WITHIN_MS = 1_000

/** Finds out within the seconds of a short run that Layers is back. */
const SHORTER_BREAK: Breakage = {
  file: 'upstream/circuit-breaker.ts',
  from: 'openMs: 20_000',
  to: 'openMs: 500',
}

async function run({
  rounds: seconds,
  seed,
  broken = [],
  report,
  onFinished,
}: FaultOptions): Promise<FaultReport> {
  const isShort = seconds < SHORT_BELOW_SECONDS
  const isMeasured = seconds >= MEASURED_FROM_SECONDS
  const plan = isShort ? SHORT : LONG
  const { startsPerSecond } = plan
  const random = createRandom(seed)
  const durationMs = 1000 * seconds
  const onGitHubMs = durationMs * plan.onGitHub
  const stage = await setStage(
    { broken: isShort ? [SHORTER_BREAK, ...broken] : broken, onFinished },
    {
      // Nobody starts again before the last flow is long over.
      tenants: Math.ceil(Math.min(seconds, (4 * onGitHubMs) / 1000 + 60) * startsPerSecond),
      calls: 4 * seconds * startsPerSecond,
      opening: { retryPolicy: plan.retryPolicy },
    },
  )
  const client = createTrafficClient()
  onFinished(() => client.close())

  /** Layers is down, or was until so lately that the BFF may not know better yet. */
  let isDown = false
  let [refusedStarts, startErrors, errors] = [0, 0, 0]
  const impatient = refuseAfter(client)
  async function connect(_scheduledAt: number, index: number): Promise<void> {
    const tenant = stage.tenants[index % stage.tenants.length]
    if (tenant === undefined) throw new Error('there are no tenants')
    const target = (): string => stage.baseUrl
    const wasDown = isDown
    const visitor = createVisitor({ tenant, client: impatient(), publicOrigin: TRAFFIC_ORIGIN, target })
    const state = await visitor.openGitHub().catch(() => undefined)
    if (state === undefined) {
      if (wasDown || isDown) refusedStarts += 1
      else startErrors += 1
      return
    }
    const installationId = stage.installationIdOf(tenant)
    stage.ledger.started({ tenant, flowId: visitor.flowId(), state, installationId })
    await delay(onGitHubMs * (0.5 + random.next() / 2))
    const returned = await visitor.comeBack(state, installationId).catch(() => undefined)
    if (returned?.status === 303 && returned.location?.endsWith('/done') === true)
      stage.ledger.acknowledged(visitor.flowId())
    else errors += 1
  }

  const startedAt = performance.now()
  const memory: MemorySample[] = []
  const sample = (): void =>
    void memory.push({ atMs: performance.now() - startedAt, bytes: stage.readMemory() })
  const sampling = setInterval(sample, Math.max(100, durationMs / 720))
  onFinished(() => clearInterval(sampling))
  const customers = keepTimetable({
    perSecond: startsPerSecond,
    durationMs,
    atOnce: AT_ONCE,
    arrive: connect,
  })
  await delay(plan.downAt * durationMs)
  const onGitHub = (): number =>
    stage.ledger.entries().filter(({ acknowledgedAt }) => acknowledgedAt === undefined).length
  await waitFor(() => onGitHub() >= 2 * WAITING_AT_LEAST, durationMs)
  const downAt = Date.now()
  isDown = true
  await stage.takeDown()
  report('Layers is down')
  await delay((plan.upAt - plan.downAt) * durationMs)
  const cameBack = (): number => findWaited(stage.ledger.entries(), downAt, Date.now()).size
  await waitFor(() => cameBack() >= WAITING_AT_LEAST, durationMs)
  await delay(TRIED_WITHIN_MS)
  await stage.bringUp()
  const upAt = Date.now()
  report('Layers is back')
  await delay(plan.noticedWithinMs)
  isDown = false
  const { dropped } = await customers
  clearInterval(sampling)
  await stage.waitUntilIdle()

  const { balance, posts, calls } = await stage.settle()
  const waited = findWaited(stage.ledger.entries(), downAt, upAt)
  const drainedAt = Math.max(upAt, ...posts.filter(({ state }) => waited.has(state)).map(({ at }) => at))
  const windowMs = durationMs * plan.peakWindow
  // A return and the start before it are a call each; at first nobody returns yet.
  const normal = (2 * startsPerSecond * windowMs) / 1000
  const peak = findPeak(
    calls.filter((at) => at >= upAt),
    windowMs,
  )
  const warm = memory.filter(({ atMs }) => atMs >= WARM_AFTER * durationMs)
  const growthMb = (slopeOf(warm) * TEN_MINUTES_MS) / MB
  const drainLimitMs = durationMs * plan.drainWithin
  return {
    figures: {
      'customers a second': startsPerSecond,
      'returns acknowledged': balance.acknowledged,
      'accepted while Layers was down': waited.size,
      'starts refused while Layers was down': refusedStarts,
      'starts refused otherwise': startErrors,
      'returns not accepted': errors,
      dropped,
      lost: balance.lost,
      'not settled': balance.open,
      'repeated posts': balance.extraPosts,
      'queue drained after (s)': ((drainedAt - upAt) / 1000).toFixed(1),
      'peak of calls afterwards (of the normal rate)': (peak / normal).toFixed(2),
      'memory (MB)': Math.round((warm.at(-1)?.bytes ?? 0) / MB),
      'growth (MB in 10 minutes)': isShort ? 'not measured' : growthMb.toFixed(2),
    },
    misses: [
      ...(errors > 0 ? [`${errors} returns were not accepted`] : []),
      ...(isMeasured && startErrors > 0 ? [`${startErrors} starts were refused while Layers was there`] : []),
      ...(dropped > 0 ? [`${dropped} were dropped`] : []),
      ...(waited.size === 0 ? ['nobody came back while Layers was down'] : []),
      ...(balance.lost > 0 ? [`${balance.lost} acknowledged returns were lost`] : []),
      ...(balance.open > 0 ? [`${balance.open} were not settled`] : []),
      ...(isMeasured && drainedAt - upAt > drainLimitMs
        ? [`the queue took ${(drainedAt - upAt) / 1000} s`]
        : []),
      ...(isMeasured && peak > MOST_OF_NORMAL_RATE * normal
        ? [`calls came at ${(peak / normal).toFixed(2)} times the normal rate`]
        : []),
      ...(!isShort && growthMb > MOST_GROWTH_MB
        ? [`memory grew by ${growthMb.toFixed(2)} MB in ten minutes`]
        : []),
    ],
  }
}

/** A slow machine has not got as far as the plan has; those who come back have to meet a Layers that is down. */
async function waitFor(isSo: () => boolean, atMostMs: number): Promise<void> {
  const giveUpAt = performance.now() + atMostMs
  while (!isSo() && performance.now() < giveUpAt) await delay(LOOK_EVERY_MS)
}

/** The states of the returns that were accepted while Layers was down. */
function findWaited(
  entries: readonly { readonly state: string; readonly acknowledgedAt?: number }[],
  downAt: number,
  upAt: number,
): ReadonlySet<string> {
  return new Set(
    entries
      .filter(({ acknowledgedAt }) => {
        if (acknowledgedAt === undefined) return false
        const at = performance.timeOrigin + acknowledgedAt
        return at >= downAt && at < upAt
      })
      .map(({ state }) => state),
  )
}

export const soak: Fault = {
  name: 'soak',
  holds: 'accepts returns while Layers is down, and records them afterwards soon and without a rush',
  unit: 'seconds',
  size: { short: 8, long: 3600 },
  run,
  controls: [
    {
      takenOut: 'another try for what failed because Layers is down',
      isLong: true,
      broken: [
        {
          file: 'delivery/bind-installation.ts',
          from: "  if (error.failure === 'circuit') return postpone(attempt, error)\n  report(attempt, error, call)\n  if (error.isTransient) return retry(error, attempt.job.outcomeUnknown)",
          to: "  report(attempt, error, call)\n  if (error.isTransient) return end('expired', 'upstream_unavailable')",
        },
      ],
      miss: /acknowledged returns were lost/,
    },
    {
      takenOut: 'the spread over time of what had to wait',
      broken: [
        {
          file: 'delivery/bind-installation.ts',
          from: 'spreadMs: Math.min(downForMs ?? 0, MAX_SPREAD_MS)',
          to: 'spreadMs: Math.min(0, downForMs ?? 0, MAX_SPREAD_MS)',
        },
      ],
      miss: /times the normal rate/,
      rounds: 60,
      isLong: true,
    },
  ],
}
