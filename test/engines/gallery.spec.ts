// The card in WebKitGTK, in every state and look of the gallery: what its CSS makes of it, and that nothing is amiss.
import { mkdirSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { GALLERY_VARIABLE } from '../gallery/serve-gallery.ts'
import { expect, test } from './fixtures.ts'
import { readNoise, watchPage } from './noise.ts'
import type { Session } from './webdriver.ts'

async function openGallery(webkit: Session, query: string): Promise<void> {
  await webkit.open(`${process.env[GALLERY_VARIABLE]}/?${query}`)
  await watchPage(webkit)
  await expect(async () => {
    const unsettled = await webkit.run(`
      const main = document.querySelector('main')
      const open = document.querySelectorAll('figure:not([data-settled])').length
      return main ? Math.abs(Number(main.dataset.count) - document.querySelectorAll('figure').length) + open : -1`)
    expect(unsettled).toBe(0)
  }).toPass({ timeout: 40_000 })
}

/** With SCREENSHOTS_DIR set, keeps how the page looks now. */
async function keepLooks(webkit: Session, name: string): Promise<void> {
  const directory = process.env['SCREENSHOTS_DIR']
  if (directory === undefined) return
  mkdirSync(directory, { recursive: true })
  writeFileSync(`${directory}/webkit-${name}.png`, await webkit.screenshot())
}

const sidesSchema = z.object({ direction: z.string(), mark: z.number(), body: z.number() })

/** Of the first card: how it is written, and where its parts begin, in pixels from the left. */
async function readSides(webkit: Session): Promise<z.infer<typeof sidesSchema>> {
  const sides = await webkit.run(`
    const card = document.querySelector('[data-cgh-layout]')
    const leftOf = (name) => card.querySelector('[data-cgh-part=' + name + ']').getBoundingClientRect().left
    return { direction: getComputedStyle(card).direction, mark: leftOf('mark'), body: leftOf('body') }`)
  return sidesSchema.parse(sides)
}

for (const theme of ['light', 'dark']) {
  test(`shows every state on ${theme}, and says nothing on the console`, async ({ webkit }) => {
    await webkit.resize(1300, 3900)
    await openGallery(webkit, `layout=sheet&theme=${theme}`)
    await keepLooks(webkit, theme)
    expect(await readNoise(webkit)).toEqual([])
  })
}

test('writes Arabic from right to left, with the mark on the right', async ({ webkit }) => {
  await openGallery(webkit, 'state=not-connected&theme=light')
  const english = await readSides(webkit)
  expect(english.direction).toBe('ltr')
  expect(english.mark).toBeLessThan(english.body)
  await openGallery(webkit, 'state=not-connected&theme=light&language=ar')
  await keepLooks(webkit, 'arabic')
  const arabic = await readSides(webkit)
  expect(arabic.direction).toBe('rtl')
  expect(arabic.mark).toBeGreaterThan(arabic.body)
  expect(await readNoise(webkit)).toEqual([])
})
