// The return page, durable, beside bare better-sqlite3 commits at FULL in the same run: how many returns a second for each commit.
import { join } from 'node:path'
import { setStage, type Stage } from '../faults/load/stage.ts'
import { createTrafficClient, type TrafficClient } from '../faults/traffic/client.ts'
import { TRAFFIC_ORIGIN } from '../faults/traffic/traffic-bff.ts'
import { createVisitor, type Visitor } from '../faults/traffic/visitor.ts'
import { createArtefacts } from '../stack/artefacts.ts'
import type { Bench, BenchOptions, BenchReport } from './bench.ts'
import { commitBare } from './server/bare-commits.ts'

const BAR = 0.5
const RETURNS = 200
const AT_ONCE = 50
const BARE_MS = 300
const WARM_UP = 2

async function run({ rounds, changed = [], onFinished }: BenchOptions): Promise<BenchReport> {
  const tenants = (rounds + WARM_UP) * RETURNS
  const stage = await setStage({ broken: changed, onFinished }, { tenants, calls: 4 * tenants })
  const client = createTrafficClient()
  onFinished(() => client.close())
  const artefacts = createArtefacts()
  onFinished(() => artefacts.discard())
  const bareFile = join(artefacts.directory, 'databases', 'bare.db')
  let [returnMs, commits, slices] = [0, 0, 0]
  for (let round = 0; round < rounds + WARM_UP; round += 1) {
    const perSecond = commitBare(bareFile, BARE_MS)
    const tookMs = await comeBack(stage, client, round * RETURNS)
    // What was accepted is recorded with Layers before the next round, which is not to be disturbed by it.
    await stage.waitUntilIdle()
    if (round < WARM_UP) continue
    returnMs += tookMs
    commits += perSecond
    slices += 1
  }
  const returnsPerSecond = (1000 * slices * RETURNS) / returnMs
  const commitsPerSecond = commits / slices
  return {
    bars: [
      {
        name: 'returns, of bare commits',
        reached: returnsPerSecond / commitsPerSecond,
        bar: BAR,
        is: 'at least',
      },
    ],
    figures: { 'returns a second': returnsPerSecond, 'bare commits a second': commitsPerSecond },
  }
}

/** How long it takes until all of a round are answered. */
async function comeBack(stage: Stage, client: TrafficClient, from: number): Promise<number> {
  const waiting: (() => Promise<void>)[] = []
  await inParallel(
    Array.from({ length: RETURNS }, (_, index) => async () => {
      const tenant = stage.tenants[from + index]
      if (tenant === undefined) throw new Error('there are too few tenants')
      const target = (): string => stage.baseUrl
      const visitor: Visitor = createVisitor({ tenant, client, publicOrigin: TRAFFIC_ORIGIN, target })
      const state = await visitor.openGitHub()
      waiting.push(async () => {
        const { status, location } = await visitor.comeBack(state, stage.installationIdOf(tenant))
        if (status !== 303 || location?.endsWith('/done') !== true) throw new Error(`a return got ${status}`)
      })
    }),
  )
  const startedAt = performance.now()
  await inParallel(waiting)
  return performance.now() - startedAt
}

async function inParallel(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const left = tasks.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const task of left) await task()
    }),
  )
}

export const returnPage: Bench = {
  name: 'return',
  measures: `${RETURNS} returns from GitHub, ${AT_ONCE} at once, beside bare durable commits`,
  unit: 'rounds',
  rounds: 10,
  run,
  control: {
    added: 'two milliseconds of work in each return',
    changed: [
      {
        file: 'routes/return.ts',
        from: '    try {\n      const flow = await handleReturn',
        to: '    for (const end = performance.now() + 2; performance.now() < end; );\n    try {\n      const flow = await handleReturn',
      },
    ],
    rounds: 4,
    isNoticed: (plain, changed) => changed < 0.75 * plain,
  },
}
