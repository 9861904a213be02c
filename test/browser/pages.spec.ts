// The BFF's own pages: what they say, without JavaScript too, and that they look cared for.
import { expect, installOnGitHub, keepLooks, openGitHub, signIn, test, widgetOf } from './fixtures.ts'

const CASES = [
  { path: '/return', title: 'No connection in progress' },
  { path: `/return?installation_id=1&state=${'x'.repeat(32)}`, title: 'No connection in progress' },
  { path: '/return?installation_id=abc&state=x', title: 'GitHub’s answer could not be read' },
  { path: '/problem/return_other_browser', title: 'Started in another browser' },
  { path: `/flows/${'A'.repeat(22)}/done`, title: 'You can close this window' },
] as const

for (const { path, title } of CASES) {
  test(`says "${title}" on ${path.split('?')[0] ?? ''}${path.includes('?') ? ' with a query' : ''}`, async ({
    page,
    demo,
  }) => {
    await page.goto(`${demo.hostUrl}/connect/github${path}`)
    await expect(page.getByRole('heading')).toHaveText(title)
    await expect(page.getByRole('link', { name: 'Go back' })).toHaveAttribute('href', `${demo.hostUrl}/`)
    expect(new URL(page.url()).search).not.toMatch(/state|installation/)
    await keepLooks(page, `page-${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`)
  })
}

test('asks to sign in on the launch page when nobody is', async ({ page, demo }) => {
  await page.goto(`${demo.hostUrl}/connect/github/flows/${'A'.repeat(22)}/launch`)
  await expect(page.getByText('Please sign in')).toBeVisible()
  await keepLooks(page, 'page-launch-signed-out')
})

test('shows that it is on its way to GitHub while Layers is slow', async ({ page, demo }) => {
  demo.sandbox.scenario('delay_next', { route: 'install_url', delayMs: 2000 })
  await signIn(page, demo)
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('button', { name: 'Connect GitHub' }).click(),
  ])
  await expect(popup.getByRole('heading')).toHaveText('Opening GitHub…')
  await keepLooks(popup, 'page-launch')
  await popup.waitForURL(`${demo.sandbox.githubUrl}/**`)
})

test('says on the done page that a window which cannot close itself may be closed', async ({
  page,
  demo,
  context,
}) => {
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  // A tab that no script opened: the browser refuses to let it close itself.
  const tab = await context.newPage()
  await tab.goto(popup.url())
  await installOnGitHub(tab)
  await expect(tab.getByText('You can close this window.')).toBeVisible()
  await expect(tab.getByRole('link', { name: 'Go back' })).toHaveAttribute(
    'href',
    `${demo.hostUrl}/integrations`,
  )
  await keepLooks(tab, 'page-done')
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })

  test('still says what happened, and where to go', async ({ page, demo }) => {
    await page.goto(`${demo.hostUrl}/connect/github/return?state=unknown`)
    await expect(page.getByRole('heading')).toHaveText('No connection in progress')
    await page.getByRole('link', { name: 'Go back' }).click()
    await page.waitForURL(`${demo.hostUrl}/**`)
  })
})

test('keeps state, code and id out of the address bar, the history and the referrer', async ({
  page,
  demo,
}) => {
  demo.sandbox.scenario('with_code_next')
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  const visited: string[] = []
  const referrers: (string | undefined)[] = []
  popup.on('framenavigated', (frame) => visited.push(frame.url()))
  popup.on('request', (request) => {
    if (request.url().startsWith(demo.hostUrl)) referrers.push(request.headers()['referer'])
  })
  const closed = popup.waitForEvent('close')
  await installOnGitHub(popup)
  await closed
  await expect(widgetOf(page)).toContainText('acme-coffee')
  expect(visited.filter((url) => /state=|code=|installation_id=/.test(url))).toEqual([])
  expect(referrers.filter((referrer) => referrer?.includes('/return') === true)).toEqual([])
})
