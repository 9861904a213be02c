// Nothing on the host's page moves while the card goes through a flow, at the widths of phones, columns and pages.
import type { Page } from '@playwright/test'
import { walks } from '../../demo/gallery/walks.ts'
import { expect, test } from './fixtures.ts'
import { pressByScript, walkThrough } from './walk.ts'

interface Shifts {
  /** Sum of what moved without the customer having done anything within half a second, as in Cumulative Layout Shift. */
  readonly unexpected: number
  /** Sum of all. */
  readonly all: number
  /** What moved, and how far. */
  readonly moved: readonly string[]
}

interface LayoutShift extends PerformanceEntry {
  readonly value: number
  readonly hadRecentInput: boolean
  readonly sources: readonly {
    readonly node: Node | null
    readonly previousRect: DOMRectReadOnly
    readonly currentRect: DOMRectReadOnly
  }[]
}

/** Counts from before the first frame. */
async function countShifts(page: Page): Promise<() => Promise<Shifts>> {
  await page.addInitScript(() => {
    const shifts = { unexpected: 0, all: 0, moved: new Array<string>() }
    Reflect.set(window, 'shifts', shifts)
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        // eslint-disable-next-line typescript/no-unsafe-type-assertion -- the entry type is not in TypeScript's DOM yet: https://wicg.github.io/layout-instability/#sec-layout-shift
        const { value, hadRecentInput, sources } = entry as LayoutShift
        shifts.all += value
        if (!hadRecentInput) shifts.unexpected += value
        for (const { node, previousRect: from, currentRect: to } of sources)
          shifts.moved.push(
            `${node?.nodeName} “${node?.textContent?.slice(0, 40)}” by ${to.x - from.x}, ${to.y - from.y}`,
          )
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
  return () => page.evaluate(() => Reflect.get(window, 'shifts'))
}

const findTop = (page: Page): Promise<number> =>
  page.locator('#below').evaluate((paragraph) => paragraph.getBoundingClientRect().top)

test.use({ contextOptions: { reducedMotion: 'no-preference' } })

for (const width of [320, 480, 900])
  for (const walk of Object.keys(walks))
    test(`moves nothing on the way to ${walk} at ${width} pixels`, async ({ page, open }) => {
      const read = await countShifts(page)
      await open(`view=walk&width=${width}#${walk}/loading`)
      const tops: string[] = []
      const press = () => pressByScript(page)
      await walkThrough(page, walk, press, async (step) => {
        tops.push(`${step}: ${await findTop(page)}`)
      })
      const first = await findTop(page)
      test.info().annotations.push({ type: 'shifts', description: JSON.stringify(await read()) })
      expect(tops, 'where the paragraph below stands').toEqual(
        tops.map((top) => top.replace(/: .*/, `: ${first}`)),
      )
      expect(await read()).toEqual({ unexpected: 0, all: 0, moved: [] })
    })

test('notices a card that keeps no room for what is to come', async ({ page, open }) => {
  const read = await countShifts(page)
  await open('view=walk&width=480#connected/loading')
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('[data-cgh-state], [data-cgh-state] * { min-block-size: 0 !important }')
    document.adoptedStyleSheets.push(sheet)
  })
  await walkThrough(
    page,
    'connected',
    () => pressByScript(page),
    () => Promise.resolve(),
  )
  expect((await read()).unexpected).toBeGreaterThan(0)
})
