// What the browser tests share: the running demo, somebody signed in, and a watch over everything a page says or breaks.
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test'
import { startDemo, type Demo, type DemoOptions } from '../../demo/start-demo.ts'
import { createArtefacts, createCanaryKey, type Artefacts } from '../stack/artefacts.ts'
import { createSandboxKey } from '../stack/canary-sandbox.ts'

export type PersonName = 'Ada Lindqvist' | 'Vic Moreau' | 'Gus Okafor'

export interface RunningDemo extends Demo {
  /** Adds to the BFF's clock. */
  advance(ms: number): void
}

interface Fixtures {
  /** Changes how the demo is started; set with `test.use`. */
  readonly demoOptions: DemoOptions
  readonly demo: RunningDemo
  readonly artefacts: Artefacts
  /** Watches every page of the context; fails the test on console noise, page errors and policy violations. */
  readonly watch: undefined
  /** A browser of its own (other cookies), watched as well. */
  readonly newBrowser: () => Promise<BrowserContext>
}

export const test = base.extend<Fixtures>({
  demoOptions: [{}, { option: true }],

  // Playwright demands the destructured first argument, even when nothing is taken from it.
  // oxlint-disable-next-line no-empty-pattern
  artefacts: async ({}, use) => use(createArtefacts()),

  demo: async ({ artefacts, demoOptions }, use) => {
    const key = createCanaryKey()
    artefacts.addCanary('key', key)
    let offsetMs = 0
    const demo = await startDemo({
      build: false,
      dataDirectory: `${artefacts.directory}/databases`,
      logStream: { write: (line) => artefacts.record('logs', line) },
      layersKey: key,
      ...demoOptions,
      bffOptions: {
        now: () => Date.now() + offsetMs,
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
      advance(ms) {
        offsetMs += ms
      },
    })
    for (const { state } of demo.sandbox.states) artefacts.addCanary('state', state)
    for (const { installationId } of demo.sandbox.installations) {
      artefacts.addCanary('installation', String(installationId))
    }
    await demo.close()
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

/** Collects console output, uncaught errors and policy violations of every page, and records what our origin answers. */
function watchContext(context: BrowserContext, artefacts: Artefacts, demo: Demo): string[] {
  const noise: string[] = []
  context.on('console', (message) => {
    // The browser itself reports answers of 400 and above; the tests check those by what the customer sees.
    if (message.text().startsWith('Failed to load resource')) return
    // The done page cannot know whether it may close itself; trying is the only way to find out.
    if (message.text().startsWith('Scripts may close only')) return
    if (message.page()?.url().startsWith(demo.hostUrl) === true)
      noise.push(`${message.type()}: ${message.text()}`)
  })
  context.on('weberror', (error) => noise.push(String(error.error())))
  context.on('response', (response) => {
    if (!response.url().startsWith(demo.hostUrl)) return
    response
      .text()
      .then((text) =>
        artefacts.record('pages', text.replace(/"url":"[^"]*"/, '"url":"(GitHub’s install URL)"')),
      )
      // Redirects and answers to closed pages have no body to read.
      .catch(() => undefined)
  })
  return noise
}

/** Signs in and opens the integrations page. */
export async function signIn(page: Page, demo: Demo, name: PersonName = 'Ada Lindqvist'): Promise<void> {
  await page.goto(`${demo.hostUrl}/login`)
  await page.getByRole('button', { name }).click()
  await page.goto(`${demo.hostUrl}/integrations`)
}

/** The widget on the page. */
export function widgetOf(page: Page) {
  return page.getByRole('region', { name: 'GitHub', exact: true })
}

/** Presses Connect and waits until the popup shows the sandbox's GitHub. */
export async function openGitHub(page: Page, demo: Demo, button = 'Connect GitHub'): Promise<Page> {
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    widgetOf(page).getByRole('button', { name: button }).click(),
  ])
  await popup.waitForURL(`${demo.sandbox.githubUrl}/**`)
  return popup
}

/** Chooses an account on the sandbox's install page and presses the button. */
export async function installOnGitHub(
  github: Page,
  account = 'acme-coffee',
  button = 'Install',
): Promise<void> {
  await github.getByRole('radio', { name: account }).check()
  await github.getByRole('button', { name: button, exact: true }).click()
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
