// The test command: finds a browser, builds what is published, runs the suites that fit into ten minutes, and scans what they left
// behind for leaks.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { getChromium } from './browser/find-chromium.ts'
import { STRACE } from './faults/strace.ts'
import { PACKAGES } from './leaks/artefact-files.ts'
import { COMPILE_CACHE } from './stack/compile-cache.ts'

const root = new URL('..', import.meta.url).pathname
const artefacts = join(root, 'test', 'artefacts')
const env = { ...process.env, ARTEFACTS_DIR: artefacts, NODE_COMPILE_CACHE: COMPILE_CACHE }

interface Count {
  readonly passed: number
  readonly failed: number
}

function run(
  title: string,
  command: string,
  args: readonly string[],
  extraEnv: Record<string, string> = {},
): boolean {
  process.stdout.write(`\n── ${title}\n`)
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...env, ...extraEnv } })
  return result.status === 0
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // The suite died before it wrote its report; its exit code tells.
    return undefined
  }
}

function numberAt(value: unknown, ...path: readonly string[]): number {
  let current = value
  for (const name of path) {
    current =
      typeof current === 'object' && current !== null
        ? Object.entries(current).find(([key]) => key === name)?.[1]
        : undefined
  }
  return typeof current === 'number' ? current : 0
}

/** Runs a suite that writes a JSON report; a suite that fails without a failed test counts as one. */
function runSuite(
  title: string,
  args: readonly string[],
  report: {
    readonly file: string
    readonly count: (report: unknown) => Count
    readonly env?: Record<string, string>
  },
): Count {
  const isGreen = run(title, 'npx', args, report.env)
  const count = report.count(readJson(report.file))
  return { ...count, failed: isGreen ? count.failed : Math.max(1, count.failed) }
}

for (const former of [artefacts, COMPILE_CACHE]) rmSync(former, { recursive: true, force: true })
mkdirSync(artefacts, { recursive: true })
const chromiumPath = getChromium()
process.stdout.write(`Browser: ${chromiumPath}\n`)
// Fault runs that go without it say so themselves.
if (STRACE.findObstacle() !== undefined) STRACE.install()

const counts: Count[] = []
const check = (isGreen: boolean): number => counts.push({ passed: isGreen ? 1 : 0, failed: isGreen ? 0 : 1 })

check(run('build what is published', 'npm', ['run', 'build', '--silent']))
const packages = join(artefacts, PACKAGES)
mkdirSync(packages)
check(
  run('pack it, for the leak scan', 'npm', [
    'pack',
    '--workspaces',
    '--ignore-scripts',
    '--silent',
    '--pack-destination',
    packages,
  ]),
)

const roomsReport = join(artefacts, 'rooms.json')
counts.push(
  runSuite(
    'rooms',
    [
      'vitest',
      'run',
      // Each attack starts a server or two of its own; `.ci/run` has them by a command of their own.
      '--exclude=test/attacks/**',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${roomsReport}`,
    ],
    {
      file: roomsReport,
      count: (report) => ({
        passed: numberAt(report, 'numPassedTests'),
        failed: numberAt(report, 'numFailedTests'),
      }),
    },
  ),
)

/** Longer ones whose claims quicker tests make as well, over HTTP or in jsdom. `.ci/run` has them by commands of their own. */
const APART = '(element|fixation|hostile|ownership).spec'
const browserReport = join(artefacts, 'browser.json')
counts.push(
  runSuite(
    'browser',
    ['playwright', 'test', '--config=test/browser', '--reporter=list,json', `--grep-invert=${APART}`],
    {
      file: browserReport,
      count: (report) => ({
        passed: numberAt(report, 'stats', 'expected'),
        failed: numberAt(report, 'stats', 'unexpected') + numberAt(report, 'stats', 'flaky'),
      }),
      env: { PLAYWRIGHT_JSON_OUTPUT_NAME: browserReport, CHROMIUM_PATH: chromiumPath },
    },
  ),
)

check(run('leak scan over everything above', 'node', ['test/leaks/scan-artefacts.ts']))

const passed = counts.reduce((sum, count) => sum + count.passed, 0)
const failed = counts.reduce((sum, count) => sum + count.failed, 0)
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
