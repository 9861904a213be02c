// What the browser tests share: the running demo, and a watch over everything a page says or breaks.
import { expect, type BrowserContext, type Page, type Response } from '@playwright/test'
import type { Demo } from '../../demo/start-demo.ts'
import type { Artefacts } from '../stack/artefacts.ts'
import { test as base } from './demo-fixture.ts'

interface Fixtures {
  /** Watches every page of the context; fails the test on console noise, page errors and policy violations. */
  readonly watch: undefined
  /** A browser of its own (other cookies), watched as well. */
  readonly newBrowser: () => Promise<BrowserContext>
}

export const test = base.extend<Fixtures>({
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
export type { RunningDemo } from './demo-fixture.ts'
export * from './customer.ts'

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
