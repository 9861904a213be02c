// A Next.js App Router host in production: prerendered, rendered on request, hydrated, connected, without a word in the console.
import { cardOf, expect, installOnGitHub, openGitHub, test as base } from '../fixtures.ts'
import { NEXT_VARIABLE } from './start-next.ts'

const test = base.extend({
  // Playwright demands the destructured first argument, even when nothing is taken from it.
  // oxlint-disable-next-line no-empty-pattern
  pages: async ({}, use) => {
    const forwardTo = process.env[NEXT_VARIABLE]
    if (forwardTo === undefined) throw new Error('Next.js is started before the first test')
    await use({ forwardTo })
  },
})

test('connects from a server component', async ({ page, host }) => {
  const response = await page.goto(host.url)
  expect(await response?.text()).toContain('data-cgh-state="loading"')
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'not_connected')
  await installOnGitHub(await openGitHub(page, host))
  await expect(cardOf(page)).toContainText('acme-coffee')
})

test('tells a prerendered client component once, and lists repositories', async ({ page, host }) => {
  const response = await page.goto(`${host.url}/repositories`)
  expect(await response?.text()).toContain('data-cgh-state="loading"')
  await installOnGitHub(await openGitHub(page, host))
  await expect(cardOf(page)).toContainText('acme-coffee')
  await expect(page.locator('main > output')).toHaveText('acme-coffee')
  await expect(page.getByRole('list', { name: 'Repositories' }).getByRole('listitem')).not.toHaveCount(0)
})
