// What the browser tests share: the running demo, somebody signed in, and a watch over everything a page says or breaks.
import { randomBytes } from 'node:crypto'
import { test as base, expect, type BrowserContext, type Page, type Response } from '@playwright/test'
import { startDemo, type Demo, type DemoOptions } from '../../demo/start-demo.ts'
import { createDatabase } from '../stack/postgres-server.ts'
import { dumpDatabase } from '../stack/dump-database.ts'
import { createArtefacts, createCanaryKey, type Artefacts } from '../stack/artefacts.ts'
import { createSandboxKey } from '../stack/canary-sandbox.ts'
import { type Breakage, copyBrokenDemo } from './broken-demo.ts'
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
  /** Watches every page of the context; fails the test on console noise, page errors and policy violations. */
  readonly watch: undefined
  /** A browser of its own (other cookies), watched as well. */
  readonly newBrowser: () => Promise<BrowserContext>
}

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

  watch: [
    async ({ context, artefacts, demo }, use) => {
      const noise = watchContext(context, artefacts, demo)
      await use(undefined)
      expect(noise, 'what pages said, threw or violated').toEqual([])
    },
    { auto: true },
  ],

  newBrowser: async ({ browser, artefacts, demo }, use) => {
    const contexts: { context: BrowserContext; noise: readonly string[] }[] = []
    await use(async () => {
      const context = await browser.newContext()
      contexts.push({ context, noise: watchContext(context, artefacts, demo) })
      return context
    })
    for (const { context, noise } of contexts) {
      expect(noise).toEqual([])
      await context.close()
    }
  },
})

export { expect }
export * from './customer.ts'

function createOwnDatabase(): Promise<string> {
  const server = process.env[POSTGRES_VARIABLE]
  if (server === undefined) throw new Error('PostgreSQL is started before the first test')
  return createDatabase(server, `browser_${randomBytes(8).toString('hex')}`)
}

/** Collects console output, uncaught errors and policy violations of every page, and records what our origins answer. */
function watchContext(context: BrowserContext, artefacts: Artefacts, demo: Demo): string[] {
  const noise: string[] = []
  const isOurs = (url = '') => url.startsWith(demo.hostUrl) || url.startsWith(demo.bffUrl)
  context.on('console', (message) => {
    // The browser itself reports answers of 400 and above; the tests check those by what the customer sees.
    if (message.text().startsWith('Failed to load resource')) return
    // The done page cannot know whether it may close itself; trying is the only way to find out.
    if (message.text().startsWith('Scripts may close only')) return
    if (isOurs(message.page()?.url())) noise.push(`${message.type()}: ${message.text()}`)
  })
  context.on('weberror', (error) => noise.push(String(error.error())))
  // Redirects and answers to closed pages have no body to read.
  context.on('response', (response) => {
    if (isOurs(response.url())) recordAnswer(response, artefacts).catch(() => undefined)
  })
  return noise
}

async function recordAnswer(response: Response, artefacts: Artefacts): Promise<void> {
  const text = await response.text()
  if (!response.url().endsWith('/api/connect-token')) {
    artefacts.record('pages', text.replace(/"url":"[^"]*"/, '"url":"(GitHub’s URL)"'))
    return
  }
  // The one answer that has to hold a token, and for that must be the only one.
  for (const token of text.match(/[\w-]+\.[\w-]+\.[\w-]+/g) ?? []) artefacts.addCanary('token', token)
}

/** With SCREENSHOTS_DIR set, keeps how the page looks now: light and dark, wide and narrow. */
export async function keepLooks(page: Page, name: string): Promise<void> {
  const directory = process.env['SCREENSHOTS_DIR']
  if (directory === undefined) return
  const viewport = page.viewportSize()
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1100, 360]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize({ width, height: 800 })
      await page.screenshot({
        path: `${directory}/${name}-${colorScheme}-${width}.png`,
        animations: 'disabled',
      })
    }
  }
  await page.emulateMedia({ colorScheme: null })
  if (viewport !== null) await page.setViewportSize(viewport)
}
