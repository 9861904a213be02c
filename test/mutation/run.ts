// npm run test:mutation -- [group…] [file…]: breaks the code in every small way there is, and tells what no test noticed.
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { GROUPS, isGroupName, type GroupName, type MutationGroup } from './groups.ts'
import {
  loadResults,
  readStrykerReport,
  report,
  saveResults,
  toHead,
  toRow,
  type Results,
  type Score,
} from './results.ts'
import { trySqlMutants } from './sql-run.ts'

const ROOT = new URL('../..', import.meta.url).pathname
/** What is known of each group, so that one file can be tried again without the others. Not in the repository. */
const CACHE = join(ROOT, 'node_modules', '.cache', 'connect-github-mutation')

const NAMES = Object.keys(GROUPS).filter(isGroupName)
const USAGE = `npm run test:mutation -- [group…] [file…] [--survivors] [--only-report]

  groups: ${NAMES.join(', ')}; default: all of them, one after another
  files:  below bff/, e.g. flows/flow-cookie.ts: only these, in whichever groups they are

  --survivors    of SQL, tries only what survived the last time
  --only-report  tries nothing, and tells what became of the last time's
`

const args = process.argv.slice(2)
const onlyReport = args.includes('--only-report')
const onlySurvivors = args.includes('--survivors')
const groups = args.filter(isGroupName)
const files = args.filter((arg) => arg.endsWith('.ts'))

const write = (line: string): void => void process.stdout.write(`${line}\n`)

/** The files of a group that are to be tried, relative to the root. */
function chooseFiles({ files: patterns }: MutationGroup): readonly string[] {
  const all = globSync(
    patterns.filter((pattern) => !pattern.startsWith('!')),
    { cwd: join(ROOT, 'bff') },
  )
  const left = all.filter((file) => !patterns.includes(`!${file}`))
  return left.filter((file) => files.length === 0 || files.includes(file)).map((file) => `bff/${file}`)
}

function runStryker(name: GroupName, chosen: readonly string[]): Results {
  const { leavesConstants = false }: MutationGroup = GROUPS[name]
  // By process, so that two runs can try two files of a group at once.
  const reportFile = join(CACHE, `stryker-${name}-${process.pid}.json`)
  const { status } = spawnSync('npx', ['stryker', 'run', 'test/mutation/stryker.config.mjs'], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      MUTATION_GROUP: name,
      MUTATION_FILES: chosen.join(','),
      MUTATION_REPORT: reportFile,
      MUTATION_LEAVES_CONSTANTS: String(leavesConstants),
    },
  })
  if (status !== 0) throw new Error(`Stryker failed on ${name}`)
  const results = readStrykerReport(reportFile)
  rmSync(reportFile)
  return results
}

async function runGroup(name: GroupName): Promise<Score> {
  const group: MutationGroup = GROUPS[name]
  const chosen = chooseFiles(group)
  const cacheFile = join(CACHE, `${name}.json`)
  if (!onlyReport && chosen.length > 0) {
    mkdirSync(CACHE, { recursive: true })
    const known = loadResults(cacheFile)
    let isAnew = files.length === 0 && !onlySurvivors
    const keep = (found: Results): void => {
      saveResults(cacheFile, { ...(isAnew ? {} : loadResults(cacheFile)), ...found })
      isAnew = false
    }
    if (group.isSql === true) await trySqlMutants(name, chosen, onlySurvivors ? known : {}, keep)
    else keep(runStryker(name, chosen))
  }
  return report(name, loadResults(cacheFile), write)
}

if (groups.length + files.length + Number(onlyReport) + Number(onlySurvivors) !== args.length) {
  process.stderr.write(USAGE)
  process.exitCode = 2
} else {
  const wanted =
    groups.length > 0
      ? groups
      : NAMES.filter((name) => files.length === 0 || chooseFiles(GROUPS[name]).length > 0)
  const rows: string[] = []
  for (const name of wanted) {
    const startedAt = performance.now()
    const score = await runGroup(name)
    rows.push(toRow(name, score))
    // Nine of ten have to be noticed.
    if ((score.percent ?? 0) < 90) process.exitCode = 1
    if (!onlyReport) write(`\n${name} took ${((performance.now() - startedAt) / 60_000).toFixed(1)} min`)
  }
  write(['', toHead('group'), ...rows].join('\n'))
}
