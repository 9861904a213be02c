// npm run test:faults -- <name>: the long version of a fault run, its figures, and its controls.
import { parseArgs } from 'node:util'
import { play, type Fault, type FaultReport } from './fault.ts'
import { FAULTS } from './index.ts'

const USAGE = `npm run test:faults -- <name> [--rounds <count>] [--seed <number>] [--controls]

  --rounds    how often, instead of the long version's number
  --seed      repeats an earlier run, as far as processes and clocks allow
  --controls  also runs it with each protection taken out, short: the target has to be missed

${FAULTS.map(({ name, holds, size, unit }) => `  ${name.padEnd(20)} ${holds} (${size.long} ${unit})`).join('\n')}
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    seed: { type: 'string' },
    controls: { type: 'boolean', default: false },
  },
})
const report = (line: string): void => void process.stdout.write(`  ${line}\n`)

async function runLong(fault: Fault): Promise<boolean> {
  if (fault.needs?.findObstacle() !== undefined) fault.needs.install()
  const obstacle = fault.needs?.findObstacle()
  if (obstacle !== undefined) {
    process.stdout.write(`LEFT OUT: ${fault.name}: ${obstacle}\n`)
    return false
  }
  const rounds = Number(values.rounds ?? fault.size.long)
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  process.stdout.write(`${fault.name}: ${rounds} ${fault.unit}, seed ${seed}\n`)
  const startedAt = performance.now()
  const result = await play(fault, { rounds, seed, report })
  print({ ...result.figures, 'took (s)': Math.round((performance.now() - startedAt) / 1000) })
  for (const miss of result.misses) process.stdout.write(`MISSED: ${miss}\n`)
  if (result.misses.length === 0) process.stdout.write(`HELD: ${fault.holds}\n`)
  const noticed = values.controls ? await runControls(fault, seed) : true
  return result.misses.length === 0 && noticed
}

async function runControls(fault: Fault, seed: number): Promise<boolean> {
  let isNoticed = true
  for (const { takenOut, broken, miss, rounds = fault.size.short } of fault.controls) {
    const { figures, misses } = await play(fault, { rounds, seed, broken, report })
    const isMissed = misses.some((line) => miss.test(line))
    isNoticed &&= isMissed
    process.stdout.write(`control, without ${takenOut}: ${isMissed ? misses.join('; ') : 'NOT NOTICED'}\n`)
    print(figures)
  }
  return isNoticed
}

function print(figures: FaultReport['figures']): void {
  for (const [name, value] of Object.entries(figures)) process.stdout.write(`  ${name.padEnd(44)} ${value}\n`)
}

const chosen = FAULTS.filter(({ name }) => positionals.includes(name))
if (chosen.length === 0 || chosen.length !== positionals.length) {
  process.stderr.write(USAGE)
  process.exitCode = 2
}
for (const fault of chosen) if (!(await runLong(fault))) process.exitCode = 1
