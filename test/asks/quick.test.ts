// The most telling rows in every run of the tests; `npm run test:asks` tries all.
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

const ROWS = ['compared by its beginning', 'kept from the first render', 'opened after an await']

/** Without what this run's Vitest says of itself: another one is started. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^VITEST|^NODE_ENV$/.test(name)),
)

it(
  'notices a look-alike origin, a stale callback, and a window that is opened too late',
  { timeout: 240_000 },
  () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['test/asks/run.ts', ...ROWS], {
      cwd: new URL('../..', import.meta.url),
      env,
      encoding: 'utf8',
    })
    expect(stderr + stdout).toContain(`${ROWS.length} rows, 0 failures`)
    expect(status).toBe(0)
  },
)
