// Axe over every state: both themes, both directions, all languages; and that it notices what is wrong.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Each violation as `rule: case`. */
async function analyze(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'], preload: false, runOnly: { type: 'tag', values: TAGS } })
    .analyze()
  const found: string[] = []
  for (const { id, nodes } of violations)
    for (const { target } of nodes) {
      const [selector = 'html', ...inFrame] = target.flat()
      const place =
        inFrame.length === 0
          ? await page
              .locator(selector)
              .first()
              .evaluate((element) => element.closest('figure')?.dataset['case'] ?? 'page')
          : 'frame'
      found.push(`${id}: ${place} ${target.join(' ')}`)
    }
  return found
}

const LOOKS = [
  'theme=light',
  'theme=dark',
  'theme=light&layout=sheet&dir=rtl',
  'theme=dark&layout=sheet&dir=rtl',
  'theme=light&layout=sheet&width=320',
  ...['de', 'fr', 'es', 'pt-BR', 'ja', 'zh-Hans', 'ar', 'he'].flatMap((language) => [
    `theme=light&layout=sheet&language=${language}`,
    `theme=dark&layout=sheet&language=${language}`,
  ]),
]

for (const query of LOOKS)
  test(`finds nothing with ${query}`, async ({ page, open }) => {
    await open(query)
    expect(await analyze(page)).toEqual([])
  })

test('notices a text too pale, a button without a name and a target too small', async ({ page, open }) => {
  await open('theme=light&state=not-connected-d,waiting')
  await page.evaluate(() => {
    const card = (name: string) => {
      const found = document.querySelector<HTMLElement>(`[data-case='${name}'] [data-cgh-state]`)
      if (!found) throw new Error(`no card ${name}`)
      return found
    }
    card('waiting').style.setProperty('--cgh-text-soft', '#bbb')
    card('waiting-long').querySelector('button')?.replaceChildren()
    // Side by side, because a small target with room around it is allowed.
    for (const button of card('waiting-in-the-tab').querySelectorAll('button'))
      button.style.cssText = 'min-height:0;height:16px;width:16px;padding:0;margin:0 -4px;overflow:hidden'
  })
  const rules = (await analyze(page)).map((violation) => violation.split(' ').slice(0, 2).join(' '))
  expect(new Set(rules)).toEqual(
    new Set(['color-contrast: waiting', 'button-name: waiting-long', 'target-size: waiting-in-the-tab']),
  )
})
