// Every way a flow can end, as the customer sees it.
import { expect, installOnGitHub, keepLooks, openGitHub, signIn, test, widgetOf } from './fixtures.ts'

test('shows first what can be connected, and the connected account at the end', async ({ page, demo }) => {
  await signIn(page, demo)
  await expect(widgetOf(page).getByRole('button', { name: 'Connect GitHub' })).toBeVisible()
  await keepLooks(page, 'not-connected')
  demo.sandbox.scenario('delay_next', { route: 'install_url', delayMs: 1500 })
  const opened = openGitHub(page, demo)
  await expect(widgetOf(page)).toContainText('Opening GitHub')
  await keepLooks(page, 'opening')
  const popup = await opened
  await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
  await expect(widgetOf(page).getByRole('button', { name: 'Start over' })).toBeVisible()
  await expect(widgetOf(page).getByRole('button', { name: 'Open GitHub again' })).toBeVisible()
  await keepLooks(page, 'waiting')
  demo.sandbox.scenario('delay_next', { route: 'bind', delayMs: 2500 })
  await installOnGitHub(popup)
  await expect(widgetOf(page)).toContainText('Finishing the connection')
  await keepLooks(page, 'finishing')
  await expect(widgetOf(page)).toContainText('acme-coffee')
  await expect(widgetOf(page)).toContainText('Organization')
  await expect(widgetOf(page).getByRole('link', { name: /Manage on GitHub/ })).toHaveAttribute(
    'href',
    `${demo.sandbox.githubUrl}/organizations/acme-coffee/settings/installations`,
  )
  await keepLooks(page, 'connected')
  await widgetOf(page).getByRole('button', { name: 'Disconnect' }).click()
  await keepLooks(page, 'disconnect-confirmation')
})

test('hands a member a text for the owner while the request awaits approval', async ({
  page,
  demo,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  await popup.getByRole('button', { name: 'Switch to hubot' }).click()
  const closed = popup.waitForEvent('close')
  await installOnGitHub(popup, 'acme-coffee', 'Request')
  await closed
  await expect(widgetOf(page)).toContainText('Waiting for an owner’s approval')
  await keepLooks(page, 'awaiting-approval')
  await widgetOf(page).getByRole('button', { name: 'Copy message' }).click()
  await expect(widgetOf(page)).toContainText('Copied')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('GitHub App')
  expect(demo.sandbox.requests.filter(({ method }) => method === 'POST')).toEqual([])
  await page.reload()
  await expect(widgetOf(page).getByRole('button', { name: 'Start over' })).toBeVisible()
})

test('connects after the owner approved and somebody pressed Connect again', async ({ page, demo }) => {
  await signIn(page, demo)
  const asMember = await openGitHub(page, demo)
  await asMember.getByRole('button', { name: 'Switch to hubot' }).click()
  await installOnGitHub(asMember, 'acme-coffee', 'Request')
  await expect(widgetOf(page)).toContainText('Waiting for an owner’s approval')
  demo.sandbox.scenario('approve_request', { account: 'acme-coffee' })
  const asOwner = await openGitHub(page, demo, 'Start over')
  await asOwner.getByRole('button', { name: 'Switch to mona' }).click()
  await installOnGitHub(asOwner, 'acme-coffee', 'Save')
  await expect(widgetOf(page)).toContainText('acme-coffee')
})

test('names the account that stands in the way when another one is bound', async ({ page, demo }) => {
  await signIn(page, demo)
  await installOnGitHub(await openGitHub(page, demo), 'acme-coffee')
  await widgetOf(page).getByRole('button', { name: 'Disconnect' }).click()
  await widgetOf(page).getByRole('button', { name: 'Disconnect' }).click()
  await installOnGitHub(await openGitHub(page, demo), 'nordwind-shop')
  await expect(widgetOf(page)).toContainText('already connected')
  await expect(widgetOf(page)).toContainText('acme-coffee')
  await keepLooks(page, 'conflict')
})

test('says that nothing is installed there when Layers cannot see the installation', async ({
  page,
  demo,
}) => {
  demo.sandbox.scenario('fail_next', { route: 'bind', status: 422, code: 'VALIDATION' })
  await signIn(page, demo)
  await installOnGitHub(await openGitHub(page, demo))
  await expect(widgetOf(page)).toContainText('not installed')
  await keepLooks(page, 'refused')
})

test('says that it took too long when the flow has expired', { tag: '@postgres' }, async ({ page, demo }) => {
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  demo.advance(16 * 60_000)
  await installOnGitHub(popup)
  await expect(widgetOf(page)).toContainText('took too long')
  await keepLooks(page, 'expired')
  expect(demo.sandbox.bindings).toEqual([])
})

for (const [what, happen, says] of [
  ['removed from GitHub', 'uninstall', 'removed'],
  ['suspended on GitHub', 'suspend', 'suspended'],
] as const) {
  test(`asks to reconnect when the App was ${what}`, async ({ page, demo }) => {
    await signIn(page, demo)
    await installOnGitHub(await openGitHub(page, demo))
    await expect(widgetOf(page)).toContainText('acme-coffee')
    demo.sandbox.scenario(happen, { account: 'acme-coffee' })
    demo.advance(60_000)
    await page.reload()
    await expect(widgetOf(page)).toContainText(says)
    await expect(widgetOf(page).getByRole('button', { name: 'Reconnect' })).toBeVisible()
    await keepLooks(page, `reconnect-${happen}`)
  })
}

test('says that it is offline, and goes on by itself', async ({ page, demo, context }) => {
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  await context.setOffline(true)
  await expect(widgetOf(page)).toContainText('offline')
  await keepLooks(page, 'offline')
  await context.setOffline(false)
  await installOnGitHub(popup)
  await expect(widgetOf(page)).toContainText('acme-coffee')
})

test('lets a viewer look and not connect', async ({ page, demo }) => {
  await signIn(page, demo, 'Vic Moreau')
  await expect(widgetOf(page)).toContainText('administrator')
  await expect(widgetOf(page).getByRole('button')).toHaveText(['Check again'])
  await keepLooks(page, 'view-only')
})

test.describe('with a session cookie that is SameSite=Strict', () => {
  test.use({ demoOptions: { sessionSameSite: 'Strict' } })

  test('says that it checks who is there, for as long as that takes', async ({ page, demo, context }) => {
    const held = Promise.withResolvers<void>()
    await context.route('**/finish', async (route) => {
      await held.promise
      await route.continue()
    })
    await signIn(page, demo)
    const popup = await openGitHub(page, demo)
    await installOnGitHub(popup)
    await expect(popup.getByRole('heading')).toHaveText('Back from GitHub')
    await expect(popup.getByText('checking that it is still you')).toBeVisible()
    await keepLooks(popup, 'page-returned')
    expect(demo.sandbox.bindings).toEqual([])
    const closed = popup.waitForEvent('close')
    held.resolve()
    await closed
    await expect(widgetOf(page)).toContainText('acme-coffee')
  })

  test('closes the window for a flow that has ended badly by then: the page behind it says why', async ({
    page,
    demo,
    context,
  }) => {
    await context.route('**/finish', (route) =>
      route.fulfill({ json: { status: 'conflict', error: 'already_bound', version: 9 } }),
    )
    await signIn(page, demo)
    const popup = await openGitHub(page, demo)
    const closed = popup.waitForEvent('close')
    await installOnGitHub(popup)
    await closed
  })

  test('has words for a refusal that a newer server may know', async ({ page, demo, context }) => {
    await context.route('**/finish', (route) =>
      route.fulfill({
        status: 403,
        json: { error: { code: 'of_tomorrow', message: '', requestId: 'req_1' } },
      }),
    )
    await signIn(page, demo)
    const popup = await openGitHub(page, demo)
    await installOnGitHub(popup)
    await expect(popup.getByRole('heading')).toHaveText('Not finished yet')
    await expect(popup.locator('#text')).toHaveText('This did not work')
  })
})
