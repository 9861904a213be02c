// From the click to the request for GitHub's page, less what Layers took to name it: in a window, and in the tab.
import { createLatencies, type Latencies } from '../faults/load/latencies.ts'
import { createTenant } from '../faults/traffic/tenants.ts'
import type { Bench, BenchOptions, BenchReport } from './bench.ts'
import { measureDurableWrite } from './durable-write.ts'
import { setBrowserStage, type BrowserStage, type PageMode } from './browser/stage.ts'

const BAR_MS = 60
/** Where Layers really is, a call takes some time; then the window opens meanwhile. */
const FAR_MS = 150
const WARM_UP = 3

async function run(options: BenchOptions): Promise<BenchReport> {
  const { rounds, report } = options
  const cases = [
    { mode: 'popup', delayMs: 0 },
    { mode: 'redirect', delayMs: 0 },
    { mode: 'popup', delayMs: FAR_MS },
    { mode: 'bare', delayMs: 0 },
  ] as const
  const stage = await setBrowserStage({ ...options, rounds: cases.length * (rounds + WARM_UP) })
  const measured = cases.map((one) => ({ ...one, latencies: createLatencies(), upstream: createLatencies() }))
  for (let round = 0; round < rounds + WARM_UP; round += 1) {
    for (const [index, { mode, delayMs, latencies, upstream }] of measured.entries()) {
      const { overMs, upstreamMs } = await playRound(stage, cases.length * round + index, mode, delayMs)
      if (round < WARM_UP) continue
      latencies.add(overMs)
      upstream.add(upstreamMs)
    }
    if (round % 10 === 9) report(`${round + 1} rounds`)
  }
  const [popup, redirect, far, bare] = measured.map(({ latencies }) => latencies)
  if (popup === undefined || redirect === undefined || far === undefined || bare === undefined)
    throw new Error('nothing was measured')
  return {
    bars: [
      { name: 'in a window, median (ms)', reached: popup.percentile(0.5), bar: BAR_MS, is: 'at most' },
      { name: 'in the tab, median (ms)', reached: redirect.percentile(0.5), bar: BAR_MS, is: 'at most' },
    ],
    figures: {
      ...describe('in a window', popup),
      ...describe('in the tab', redirect),
      ...describe(`in a window, Layers ${FAR_MS} ms away`, far),
      ...describe('a window that any server sends to GitHub at once', bare),
      'a durable write here, median (ms)': measureDurableWrite(),
      'Layers’ own time, median (ms)': measured[0]?.upstream.percentile(0.5) ?? 0,
    },
  }
}

const describe = (name: string, latencies: Latencies): Record<string, number> => ({
  [`${name}, fastest (ms)`]: latencies.percentile(0),
  [`${name}, median (ms)`]: latencies.percentile(0.5),
  [`${name}, p95 (ms)`]: latencies.percentile(0.95),
})

async function playRound(stage: BrowserStage, index: number, mode: PageMode, delayMs: number) {
  const page = await stage.openPage(createTenant(index), mode)
  await stage.delay('install_url', delayMs)
  await stage.forgetRequests()
  await page.press()
  const requests = await stage.waitForRequest(({ path }) => path.endsWith('/installations/new'))
  const layers = requests.find(({ path }) => path.endsWith('/install-url'))
  const shown = requests.find(({ path }) => path.endsWith('/installations/new'))
  if (shown === undefined) throw new Error('GitHub’s page was not asked for')
  const upstreamMs = layers?.finishedAt == null ? 0 : layers.finishedAt - layers.startedAt
  if (mode !== 'bare' && layers === undefined) throw new Error('Layers was not asked')
  const overMs = shown.startedAt - (await page.clickedAt) - upstreamMs
  await page.close()
  return { overMs, upstreamMs }
}

export const click: Bench = {
  name: 'click',
  measures: 'click to GitHub’s page requested, over the time that Layers took itself',
  unit: 'rounds',
  rounds: 50,
  run,
  control: {
    added: '100 ms before GitHub’s URL is told',
    changed: [
      {
        file: 'routes/launchable.ts',
        from: '  return runtime.sealer.unseal(',
        to: '  await new Promise((resolve) => setTimeout(resolve, 100))\n  return runtime.sealer.unseal(',
      },
    ],
    rounds: 10,
    isNoticed: (plain, changed) => changed > plain + 60,
  },
}
