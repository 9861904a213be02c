// What a process leaves behind when it ends badly: diagnostic reports, which list the environment, and whatever else is new on the disk.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { copyBroken } from '../flow/broken-bff.ts'
import { createBffProcesses, type BffProcesses } from '../flow/bff-process.ts'
import { createCanaryKey } from '../stack/artefacts.ts'
import { createScan } from '../leaks/scan.ts'

let processes: BffProcesses
beforeEach(async () => {
  processes = await createBffProcesses()
})
afterEach(() => processes.close())

/** Has Node write a report into `crashes` at a signal, kills the process with SIGABRT, and reads every file that is there then. */
async function crash(
  crashes: string,
  directory?: string,
): Promise<{ readonly files: readonly string[]; readonly leaks: number }> {
  const key = createCanaryKey()
  processes.artefacts.addCanary('key', key)
  const bff = await processes.start({
    ...(directory === undefined ? {} : { directory }),
    env: {
      LAYERS_API_KEY: key,
      NODE_OPTIONS: `--report-on-signal --report-uncaught-exception --report-on-fatalerror --report-directory=${crashes}`,
    },
  })
  bff.signal('SIGUSR2')
  // A report is written on the thread that answers requests: once it is there and one more was answered, it is whole.
  do await bff.browser().send('/healthz')
  while (readdirSync(crashes).length === 0)
  await bff.browser().send('/healthz')
  bff.signal('SIGABRT')
  expect((await bff.exit).signal).toBe('SIGABRT')
  const files = readdirSync(crashes)
  const scan = createScan([{ kind: 'key', value: key }])
  return { files, leaks: files.flatMap((name) => scan(readFileSync(join(crashes, name)))).length }
}

it('holds no partner key, even when an operator asked for diagnostic reports', async () => {
  const { files, leaks } = await crash(join(processes.artefacts.directory, 'crashes'))
  expect(files.filter((name) => name.startsWith('report.'))).toHaveLength(1)
  expect(leaks).toBe(0)
})

it('would hold it, if the environment were not left out', async () => {
  const line = '  process.report.excludeEnv = true\n'
  // Not among the artefacts, which nobody may find a key in.
  const crashes = mkdtempSync(join(tmpdir(), 'connect-github-crashes-'))
  onTestFinished(() => rmSync(crashes, { recursive: true }))
  const { leaks } = await crash(crashes, copyBroken([{ file: 'cli.ts', from: line, to: '' }]))
  expect(leaks).toBeGreaterThan(0)
})
