// What the tests of the gallery share: opening it with every card settled, and a watch over what the page says and breaks.
import { test as base, expect, type Page } from '@playwright/test'
import { GALLERY_VARIABLE } from './serve-gallery.ts'

interface Fixtures {
  /** Opens the gallery with a query such as `theme=dark`, and waits until each card shows what its case is about. */
  readonly open: (query?: string) => Promise<void>
  /** Lets the gallery be at the same address in each run, because the card shows it. */
  readonly site: undefined
  /** Fails the test on console noise, page errors and policy violations. */
  readonly watch: undefined
}

export const test = base.extend<Fixtures>({
  site: [
    async ({ context }, use) => {
      await context.route(/^http:\/\/(framed\.)?gallery\.test\//, async (route) => {
        const { pathname, search } = new URL(route.request().url())
        await route.fulfill({ response: await route.fetch({ url: serverUrl() + pathname + search }) })
      })
      await use(undefined)
      await context.unrouteAll({ behavior: 'ignoreErrors' })
    },
    { auto: true },
  ],

  open: async ({ page }, use) => {
    await use(async (query = '') => {
      await page.goto(`http://gallery.test/?${query}`)
      await settle(page)
    })
  },

  watch: [
    async ({ context }, use) => {
      const noise: string[] = []
      context.on('console', (message) => {
        // What React's development form says to everybody.
        if (message.text().includes('Download the React DevTools')) return
        noise.push(`${message.type()}: ${message.text()} ${message.location().url}`)
      })
      context.on('weberror', (error) => noise.push(error.error().stack ?? String(error.error())))
      await context.exposeFunction('reportViolation', (directive: string) =>
        noise.push(`policy: ${directive}`),
      )
      await context.addInitScript(() =>
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
          Reflect.apply(Reflect.get(window, 'reportViolation'), undefined, [effectiveDirective]),
        ),
      )
      await use(undefined)
      expect(noise, 'what the page said, threw or violated').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

function serverUrl(): string {
  const url = process.env[GALLERY_VARIABLE]
  if (url === undefined) throw new Error('The gallery is served before the first test')
  return url
}

/** The error names the cards that do not show what their cases are about. */
async function settle(page: Page): Promise<void> {
  await page.waitForSelector('main', { timeout: 30_000 })
  const count = Number(await page.locator('main').getAttribute('data-count'))
  if (count === 0) return
  await expect(async () => {
    const unsettled = await page
      .locator('figure:not([data-settled])')
      .evaluateAll((cards) => cards.map((card) => `${card.dataset['case']}: ${card.textContent}`))
    expect(unsettled).toEqual([])
    expect(await page.locator('figure').count()).toBe(count)
  }).toPass({ timeout: 40_000 })
}
