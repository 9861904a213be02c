// I/O errors: syncs that fail, a disk that is full or slow, and death in the middle of a sync, in a BFF that serves customers.
import { copyBroken } from '../flow/broken-bff.ts'
import type { Fault } from './fault.ts'
import { KINDS, planInjections, type Kind } from './io-errors/injections.ts'
import {
  createDoor,
  CUSTOMERS_PER_INJECTION,
  playInjection,
  type Played,
  type Stage,
} from './io-errors/play-injection.ts'
import { STRACE } from './strace.ts'
import { createTrafficClient } from './traffic/client.ts'
import { balance, createLedger } from './traffic/ledger.ts'
import { startScene } from './traffic/scene.ts'
import { readStoreRecord } from './traffic/store-record.ts'
import { loadTrafficBff, type TrafficBff } from './traffic/traffic-bff.ts'
import { readUpstreamRecord } from './traffic/upstream-record.ts'

const SHORT = 4
/** Held against the long version only: the short one runs beside every other test, on however busy a machine. */
const EXIT_WITHIN_MS = 1_000
/** Lease and all: longer than what a killed process left behind needs. */
const SETTLE_WITHIN_MS = 20_000

export const ioErrors: Fault = {
  name: 'io-errors',
  holds:
    'acknowledges nothing after a failed sync and stops at once, heals after a full disk, and loses nothing either way',
  needs: STRACE,
  unit: 'injections',
  size: { short: SHORT, long: 160 },
  async run({ rounds, broken, report, onFinished }) {
    const directory = broken === undefined ? {} : { directory: copyBroken(broken, onFinished) }
    const injections = planInjections(rounds)
    const scene = await startScene({ tenants: (injections.length + 1) * CUSTOMERS_PER_INJECTION })
    onFinished(() => scene.close())
    const client = createTrafficClient()
    onFinished(() => client.close())
    const stage: Stage = {
      scene,
      opening: scene.openingFor(scene.databaseFileUrl),
      client,
      ledger: createLedger(),
      door: createDoor(),
      waiting: [...scene.tenants],
      customers: [],
    }
    const load = async (): Promise<TrafficBff> => {
      const bff = await loadTrafficBff({
        ...directory,
        onOutput: (text) => scene.artefacts.record('logs', text),
      })
      onFinished(async () => {
        bff.signal('SIGKILL')
        await bff.gone
      })
      return bff
    }
    const readBalance = async () =>
      balance(stage.ledger, readUpstreamRecord(scene.sandbox), await readStoreRecord(scene.databaseFileUrl))

    const misses: string[] = []
    const tallies = new Map<Kind, Tally>(KINDS.map((kind) => [kind, createTally()]))
    let lostAtMost = 0
    for (const [position, injection] of injections.entries()) {
      const played = await playInjection(stage, await load(), injection)
      const { kind, call } = injection
      count(tallies.get(kind) ?? createTally(), played)
      misses.push(...judge(kind, played, rounds > SHORT).map((miss) => `${kind} at call ${call}: ${miss}`))
      // The first starts may have failed before there was a table.
      if (stage.ledger.entries().length > 0) {
        const { lost, stuck } = await readBalance()
        lostAtMost = Math.max(lostAtMost, lost, stuck)
      }
      if (position % 20 === 19) report(`${position + 1} injections`)
    }

    const last = await load()
    stage.door.openTo(await last.open(stage.opening))
    const isSettled = await Promise.race([
      Promise.allSettled(stage.customers).then(() => true),
      new Promise<boolean>((resolve) => setTimeout(resolve, SETTLE_WITHIN_MS, false).unref()),
    ])
    const { acknowledged, lost, open, stuck } = await readBalance()
    if (open > 0) misses.push(`${open} returns were not settled in the end`)
    if (!isSettled) misses.push('there are customers who never saw the end')
    if (Math.max(lostAtMost, lost, stuck) > 0)
      misses.push(`${Math.max(lostAtMost, lost, stuck)} returns were lost`)
    return {
      figures: {
        ...Object.fromEntries([...tallies].flatMap(([kind, tally]) => figuresOf(kind, tally))),
        'returns acknowledged': acknowledged,
        'returns lost': Math.max(lostAtMost, lost, stuck),
        'returns not settled in the end': open,
      },
      misses,
    }
  },
  controls: [
    {
      takenOut: 'the rule that an I/O error is fatal',
      broken: [
        {
          file: 'storage/sqlite-errors.ts',
          from: "['SQLITE_IOERR', 'fatal']",
          to: "['SQLITE_IOERR', 'busy']",
        },
      ],
      miss: /the process went on/,
      rounds: 1,
    },
  ],
}

/** What is wrong with how one injection went. */
function judge(kind: Kind, played: Played, isTimed: boolean): readonly string[] {
  const {
    injected,
    isDirectory,
    isGone,
    exitCode,
    exitAfterMs = 0,
    answeredAfter,
    answers,
    integrity,
  } = played
  const misses = integrity === 'ok' ? [] : [`integrity_check says ${integrity}`]
  const failures = [...answers.keys()].filter((status) => status >= 500)
  if (kind === 'killed') return isGone ? misses : [...misses, 'nobody got that far']
  if (injected === 0) return [...misses, 'nobody got that far']
  switch (kind) {
    case 'failed':
      // SQLite goes on when a directory cannot be synced, because not every file system can do that (os_unix.c, unixSync).
      if (isDirectory) return misses
      if (answeredAfter > 0) misses.push(`${answeredAfter} good answers after the failed sync`)
      if (!isGone) misses.push('the process went on')
      else if (exitCode === undefined || exitCode === 0) misses.push(`the process exited with ${exitCode}`)
      else if (isTimed && exitAfterMs > EXIT_WITHIN_MS)
        misses.push(`the process took ${Math.round(exitAfterMs)} ms to stop`)
      return misses
    case 'refused':
      if (isGone && answers.size > 0) misses.push('the process did not go on')
      if (failures.some((status) => status !== 503))
        misses.push(`answers were ${failures.join(', ')}, not 503`)
      return misses
    case 'late':
      if (isGone) misses.push('the process did not go on')
      if (failures.length > 0) misses.push(`answers were ${failures.join(', ')}`)
      return misses
  }
}

interface Tally {
  injections: number
  beforeListening: number
  gone: number
  refused: number
  longestExitMs: number
}

function createTally(): Tally {
  return { injections: 0, beforeListening: 0, gone: 0, refused: 0, longestExitMs: 0 }
}

function count(tally: Tally, { answers, isGone, exitAfterMs }: Played): void {
  tally.injections += 1
  if (answers.size === 0) tally.beforeListening += 1
  if (isGone) tally.gone += 1
  tally.refused += answers.get(503) ?? 0
  tally.longestExitMs = Math.max(tally.longestExitMs, exitAfterMs ?? 0)
}

function figuresOf(kind: Kind, tally: Tally): readonly (readonly [string, number | string])[] {
  const { injections, beforeListening, gone, refused, longestExitMs } = tally
  return [
    [`${kind}: injections (met while starting)`, `${injections} (${beforeListening})`],
    [`${kind}: processes that ended`, gone],
    [`${kind}: answers with 503`, refused],
    ...(kind === 'failed'
      ? [[`${kind}: longest time until exit (ms)`, Math.round(longestExitMs)] as const]
      : []),
  ]
}
