// What every page of the BFF's own owes its readers: nothing for axe to find in light and dark, and no sideways scrolling on a narrow phone.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const NARROW_PX = 320

export async function expectAccess(page: Page): Promise<void> {
  const viewport = page.viewportSize()
  await page.setViewportSize({ width: NARROW_PX, height: 640 })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(NARROW_PX)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id} ${target.join(' ')}`),
    )
    expect(found, colorScheme).toEqual([])
  }
  await page.emulateMedia({ colorScheme: null })
  if (viewport !== null) await page.setViewportSize(viewport)
}
