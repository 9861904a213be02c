// npm run bench -- <name>: a benchmark, its figures beside their bars, and whether it notices a slower build.
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { isReached, play, type Bench, type BenchReport } from './bench.ts'
import { BENCHES } from './index.ts'

const USAGE = `npm run bench -- <name> [--rounds <count>] [--no-control]

${BENCHES.map(({ name, measures, rounds, unit }) => `  ${name.padEnd(12)} ${measures} (${rounds} ${unit})`).join('\n')}
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: { rounds: { type: 'string' }, control: { type: 'boolean', default: true } },
})
const report = (line: string): void => void process.stderr.write(`  ${line}\n`)

function print({ bars, figures }: BenchReport): void {
  for (const bar of bars) {
    const verdict = isReached(bar) ? 'reached' : 'MISSED'
    process.stdout.write(
      `  ${bar.name.padEnd(60)} ${show(bar.reached).padStart(9)}   bar: ${bar.is} ${show(bar.bar)}, ${verdict}\n`,
    )
  }
  for (const [name, value] of Object.entries(figures)) {
    process.stdout.write(
      `  ${name.padEnd(60)} ${(typeof value === 'number' ? show(value) : value).padStart(9)}\n`,
    )
  }
}

const show = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 4 })

async function runBench(bench: Bench): Promise<boolean> {
  const rounds = Number(values.rounds ?? bench.rounds)
  process.stdout.write(`${bench.name}: ${bench.measures}; ${rounds} ${bench.unit}\n`)
  const plain = await play(bench, { rounds, report })
  print(plain)
  const load = loadavg().map((value) => value.toFixed(1))
  process.stdout.write(
    `  ${'load of the last 1, 5 and 15 minutes, and cores'.padEnd(60)} ${load.join(' ')}, ${availableParallelism()}\n`,
  )
  const noticed = values.control ? await runControl(bench, plain) : true
  return plain.bars.every(isReached) && noticed
}

async function runControl({ control, ...bench }: Bench, plain: BenchReport): Promise<boolean> {
  const { added, changed, rounds, isNoticed } = control
  const slower = await play({ ...bench, control }, { rounds, changed, report })
  const [before, after] = [plain, slower].map(({ bars }) => bars[0]?.reached ?? 0)
  const noticed = isNoticed(before ?? 0, after ?? 0)
  process.stdout.write(
    `  control, with ${added}: ${noticed ? 'noticed' : 'NOT NOTICED'}, ${show(before ?? 0)} became ${show(after ?? 0)}\n`,
  )
  return noticed
}

const chosen = BENCHES.filter(({ name }) => positionals.includes(name))
if (chosen.length === 0 || chosen.length !== positionals.length) {
  process.stderr.write(USAGE)
  process.exitCode = 2
}
for (const bench of chosen) if (!(await runBench(bench))) process.exitCode = 1
