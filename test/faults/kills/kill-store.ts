// Kills the BFF of one store many times while customers connect, and compares what was acknowledged with what is there.
import { setTimeout as pause } from 'node:timers/promises'
import type { FlowView } from '../../../bff/contract.ts'
import { createTrafficClient } from '../traffic/client.ts'
import { connectAsCustomer } from '../traffic/customer.ts'
import { balance, createLedger, type Balance } from '../traffic/ledger.ts'
import type { Opening } from '../traffic/orders.ts'
import type { Random } from '../traffic/random.ts'
import { startScene } from '../traffic/scene.ts'
import { readStoreRecord } from '../traffic/store-record.ts'
import { TRAFFIC_ORIGIN } from '../traffic/traffic-bff.ts'
import { readUpstreamRecord } from '../traffic/upstream-record.ts'
import { KILL_POINTS } from './kill-points.ts'
import { createKilledBff } from './killed-bff.ts'

/** New customers before each kill, unless so many are under way already; those whom earlier kills have cut off go on meanwhile. */
const NEWCOMERS = 6
const MAX_UNDER_WAY = 12
/** Longest a customer waits between two steps, and Layers before it binds: it spreads them over the phases. */
const MAX_THINK_MS = 15
/** Some bindings take Layers so long that the next process asks before they are there, and has to post again. */
const SLOW_SHARE = 0.1
const SLOW_MS = 1_200
/** A named point is given up when all of the newcomers have gone by, or after this long. */
const PATIENCE_MS = 30_000
/** A random moment is after so many answers at most: on a slow machine as far into the work as on a fast one. */
const MAX_ANSWERS = 30
/** What is still open this long after the time it should take is counted, and not waited for any longer. */
const GRACE_MS = 60_000

/** A named point of {@link KILL_POINTS}, or undefined for a random moment. */
export type PlannedKill = string | undefined

export interface CampaignOptions {
  /** One scene, one database: so many kills, then everything has to be settled. */
  readonly kills: readonly PlannedKill[]
  /** A copy of the BFF's source with the points in it. */
  readonly directory: string
  /** Default: a file of its own. */
  readonly databaseUrl?: string | undefined
  /** What else the BFF is opened with. */
  readonly opening: Partial<Opening>
  readonly random: Random
  /** How long settling may take after the last start. */
  readonly settleWithinMs: number
}

export interface Campaign extends Balance {
  readonly kills: number
  /** Named points that were given up. */
  readonly unreached: number
  /** Acknowledged and not settled at the moment of a kill, summed over the kills. */
  readonly openAtKills: number
  /** From the last start until all that was acknowledged before was settled; Infinity when it never was. */
  readonly settledInMs: number
  /** What customers were answered that they should never be. */
  readonly refusals: readonly string[]
}

export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  const { kills, random, settleWithinMs } = options
  const scene = await startScene({ tenants: kills.length * NEWCOMERS })
  const { sandbox, artefacts } = scene
  const databaseUrl = options.databaseUrl ?? scene.databaseFileUrl
  const opening = { ...scene.openingFor(databaseUrl), ...options.opening }
  const bff = createKilledBff({
    directory: options.directory,
    onOutput: (text) => artefacts.record('logs', text),
  })
  const client = createTrafficClient()
  const ledger = createLedger()
  const refusals: string[] = []
  const customers: Promise<void>[] = []
  let isOver = false
  let underWay = 0
  let onAnswer = (): void => undefined
  let unreached = 0
  let openAtKills = 0

  function letCome(): readonly Promise<void>[] {
    const count = Math.min(NEWCOMERS, MAX_UNDER_WAY - underWay)
    const newcomers: Promise<void>[] = []
    for (const tenant of scene.tenants.slice(customers.length, customers.length + count)) {
      const delayMs = random.next() < SLOW_SHARE ? SLOW_MS : random.below(MAX_THINK_MS)
      sandbox.scenario('delay_next', { route: 'bind', delayMs })
      const thinkMs = [0, 0, 0].map(() => random.below(MAX_THINK_MS))
      const customer = connectAsCustomer({
        tenant,
        installationId: scene.installationIdOf(tenant),
        client,
        publicOrigin: TRAFFIC_ORIGIN,
        target: bff.target,
        ledger,
        onAnswer: (_step, _tookMs, status) => {
          if (status > 0) onAnswer()
        },
        think: () => pause(thinkMs.pop() ?? 0),
      })
      newcomers.push(noteRefusal(customer))
    }
    customers.push(...newcomers)
    return newcomers
  }

  async function noteRefusal(customer: Promise<FlowView>): Promise<void> {
    underWay += 1
    try {
      const { status, error } = await customer
      if (status !== 'connected') refusals.push(`${status} ${error}`)
    } catch (error) {
      // Whoever still waits when the run is over is cut off.
      if (!isOver) refusals.push(String(error))
    } finally {
      underWay -= 1
    }
  }

  const readBalance = async (): Promise<Balance> =>
    balance(ledger, readUpstreamRecord(sandbox), await readStoreRecord(databaseUrl))

  try {
    for (const point of kills) {
      await bff.start(opening)
      const answered = waitForAnswers(1 + random.below(MAX_ANSWERS))
      const givenUp = giveUpAfter(letCome())
      if (point === undefined) {
        await Promise.race([answered, givenUp])
        await bff.die()
      } else {
        const isReached = await bff.dieAt({ point, count: 1 + random.below(2) }, givenUp)
        if (!isReached) unreached += 1
      }
      openAtKills += ledger.countOpen()
    }
    const dead = await readBalance()
    // What nobody will ever work on need not be waited for.
    const settledInMs = dead.stuck > 0 ? Infinity : await settle()
    return {
      ...(dead.stuck > 0 ? dead : await readBalance()),
      kills: kills.length,
      unreached,
      openAtKills,
      settledInMs,
      refusals,
    }
  } finally {
    isOver = true
    await bff.close()
    client.close()
    await scene.close()
  }

  function waitForAnswers(count: number): Promise<void> {
    let left = count
    return new Promise((resolve) => {
      onAnswer = () => {
        left -= 1
        if (left === 0) resolve()
      }
    })
  }

  async function settle(): Promise<number> {
    const acknowledgedBefore = new Set(
      ledger
        .entries()
        .filter(({ acknowledgedAt }) => acknowledgedAt !== undefined)
        .map(({ flowId }) => flowId),
    )
    await bff.start(opening)
    const startedAt = performance.now()
    const timeIsUp = pause(settleWithinMs + GRACE_MS, false, { ref: false })
    const all = Promise.all(customers).then(() => true)
    if (!(await Promise.race([all, timeIsUp]))) return Infinity
    const endings = ledger
      .entries()
      .filter(({ flowId }) => acknowledgedBefore.has(flowId))
      .map(({ endedAt = Infinity }) => endedAt - startedAt)
    return Math.max(0, ...endings)
  }
}

function giveUpAfter(newcomers: readonly Promise<void>[]): Promise<unknown> {
  const patience = pause(PATIENCE_MS, undefined, { ref: false })
  return newcomers.length === 0 ? patience : Promise.race([Promise.all(newcomers), patience])
}

/** Each named point in turn, with as many random moments as named points in between. */
export function planKills(count: number, random: Random): readonly PlannedKill[] {
  return Array.from({ length: count }, (_, index) =>
    index < KILL_POINTS.length || random.next() < 0.5 ? KILL_POINTS[index % KILL_POINTS.length] : undefined,
  )
}
