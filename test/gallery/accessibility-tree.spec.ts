// What a screen reader finds in each state: the accessibility tree, compared with one that people have read.
import { expect, test } from './fixtures.ts'

test('is the tree that was read and found good', async ({ page, open }) => {
  await open('theme=light')
  const trees: string[] = []
  for (const card of await page.locator('figure').all()) {
    const tree = await card.locator('.frame').ariaSnapshot()
    trees.push(`${await card.getAttribute('data-case')}\n${tree}\n`)
  }
  expect(trees.join('\n')).toMatchSnapshot('accessibility-tree.txt')
})
