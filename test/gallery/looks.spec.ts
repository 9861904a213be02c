// How every state looks: pictures compared with stored ones, cell by cell. Another browser or other letters draw differently, so that
// the pictures are compared only where the stored ones were made.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { comparePictures, readCells, reducePicture, type Cell } from './pictures.ts'

const DIRECTORY = new URL('looks/', import.meta.url).pathname
const MADE_WITH = join(DIRECTORY, 'made-with.json')

/** What a picture depends on besides the card. */
async function readMaker(page: Page): Promise<string> {
  const letters = await page.evaluate(() => {
    const context = new OffscreenCanvas(1, 1).getContext('2d')
    if (!context) throw new Error('no canvas')
    context.font = getComputedStyle(document.body).font
    return ['Connect GitHub', 'Weiter auf GitHub', 'اتصال', 'חיבור', '接続', '连接'].map(
      (word) => context.measureText(word).width,
    )
  })
  const browser = page.context().browser()
  const maker = { browser: browser?.version(), platform: process.platform, arch: process.arch, letters }
  return `${JSON.stringify(maker, null, 2)}\n`
}

const LOOKS = ['light', 'dark'].flatMap((theme) =>
  [320, 560].flatMap((width) => ['ltr', 'rtl'].map((dir) => ({ theme, width, dir }))),
)

for (const { theme, width, dir } of LOOKS)
  test(`looks as before: ${theme}, ${width} pixels, ${dir}`, async ({ page, open }, { config }) => {
    const isMaking = ['all', 'changed'].includes(config.updateSnapshots)
    await page.setViewportSize({ width: 1220, height: 900 })
    // From right to left in a language that is written so.
    const language = dir === 'rtl' ? 'ar' : 'en'
    await open(`layout=sheet&theme=${theme}&width=${width}&dir=${dir}&language=${language}`)
    await drawAll(page)
    const maker = await readMaker(page)
    const isComparable = existsSync(MADE_WITH) && readFileSync(MADE_WITH, 'utf8') === maker
    const picture = await page.screenshot({ fullPage: true, animations: 'disabled', caret: 'hide' })
    const cells = await readCells(page)
    const name = `${theme}-${width}-${dir}`
    keep(name, picture)
    const file = join(DIRECTORY, `${name}.png`)
    if (isMaking) {
      mkdirSync(DIRECTORY, { recursive: true })
      writeFileSync(file, await reducePicture(page, picture))
      writeFileSync(MADE_WITH, maker)
      return
    }
    test.skip(!existsSync(MADE_WITH), 'there are no stored pictures; npm run gallery:baselines makes them')
    test.skip(
      !isComparable,
      `the stored pictures were made with ${readFileSync(MADE_WITH, 'utf8')}, this is ${maker}`,
    )
    const changed = await comparePictures(page, readFileSync(file), picture, cells)
    if (changed.length > 0) await test.info().attach(name, { body: picture, contentType: 'image/png' })
    expect(changed, 'npm run gallery:baselines accepts what is meant').toEqual([])
  })

test('notices a button that moves by a pixel, and nothing where nothing moved', async ({ page, open }) => {
  await open('layout=sheet&theme=light&state=connected')
  const take = () => page.screenshot({ fullPage: true, animations: 'disabled' })
  const cells: readonly Cell[] = await readCells(page)
  const before = await take()
  expect(await comparePictures(page, before, await take(), cells)).toEqual([])
  await page
    .locator('[data-case=connected-personal-account] button')
    .evaluate((button) => button.style.setProperty('translate', '1px'))
  expect(await comparePictures(page, before, await take(), cells)).toEqual(['connected-personal-account'])
})

/** Frames out of sight are not drawn, and pictures may come after the words. */
async function drawAll(page: Page): Promise<void> {
  await page.setViewportSize({
    width: 1220,
    height: await page.evaluate(() => document.documentElement.scrollHeight),
  })
  await page.waitForFunction(() => [...document.images].every(({ complete }) => complete))
  for (const frame of page.frames())
    await frame.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    )
}

/** With SCREENSHOTS_DIR set, for people to look at. */
function keep(name: string, picture: Buffer): void {
  const directory = process.env['SCREENSHOTS_DIR']
  if (directory === undefined) return
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, `gallery-${name}.png`), picture)
}
