// Takes one card through a whole flow, as the server's answers and one press of the customer do.
import type { Page } from '@playwright/test'
import { walks } from '../../demo/gallery/walks.ts'

/** Presses the connect button without the browser counting it as input, so that no shift after it is forgiven. */
export const pressByScript = (page: Page): Promise<void> =>
  page
    .locator('[data-cgh-state] button')
    .first()
    .evaluate((button: HTMLElement) => button.click())

/**
 * @param press how the connect button is pressed.
 * @param look called after the press and after each step, when the card shows it.
 */
export async function walkThrough(
  page: Page,
  walk: string,
  press: () => Promise<void>,
  look: (step: string) => Promise<void>,
): Promise<void> {
  for (const { name, status } of walks[walk] ?? []) {
    if (name === 'waiting') {
      await press()
      await reach(page, 'opening')
      await look('opening')
    }
    await page.evaluate((hash) => {
      location.hash = hash
    }, `${walk}/${name}`)
    await reach(page, status)
    await look(name)
  }
}

async function reach(page: Page, status: string): Promise<void> {
  await page.locator(`[data-cgh-state='${status}']`).waitFor()
  // What a frame draws is measured, and effects have run, when the next one begins.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}
