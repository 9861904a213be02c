// Controls large enough to hit, and a button whose text can be read in the colour of any brand.
import { brands } from '../../demo/gallery/brands.ts'
import { contrastOf, readColours } from './contrast.ts'
import { expect, test } from './fixtures.ts'

/** https://www.w3.org/TR/WCAG22/#target-size-minimum */
const MIN_TARGET = 24
/** https://www.w3.org/TR/WCAG22/#contrast-minimum */
const MIN_CONTRAST = 4.5

for (const width of [320, 560])
  test(`has no control below ${MIN_TARGET} pixels at ${width}`, async ({ page, open }) => {
    await open(`theme=light&width=${width}`)
    // Unstyled controls have the size the browser or the host gives them.
    const controls = page.locator('figure:not([data-case^=unstyled]) :is(a, button, input)')
    const small = await controls.evaluateAll(
      (found, min) =>
        found
          .filter((control) => {
            const { width: wide, height } = control.getBoundingClientRect()
            return wide < min || height < min
          })
          .map((control) => `${control.closest('figure')?.dataset['case']}: ${control.textContent}`),
      MIN_TARGET,
    )
    expect(await controls.count()).toBeGreaterThan(100)
    expect(small).toEqual([])
  })

for (const theme of ['light', 'dark'])
  test(`keeps the text of the button readable in the colour of any brand, ${theme}`, async ({
    page,
    open,
  }) => {
    await open(`view=brands&theme=${theme}`)
    const colours = await readColours(page.locator('figure button'))
    const pale = colours
      .map((each) => ({ ...each, contrast: contrastOf(each) }))
      .filter(({ contrast }) => contrast < MIN_CONTRAST)
    expect(colours.map(({ name }) => name)).toEqual(Object.keys(brands))
    expect(new Set(colours.map(({ background }) => background.join())).size).toBe(colours.length)
    expect(pale).toEqual([])
  })

test('measures contrast as it is defined', () => {
  expect(contrastOf({ text: [0, 0, 0], background: [255, 255, 255] })).toBeCloseTo(21)
  expect(contrastOf({ text: [255, 255, 255], background: [118, 118, 118] })).toBeCloseTo(4.54, 2)
  expect(contrastOf({ text: [255, 255, 255], background: [255, 179, 0] })).toBeLessThan(MIN_CONTRAST)
})
