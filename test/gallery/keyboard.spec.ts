// The whole card by keyboard: order, a focus that can be seen, Escape, and a focus that is never lost when the state changes.
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { walkThrough } from './walk.ts'

interface Stop {
  readonly place: string
  readonly isVisible: boolean
  readonly isFrame: boolean
}

/** What has the focus: its card and text, and whether a ring shows it. */
const readFocus = (page: Page): Promise<Stop> =>
  page.evaluate(() => {
    const { activeElement } = document
    if (activeElement === null) throw new Error('nothing has the focus')
    const { outlineStyle, outlineWidth } = getComputedStyle(activeElement)
    const { top, bottom } = activeElement.getBoundingClientRect()
    const card = activeElement.closest('figure')?.dataset['case'] ?? 'page'
    return {
      isFrame: activeElement instanceof HTMLIFrameElement,
      place: `${card}: ${activeElement.textContent}`,
      // Scrolled into view, but for a fraction of a pixel.
      isVisible:
        outlineStyle !== 'none' &&
        parseFloat(outlineWidth) >= 1 &&
        top > -1 &&
        bottom < window.innerHeight + 1,
    }
  })

for (const dir of ['ltr', 'rtl'])
  test(`goes through every control in the order of reading, ${dir}`, async ({ page, open }) => {
    await open(`theme=light&dir=${dir}&layout=sheet`)
    const controls = page
      .locator('figure:not(:has(iframe)) :is(a, button, input, summary)')
      .filter({ visible: true })
    const places = await controls.evaluateAll((found) =>
      found.map((control) => `${control.closest('figure')?.dataset['case']}: ${control.textContent}`),
    )
    // From before the first one, not from the text that a card has selected.
    await controls.first().focus()
    await page.keyboard.press('Shift+Tab')
    const stops: Stop[] = []
    while (stops.length < places.length) {
      await page.keyboard.press('Tab')
      const stop = await readFocus(page)
      // What is inside a frame belongs to another page.
      if (!stop.isFrame) stops.push(stop)
    }
    expect(stops.map(({ place }) => place)).toEqual(places)
    expect(stops.filter(({ isVisible }) => !isVisible).map(({ place }) => place)).toEqual([])
  })

for (const walk of ['connected-with-proof', 'conflict', 'awaiting-approval', 'expired', 'cancelled'])
  test(`keeps the focus on the card on the way to ${walk}`, async ({ page, open }) => {
    await open(`view=walk#${walk}/loading`)
    const press = async () => {
      await page.locator('[data-cgh-state] button').first().focus()
      await page.keyboard.press('Enter')
    }
    const lost: string[] = []
    let isStarted = false
    await walkThrough(page, walk, press, async (step) => {
      isStarted ||= step === 'opening'
      const isInside = await page.evaluate(
        () => document.activeElement?.closest('[data-cgh-state]') instanceof HTMLElement,
      )
      if (isStarted && !isInside) lost.push(step)
    })
    expect(lost).toEqual([])
  })

test('leaves the question whether to disconnect by Escape, back to where it was asked', async ({
  page,
  open,
}) => {
  await open('theme=light&state=connected-personal')
  const card = page.locator('[data-cgh-state]')
  await card.getByRole('button', { name: 'Disconnect' }).focus()
  await page.keyboard.press('Enter')
  await expect(card.getByRole('button', { name: 'Keep connected' })).toBeVisible()
  expect((await readFocus(page)).place).toContain('Keep connected')
  await page.keyboard.press('Escape')
  await expect(card.getByRole('button', { name: 'Keep connected' })).toHaveCount(0)
  expect((await readFocus(page)).place).toContain('Disconnect')
})
