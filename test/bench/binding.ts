// From the answer with which Layers records a binding to the host page that shows it, with the opener cut by GitHub's page.
import { createLatencies } from '../faults/load/latencies.ts'
import { createTenant } from '../faults/traffic/tenants.ts'
import type { Bench, BenchOptions, BenchReport } from './bench.ts'
import type { UpstreamRequest } from './browser/orders.ts'
import { setBrowserStage, type BrowserStage } from './browser/stage.ts'

const BAR_MS = 100
/** The window has long closed by then, so that nothing else is going on in the browser. */
const FAR_MS = 400
const WARM_UP = 3

async function run(options: BenchOptions): Promise<BenchReport> {
  const { rounds, report } = options
  const stage = await setBrowserStage({ ...options, rounds: 2 * (rounds + WARM_UP) })
  const [near, far] = [createLatencies(), createLatencies()]
  for (let round = 0; round < rounds + WARM_UP; round += 1) {
    const nearMs = await playRound(stage, 2 * round, 0)
    const farMs = await playRound(stage, 2 * round + 1, FAR_MS)
    if (round < WARM_UP) continue
    near.add(nearMs)
    far.add(farMs)
    if (round % 10 === 9) report(`${round + 1} rounds`)
  }
  return {
    bars: [
      { name: 'host page shows it, p95 (ms)', reached: near.percentile(0.95), bar: BAR_MS, is: 'at most' },
      {
        name: `the same, Layers ${FAR_MS} ms away, p95 (ms)`,
        reached: far.percentile(0.95),
        bar: BAR_MS,
        is: 'at most',
      },
    ],
    figures: {
      'p50 (ms)': near.percentile(0.5),
      'slowest (ms)': near.percentile(1),
      [`Layers ${FAR_MS} ms away, p50 (ms)`]: far.percentile(0.5),
    },
  }
}

async function playRound(stage: BrowserStage, index: number, delayMs: number): Promise<number> {
  const page = await stage.openPage(createTenant(index), 'popup')
  await stage.delay('bind', delayMs)
  await page.press()
  await page.install()
  const shownAt = await page.connectedAt
  const isBinding = ({ method, path }: UpstreamRequest): boolean =>
    method === 'POST' && path === '/v1/github/installation'
  const requests = await stage.waitForRequest(isBinding)
  const boundAt = requests.find(isBinding)?.finishedAt
  if (boundAt == null) throw new Error('nothing was bound')
  await stage.forgetRequests()
  await page.close()
  return shownAt - boundAt
}

export const binding: Bench = {
  name: 'binding',
  measures: 'Layers’ answer that a binding is recorded, to the host page that shows it, opener cut',
  unit: 'rounds',
  rounds: 50,
  run,
  control: {
    // A change that is told on late is not enough: the window that closes gives the page a hint of its own.
    added: '200 ms before a connection is told',
    changed: [
      {
        file: 'routes/connection.ts',
        from: '    ctx.body = await viewConnection(runtime, identity)\n',
        to: '    await new Promise((resolve) => setTimeout(resolve, 200))\n    ctx.body = await viewConnection(runtime, identity)\n',
      },
    ],
    rounds: 10,
    isNoticed: (plain, changed) => changed > plain + 100,
  },
}
