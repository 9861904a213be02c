// The BFF's own pages: what they say, without JavaScript too, and that they look cared for.
import { randomBytes } from 'node:crypto'
import type { BrowserContext, Page } from '@playwright/test'
import {
  expect,
  installOnGitHub,
  keepLooks,
  openGitHub,
  signIn,
  test,
  widgetOf,
  type RunningDemo,
} from './fixtures.ts'
import { expectAccess } from './page-access.ts'

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
    await expectAccess(page)
    await keepLooks(page, `page-${title.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`)
  })
}

test('asks to sign in on the launch page when nobody is', async ({ page, demo }) => {
  await page.goto(`${demo.hostUrl}/connect/github/flows/${'A'.repeat(22)}/launch`)
  await expect(page.getByText('Please sign in')).toBeVisible()
  await expectAccess(page)
  await keepLooks(page, 'page-launch-signed-out')
})

/** Keeps the launch pages of a browser where they are until they are let go; there is none when Layers is quick. */
async function holdLaunch(context: BrowserContext, demo: RunningDemo): Promise<() => void> {
  demo.sandbox.scenario('delay_next', { route: 'install_url', delayMs: 1_000 })
  const { promise, resolve } = Promise.withResolvers<void>()
  await context.route('**/launch', async (route) => {
    if (route.request().method() === 'POST') await promise
    await route.continue()
  })
  return resolve
}

test('shows that it is on its way to GitHub', async ({ page, demo, context }) => {
  const letGo = await holdLaunch(context, demo)
  await signIn(page, demo)
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('button', { name: 'Connect GitHub' }).click(),
  ])
  await expect(popup.getByRole('heading')).toHaveText('Opening GitHub…')
  await expectAccess(popup)
  await keepLooks(popup, 'page-launch')
  letGo()
  await popup.waitForURL(`${demo.sandbox.githubUrl}/**`)
})

test('has words on the launch page for a refusal that a newer server may know', async ({ page, demo }) => {
  await page.route('**/launch', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({
          status: 403,
          json: { error: { code: 'of_tomorrow', message: '', requestId: 'req_1' } },
        })
      : route.continue(),
  )
  await page.goto(`${demo.hostUrl}/connect/github/flows/${'A'.repeat(22)}/launch`)
  await expect(page.getByText('GitHub could not be opened')).toBeVisible()
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
  await expectAccess(tab)
  await keepLooks(tab, 'page-done')
})

/** Starts a flow by hand, as a front end of one's own would, and opens its launch page in the same tab. */
async function launchByHand(
  page: Page,
  look: { readonly locale: string; readonly theme: string },
): Promise<string> {
  const flowId = randomBytes(16).toString('base64url')
  const status = await page.evaluate(
    async (body) => {
      const headers = { 'Content-Type': 'application/json', 'X-Connect-GitHub': '1' }
      const answer = await fetch('/connect/github/flows', {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      })
      return answer.status
    },
    { flowId, mode: 'popup', ...look },
  )
  expect(status).toBe(201)
  const url = new URL(`/connect/github/flows/${flowId}/launch`, page.url())
  await page.goto(`${url.href}?${new URLSearchParams(look).toString()}`)
  return flowId
}

test('speaks the language of the host page from the click to the end', async ({ page, demo, context }) => {
  const letGo = await holdLaunch(context, demo)
  await signIn(page, demo)
  await page.evaluate(() => {
    document.documentElement.lang = 'de-AT'
  })
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    widgetOf(page).getByRole('button', { name: 'Connect GitHub' }).click(),
  ])
  await expect(popup.getByRole('heading')).toHaveText('GitHub wird geöffnet…')
  await expect(popup.locator('html')).toHaveAttribute('lang', 'de')
  letGo()
  await popup.waitForURL(`${demo.sandbox.githubUrl}/**`)
  const tab = await context.newPage()
  await tab.goto(popup.url())
  await installOnGitHub(tab)
  await expect(tab.getByText('Sie können dieses Fenster schließen.')).toBeVisible()
  await expect(tab.getByRole('link', { name: 'Zurück' })).toBeVisible()
  await expect(tab.locator('html')).toHaveAttribute('lang', 'de')
})

test('is written from right to left, and dark under a light system, when the host page is', async ({
  page,
  demo,
}) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await signIn(page, demo)
  const flowId = await launchByHand(page, { locale: 'ar', theme: 'dark' })
  await page.waitForURL(`${demo.sandbox.githubUrl}/**`)
  await installOnGitHub(page)
  await expect(page.getByText('يمكنك إغلاق هذه النافذة.')).toBeVisible()
  expect(page.url()).toContain(`/flows/${flowId}/done`)
  await expect(page.locator('html')).toHaveAttribute('dir', 'rtl')
  const looks = await page.evaluate(() => {
    const { backgroundColor, direction, colorScheme } = getComputedStyle(document.body)
    return { backgroundColor, direction, colorScheme }
  })
  expect(looks).toEqual({ backgroundColor: 'rgb(13, 17, 23)', direction: 'rtl', colorScheme: 'dark' })
  await expectAccess(page)
  await keepLooks(page, 'page-done-arabic-dark')
})

test.describe('in a browser that asks for French', () => {
  test.use({ locale: 'fr-CA' })

  test('tells in French of a problem that belongs to no flow', async ({ page, demo }) => {
    await page.goto(`${demo.hostUrl}/connect/github/return?state=unknown`)
    await expect(page.getByRole('heading')).toHaveText('Aucune connexion en cours')
    await expect(page.getByRole('link', { name: 'Retour' })).toBeVisible()
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr')
  })
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
