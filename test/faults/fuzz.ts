// A million generated requests, well framed and broken: none makes the BFF fail, stop, stall or grow, and it still connects afterwards.
import { createHmac } from 'node:crypto'
import { createTokenSigner } from '../../bff/connect-token/signer.ts'
import {
  startExposedBff,
  TOKEN_ISSUER,
  TOKEN_SECRET,
  WEBHOOK_SECRET,
  EXPOSED_URL,
  type ExposedBff,
} from './exposed/exposed-bff.ts'
import type { Fault, FaultOptions, FaultReport } from './fault.ts'
import { createTally, sendRequests, type Tally } from './fuzz/send-requests.ts'
import { createTemplates } from './fuzz/templates.ts'
import { createRandom } from './traffic/random.ts'

const SHORT_REQUESTS = 5_000
/** Made anew after so many, so that more is tried than a few thousand requests with other bytes in them. */
const REQUESTS_PER_ROUND = 50_000
const TEMPLATES_PER_ROUND = 1_500
/** Of the requests, one of so many goes to a BFF that asks for connect tokens. */
const TOKEN_SHARE = 4
const EVENT_LOOP_P99_MS = 50
/** Of what is still in use afterwards: the counters of some thousand made-up users are. */
const GROWTH_MB = 60
const RSS_MB = 600

async function run(options: FaultOptions): Promise<FaultReport> {
  const { rounds: total, broken = [] } = options
  const withSessions = await startExposedBff(options, { broken })
  const withTokens = await startExposedBff(options, { broken, usesTokens: true })
  const tally = createTally()
  const before = await withSessions.measure()
  const startedAt = performance.now()
  const ofTokens = Math.ceil(total / TOKEN_SHARE)
  await attack(withSessions, total - ofTokens, tally, options)
  await attack(withTokens, ofTokens, tally, options)
  const seconds = (performance.now() - startedAt) / 1000

  const sent = [...tally.statuses.values()].reduce((sum, count) => sum + count, 0)
  const failures = [...tally.statuses].filter(([status]) => status >= 500)
  const restarts = [withSessions, withTokens].filter((bff) => bff.isGone()).length
  const health = restarts > 0 ? undefined : await withSessions.measure()
  const growthMb = health === undefined ? 0 : health.liveHeapMb - before.liveHeapMb
  const logged = [withSessions, withTokens].flatMap((bff) => bff.output().split('\n').filter(Boolean))
  const connected = restarts > 0 ? 'not asked' : await connectOnce(withSessions)
  const isLong = total > SHORT_REQUESTS
  return {
    figures: {
      'requests sent': sent,
      'requests per second': Math.round(sent / seconds),
      ...Object.fromEntries(
        [...tally.statuses]
          .toSorted(([one], [other]) => one - other)
          .map(([status, count]) => [status === 0 ? 'closed unanswered' : `answered ${status}`, count]),
      ),
      'lines of errors in the log': logged.length,
      'BFF processes that ended': restarts,
      'event loop, p99 (ms)': health?.eventLoopDelayP99Ms ?? 'gone',
      'event loop, longest (ms)': health?.eventLoopDelayMaxMs ?? 'gone',
      'growth of the live heap (MB)': growthMb,
      'most memory of the process (MB)': health?.mostRssMb ?? 'gone',
      'a flow afterwards': connected,
    },
    misses: [
      ...failures.map(
        ([status, count]) => `${count} requests were answered ${status}, first ${tally.culprit ?? ''}`,
      ),
      ...missIf(tally.stuck !== undefined, `no answer to ${tally.stuck ?? ''}`),
      ...missIf(restarts > 0, `${restarts} BFF processes ended`),
      ...missIf(logged.length > 0, `the log has errors: ${logged[0] ?? ''}`),
      ...missIf(growthMb > GROWTH_MB, `what is held in memory grew by ${growthMb} MB`),
      ...missIf(
        health !== undefined && health.mostRssMb > RSS_MB,
        `the process had ${health?.mostRssMb ?? 0} MB`,
      ),
      ...missIf(
        isLong && health !== undefined && health.eventLoopDelayP99Ms >= EVENT_LOOP_P99_MS,
        `the event loop was late by ${health?.eventLoopDelayP99Ms ?? 0} ms`,
      ),
      ...missIf(connected !== 'connected', `a flow ended as ${connected}`),
    ],
  }
}

const missIf = (isMissed: boolean, sentence: string): readonly string[] => (isMissed ? [sentence] : [])

async function attack(
  bff: ExposedBff,
  total: number,
  tally: Tally,
  { seed, report }: FaultOptions,
): Promise<void> {
  const flowIds = await startFlows(bff)
  const rightValues = await listRightValues(flowIds)
  for (let sent = 0; sent < total && !bff.isGone() && tally.stuck === undefined; sent += REQUESTS_PER_ROUND) {
    const round = seed + sent
    const templates = createTemplates({ flowIds, rightValues }, { count: TEMPLATES_PER_ROUND, seed: round })
    const count = Math.min(REQUESTS_PER_ROUND, total - sent)
    await sendRequests(bff.port, templates, { total: count, random: createRandom(round), tally })
    report(`${sent + count} of ${total} requests`)
  }
}

/** Flows that the requests can hit; each with its cookie in a browser of its own. */
async function startFlows(bff: ExposedBff): Promise<readonly string[]> {
  const browser = bff.browser('fuzz')
  browser.token = await signToken('fuzz')
  const { flowId } = await browser.startFlow()
  return [flowId]
}

async function signToken(person: string): Promise<string> {
  const signer = createTokenSigner({
    secret: TOKEN_SECRET,
    issuer: TOKEN_ISSUER,
    audience: EXPOSED_URL,
    lifetimeSeconds: 600,
  })
  return signer.sign({ tenantId: `company-of-${person}`, userId: person, canConnect: true })
}

/** What is right somewhere, so that more than the first check is reached: tokens, and signatures over bodies that are sent. */
async function listRightValues(flowIds: readonly string[]): Promise<readonly string[]> {
  const token = await signToken('fuzz')
  const signatures = ['{}', '', '[[[[]]]]'].map(
    (body) => `sha256=${createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex')}`,
  )
  const cookies = flowIds.map((flowId) => `__Host-connect-github-${flowId}=${'A'.repeat(43)}`)
  return [`Bearer ${token}`, `Bearer ${token.slice(0, -2)}`, ...signatures, ...cookies]
}

async function connectOnce(bff: ExposedBff): Promise<string> {
  const browser = bff.browser('good')
  const { flow, returnUrl } = await browser.connect()
  await browser.navigate(returnUrl)
  return (await browser.waitForEnd(flow.flowId)).status
}

/** Without it, what is not JSON is a failure of ours. */
const NO_PARSE_GUARD = {
  file: 'middleware/read-json.ts',
  from: "throw new ConnectError('invalid_request', { cause, detail: 'the body is not JSON' })",
  to: 'throw cause',
}

export const fuzz: Fault = {
  name: 'fuzz',
  holds: 'no request makes the BFF fail, end, stall or grow',
  unit: 'requests',
  size: { short: SHORT_REQUESTS, long: 1_000_000 },
  run,
  controls: [
    {
      takenOut: 'the guard around parsing JSON',
      broken: [NO_PARSE_GUARD],
      miss: /answered 500/,
      rounds: 1_500,
    },
  ],
}
