// The demo that a test has for itself: started with its options, from a broken copy if asked for, and searched for secrets afterwards.
import { randomBytes } from 'node:crypto'
import { test as base } from '@playwright/test'
import { startDemo, type Demo, type DemoOptions } from '../../demo/start-demo.ts'
import { createDatabase } from '../stack/postgres-server.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { dumpDatabase } from '../stack/dump-database.ts'
import { createArtefacts, createCanaryKey, type Artefacts } from '../stack/artefacts.ts'
import { createSandboxKey } from '../stack/canary-sandbox.ts'
import { copyBrokenDemo } from './broken-demo.ts'
import { isOnPostgres, POSTGRES_VARIABLE } from './store.ts'
import { createTwoProcesses, type TwoProcesses } from './two-processes.ts'

export interface RunningDemo extends Demo {
  /** Adds to the BFF's clock. */
  advance(ms: number): void
  /** Undefined when the BFF runs in the demo's process. */
  readonly processes: TwoProcesses | undefined
}

interface Fixtures {
  /** Changes how the demo is started; set with `test.use`. */
  readonly demoOptions: DemoOptions
  /** Starts a broken copy of the demo instead, as a control; set with `test.use`. */
  readonly broken: { readonly breakages: readonly Breakage[] }
  /** False sends every request to the same of two processes, as a control; set with `test.use`. */
  readonly isHopping: boolean
  readonly demo: RunningDemo
  readonly artefacts: Artefacts
}

/** Opens no browser. */
export const test = base.extend<Fixtures>({
  demoOptions: [{}, { option: true }],
  // An object, because Playwright takes an array for a value with settings of its own.
  broken: [{ breakages: [] }, { option: true }],
  isHopping: [true, { option: true }],

  // Playwright demands the destructured first argument, even when nothing is taken from it.
  // oxlint-disable-next-line no-empty-pattern
  artefacts: async ({}, use) => use(createArtefacts()),

  demo: async ({ artefacts, demoOptions, broken: { breakages }, isHopping }, use) => {
    const copy = breakages.length === 0 ? undefined : await copyBrokenDemo(breakages)
    const databaseUrl = isOnPostgres() ? await createOwnDatabase() : undefined
    const processes =
      databaseUrl === undefined
        ? undefined
        : createTwoProcesses({ databaseUrl, directory: copy?.bffDirectory, isHopping })
    const key = createCanaryKey()
    artefacts.addCanary('key', key)
    let offsetMs = 0
    const demo = await (copy?.startDemo ?? startDemo)({
      build: false,
      dataDirectory: `${artefacts.directory}/databases`,
      logStream: { write: (line) => artefacts.record('logs', line) },
      layersKey: key,
      now: () => Date.now() + offsetMs,
      ...(processes && { createBff: processes.createBff }),
      ...demoOptions,
      bffOptions: {
        retryPolicy: { baseMs: 50, capMs: 200 },
        ...demoOptions.bffOptions,
      },
      sandboxOptions: {
        keys: [createSandboxKey(key)],
        ...demoOptions.sandboxOptions,
      },
    })
    await use({
      ...demo,
      processes,
      advance(ms) {
        offsetMs += ms
        processes?.setClock(offsetMs)
      },
    })
    for (const { token } of demo.sandbox.userTokens) artefacts.addCanary('token', token)
    for (const { clientSecret } of Object.values(demo.sandbox.apps))
      artefacts.addCanary('token', clientSecret)
    for (const { state } of demo.sandbox.states) artefacts.addCanary('state', state)
    for (const { installationId } of demo.sandbox.installations) {
      artefacts.addCanary('installation', String(installationId))
    }
    await demo.close()
    if (databaseUrl !== undefined) await dumpDatabase(databaseUrl, artefacts)
    copy?.remove()
  },
})

function createOwnDatabase(): Promise<string> {
  const server = process.env[POSTGRES_VARIABLE]
  if (server === undefined) throw new Error('PostgreSQL is started before the first test')
  return createDatabase(server, `browser_${randomBytes(8).toString('hex')}`)
}
