// What a screen reader says by itself: each change of state once, and nothing for what the page loaded with.
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import { pressByScript, walkThrough } from './walk.ts'

/** Collects each new text of the live region, also between two looks. */
async function listen(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.getByRole('status').evaluate((region) => {
    const spoken: string[] = []
    Reflect.set(window, 'spoken', spoken)
    const observer = new MutationObserver(() => {
      const { textContent } = region
      if (textContent !== null && textContent !== '') spoken.push(textContent)
    })
    observer.observe(region, { characterData: true, childList: true, subtree: true })
  })
  return () => page.evaluate(() => Reflect.get(window, 'spoken'))
}

const WAYS = {
  'connected-with-proof': [
    /^Opening GitHub… /,
    /^Waiting for you on GitHub\. /,
    /^One more step on GitHub\. /,
    /^Finishing the connection… /,
    /^Connected to acme-coffee\. /,
  ],
  conflict: [
    /^Opening GitHub… /,
    /^Waiting for you on GitHub\. /,
    /^Finishing the connection… /,
    /^GitHub is already connected\. /,
  ],
  'awaiting-approval': [
    /^Opening GitHub… /,
    /^Waiting for you on GitHub\. /,
    /^Waiting for an owner’s approval\. /,
  ],
  expired: [/^Opening GitHub… /, /^Waiting for you on GitHub\. /, /^This took too long\. /],
}

for (const [walk, expected] of Object.entries(WAYS))
  test(`says each step on the way to ${walk} once`, async ({ page, open }) => {
    await open(`view=walk#${walk}/loading`)
    const heard = await listen(page)
    await walkThrough(
      page,
      walk,
      () => pressByScript(page),
      () => Promise.resolve(),
    )
    expect(await heard()).toEqual(expected.map((text): unknown => expect.stringMatching(text)))
  })

test('has one live region in each state, and no other that speaks', async ({ page, open }) => {
  await open('theme=light')
  // A list of repositories, once it is open, says by itself what a search found.
  const cards = page.locator('figure:not(:has(iframe, details))')
  expect(await cards.getByRole('status').count()).toBe(await cards.count())
  expect(await page.locator('[aria-live], [role=alert], [role=log], [role=timer]').count()).toBe(0)
})

test('says nothing in a state that the page loaded with', async ({ page, open }) => {
  await open('theme=light&state=not-connected,connected-p,conflict,view,reconnect')
  const spoken = await page.getByRole('status').allTextContents()
  expect(spoken.length).toBeGreaterThan(10)
  expect(new Set(spoken)).toEqual(new Set(['']))
})
