// Tabs that close, reload and multiply in mid-flow; and two tenants that never meet.
import { expect, installOnGitHub, openGitHub, signIn, test, widgetOf } from './fixtures.ts'

test('finishes a flow whose tab was closed, and a new tab shows the result', async ({
  page,
  demo,
  context,
}) => {
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  await page.close()
  const closed = popup.waitForEvent('close')
  await installOnGitHub(popup)
  await closed
  const reopened = await context.newPage()
  await reopened.goto(`${demo.hostUrl}/integrations`)
  await expect(widgetOf(reopened)).toContainText('acme-coffee')
})

test('goes on waiting in a tab that was closed and opened again', async ({ page, demo, context }) => {
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  await page.close()
  const reopened = await context.newPage()
  await reopened.goto(`${demo.hostUrl}/integrations`)
  await expect(widgetOf(reopened).getByRole('button', { name: 'Cancel' })).toBeVisible()
  await installOnGitHub(popup)
  await expect(widgetOf(reopened)).toContainText('acme-coffee')
})

test('goes on waiting after a reload', async ({ page, demo }) => {
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  await page.reload()
  await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
  await installOnGitHub(popup)
  await expect(widgetOf(page)).toContainText('acme-coffee')
})

test('shows one flow in two tabs of the same person', async ({ page, demo, context }) => {
  await signIn(page, demo)
  const second = await context.newPage()
  await second.goto(`${demo.hostUrl}/integrations`)
  const popup = await openGitHub(page, demo)
  await second.bringToFront()
  await second.reload()
  await expect(widgetOf(second).getByRole('button', { name: 'Cancel' })).toBeVisible()
  await installOnGitHub(popup)
  await expect(widgetOf(page)).toContainText('acme-coffee')
  await expect(widgetOf(second)).toContainText('acme-coffee')
  expect(demo.sandbox.bindings).toHaveLength(1)
})

test('does not take a closed popup for a cancelled flow, and opens GitHub again', async ({ page, demo }) => {
  await signIn(page, demo)
  const first = await openGitHub(page, demo)
  await first.close()
  await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
  const second = await openGitHub(page, demo, 'Open GitHub again')
  await installOnGitHub(second)
  await expect(widgetOf(page)).toContainText('acme-coffee')
  expect(demo.sandbox.states).toHaveLength(1)
})

test('connects nothing from the first popup after starting over', async ({ page, demo }) => {
  await signIn(page, demo)
  const first = await openGitHub(page, demo)
  const second = await openGitHub(page, demo, 'Start over')
  await installOnGitHub(first, 'nordwind-shop')
  await expect(first.getByText('nothing was connected')).toBeVisible()
  await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
  expect(demo.sandbox.bindings).toEqual([])
  await installOnGitHub(second, 'acme-coffee')
  await expect(widgetOf(page)).toContainText('acme-coffee')
  expect(demo.sandbox.bindings).toHaveLength(1)
})

test('goes back to the beginning when the flow is cancelled', async ({ page, demo }) => {
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  await widgetOf(page).getByRole('button', { name: 'Cancel' }).click()
  await expect(widgetOf(page).getByRole('button', { name: 'Connect GitHub' })).toBeVisible()
  await installOnGitHub(popup)
  // Whoever goes on in the window all the same is told there what became of it.
  await expect(popup.getByText('nothing was connected')).toBeVisible()
  expect(demo.sandbox.installations).toHaveLength(1)
  expect(demo.sandbox.bindings).toEqual([])
})

test('records one binding when GitHub comes back twice', async ({ page, demo }) => {
  demo.sandbox.scenario('return_twice_next')
  await signIn(page, demo)
  await installOnGitHub(await openGitHub(page, demo))
  await expect(widgetOf(page)).toContainText('acme-coffee')
  expect(demo.sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
})

test('lets a second try win when GitHub did not come back from the first', async ({ page, demo }) => {
  demo.sandbox.scenario('no_return_next')
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  await installOnGitHub(popup)
  await expect(popup.getByRole('button', { name: 'Install', exact: true })).toHaveCount(0)
  const again = await openGitHub(page, demo, 'Open GitHub again')
  await installOnGitHub(again, 'acme-coffee', 'Save')
  await expect(widgetOf(page)).toContainText('acme-coffee')
})

test('shows each of two tenants its own account', async ({ page, demo, newBrowser }) => {
  await signIn(page, demo, 'Ada Lindqvist')
  await installOnGitHub(await openGitHub(page, demo), 'acme-coffee')
  await expect(widgetOf(page)).toContainText('acme-coffee')

  const other = await (await newBrowser()).newPage()
  await signIn(other, demo, 'Gus Okafor')
  await expect(widgetOf(other).getByRole('button', { name: 'Connect GitHub' })).toBeVisible()
  await installOnGitHub(await openGitHub(other, demo), 'nordwind-shop')
  await expect(widgetOf(other)).toContainText('nordwind-shop')
  await page.reload()
  await expect(widgetOf(page)).toContainText('acme-coffee')
})

test('refuses the second tenant an account that the first one connected, without naming it', async ({
  page,
  demo,
  newBrowser,
}) => {
  await signIn(page, demo, 'Ada Lindqvist')
  await installOnGitHub(await openGitHub(page, demo), 'acme-coffee')
  await expect(widgetOf(page)).toContainText('acme-coffee')

  const other = await (await newBrowser()).newPage()
  await signIn(other, demo, 'Gus Okafor')
  await installOnGitHub(await openGitHub(other, demo), 'acme-coffee', 'Save')
  await expect(widgetOf(other)).toContainText('already connected elsewhere')
  await expect(widgetOf(other)).not.toContainText('acme-coffee')
  await expect(widgetOf(other)).not.toContainText('Northwind')
})
