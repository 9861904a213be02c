// The complete flow in a real browser, in each way of getting to GitHub, with the opener cut by GitHub's page.
import { devices } from '@playwright/test'
import { expect, installOnGitHub, openGitHub, signIn, test, widgetOf } from './fixtures.ts'

test(
  'connects in a popup, although GitHub cuts the opener',
  { tag: ['@postgres', '@engines'] },
  async ({ page, demo }) => {
    await signIn(page, demo)
    const popup = await openGitHub(page, demo)
    expect(await popup.evaluate(() => window.opener)).toBeNull()
    const closed = popup.waitForEvent('close')
    await installOnGitHub(popup)
    await expect(widgetOf(page)).toContainText('acme-coffee')
    await closed
    expect(demo.sandbox.bindings.map(({ account }) => account.login)).toEqual(['acme-coffee'])
  },
)

test('connects in a popup when the opener is left alone', async ({ page, demo }) => {
  demo.sandbox.scenario('coop', { value: 'unsafe-none' })
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  expect(await popup.evaluate(() => window.opener !== null)).toBe(true)
  const closed = popup.waitForEvent('close')
  await installOnGitHub(popup)
  await expect(widgetOf(page)).toContainText('acme-coffee')
  await closed
})

test('is still connected after a reload, and disconnects', { tag: '@engines' }, async ({ page, demo }) => {
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  await installOnGitHub(popup)
  await expect(widgetOf(page)).toContainText('acme-coffee')
  await page.reload()
  await expect(widgetOf(page)).toContainText('acme-coffee')
  await widgetOf(page).getByRole('button', { name: 'Disconnect' }).click()
  await widgetOf(page).getByRole('button', { name: 'Disconnect' }).click()
  await expect(widgetOf(page).getByRole('button', { name: 'Connect GitHub' })).toBeVisible()
  // Nothing is undone at Layers: no such call is documented.
  expect(demo.sandbox.bindings).toHaveLength(1)
})

test.describe('on a phone', { tag: '@phone' }, () => {
  const { defaultBrowserType: _engine, ...phone } = devices['Pixel 7']
  test.use(phone)

  test(
    'connects in the same tab and comes back to the page it left',
    { tag: '@engines' },
    async ({ page, demo }) => {
      await signIn(page, demo)
      await widgetOf(page).getByRole('button', { name: 'Connect GitHub' }).click()
      await page.waitForURL(`${demo.sandbox.githubUrl}/**`)
      await installOnGitHub(page)
      await page.waitForURL(`${demo.hostUrl}/integrations`)
      await expect(widgetOf(page)).toContainText('acme-coffee')
    },
  )
})

test.describe('with a session cookie that is SameSite=Strict', () => {
  test.use({ demoOptions: { sessionSameSite: 'Strict' } })

  test(
    'connects in a popup: the done page asks again from our own origin',
    { tag: '@postgres' },
    async ({ page, demo }) => {
      await signIn(page, demo)
      const popup = await openGitHub(page, demo)
      const closed = popup.waitForEvent('close')
      await installOnGitHub(popup)
      await expect(widgetOf(page)).toContainText('acme-coffee')
      await closed
    },
  )
})
