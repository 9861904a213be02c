// What a screen reader finds in each state: the accessibility tree, compared with one that people have read.
import { expect, test } from './fixtures.ts'

/** A flow's id is another one each time. */
const OWN_URL = /\/card\/\S+\/launch$/m

test('is the tree that was read and found good', async ({ page, open }) => {
  await open('theme=light')
  const trees: string[] = []
  for (const card of await page.locator('figure').all()) {
    const frame = card.locator('.frame')
    const isFramed = (await frame.locator(':scope:is(iframe)').count()) > 0
    const tree = await (isFramed ? frame.contentFrame().locator('[data-cgh-state]') : frame).ariaSnapshot()
    trees.push(`${await card.getAttribute('data-case')}\n${tree.replace(OWN_URL, '(launch page)')}\n`)
  }
  expect(trees.join('\n')).toMatchSnapshot('accessibility-tree.txt')
})
