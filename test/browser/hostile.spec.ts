// What an attacker's page, link or script can do to a person who is signed in: nothing.
import type { Page } from '@playwright/test'
import { expect, installOnGitHub, openGitHub, signIn, test, widgetOf } from './fixtures.ts'
import { startHostilePage } from './hostile-page.ts'

/** The URL GitHub would send the browser to, without going there. */
async function catchReturnUrl(github: Page): Promise<string> {
  const answer = await github.request.post(github.url(), {
    form: { account: 'acme-coffee' },
    maxRedirects: 0,
  })
  const location = answer.headers()['location']
  if (location === undefined) throw new Error('the sandbox did not redirect')
  return location
}

test('connects nothing when a victim opens the return URL of somebody else’s flow', async ({
  page,
  demo,
  newBrowser,
}) => {
  await signIn(page, demo, 'Gus Okafor')
  const returnUrl = await catchReturnUrl(await openGitHub(page, demo))

  const victim = await (await newBrowser()).newPage()
  await signIn(victim, demo, 'Ada Lindqvist')
  await victim.goto(returnUrl)
  await expect(victim.getByRole('heading')).toHaveText('Started in another browser')
  expect(demo.sandbox.bindings).toEqual([])
  await victim.goto(`${demo.hostUrl}/integrations`)
  await expect(widgetOf(victim).getByRole('button', { name: 'Connect GitHub' })).toBeVisible()
})

test('connects nothing when a victim is sent to the GitHub URL of somebody else’s flow', async ({
  page,
  demo,
  newBrowser,
}) => {
  await signIn(page, demo, 'Gus Okafor')
  const installUrl = (await openGitHub(page, demo)).url()

  const victim = await (await newBrowser()).newPage()
  await signIn(victim, demo, 'Ada Lindqvist')
  await victim.goto(installUrl)
  await installOnGitHub(victim)
  await expect(victim.getByRole('heading')).toHaveText('Started in another browser')
  expect(demo.sandbox.bindings).toEqual([])
})

test('leads nobody to GitHub who opens the launch page of somebody else’s flow', async ({
  page,
  demo,
  newBrowser,
}) => {
  await signIn(page, demo, 'Gus Okafor')
  const [request] = await Promise.all([
    page.context().waitForEvent('request', (sent) => sent.url().endsWith('/launch')),
    openGitHub(page, demo),
  ])
  const other = await newBrowser()
  const stranger = await other.newPage()
  await stranger.goto(request.url())
  await expect(stranger.getByText('Please sign in')).toBeVisible()
  expect((await other.cookies()).filter(({ name }) => name.startsWith('__Host-'))).toEqual([])
})

test('refuses requests from a page on another site, and from a form on it', async ({ page, demo }) => {
  await signIn(page, demo)
  const hostile = await startHostilePage(
    `<form method="post" action="${demo.hostUrl}/connect/github/flows"><button>Win</button></form>`,
  )
  const attacker = await page.context().newPage()
  await attacker.goto(hostile.url)
  const outcomes = await attacker.evaluate(async (base) => {
    const attempt = (path: string, init: RequestInit) =>
      fetch(base + path, { credentials: 'include', ...init }).then(
        (response) => String(response.status),
        () => 'blocked',
      )
    const body = JSON.stringify({ flowId: 'A'.repeat(22), mode: 'popup' })
    return [
      await attempt('/flows', {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', 'X-Connect-GitHub': '1' },
      }),
      await attempt('/flows', { method: 'POST', body, headers: { 'Content-Type': 'text/plain' } }),
      await attempt('/connection', { method: 'DELETE' }),
      await attempt('/connection', {}),
    ]
  }, `${demo.hostUrl}/connect/github`)
  expect(outcomes).toEqual(['blocked', 'blocked', 'blocked', 'blocked'])
  const answered = attacker.waitForResponse(/\/flows$/)
  await attacker.getByRole('button', { name: 'Win' }).click()
  expect((await answered).status()).toBe(403)
  expect(demo.sandbox.states).toEqual([])
  await hostile.close()
})

test('cannot be framed on any of its pages', async ({ page, demo }) => {
  const paths = [
    `/flows/${'A'.repeat(22)}/launch`,
    `/flows/${'A'.repeat(22)}/done`,
    '/problem/return_unknown',
    '/return?state=x',
  ]
  const hostile = await startHostilePage(
    paths.map((path) => `<iframe src="${demo.hostUrl}/connect/github${path}"></iframe>`).join(''),
  )
  await page.goto(hostile.url)
  await page.waitForLoadState('load')
  const shown = await Promise.all(
    page
      .frames()
      .slice(1)
      .map((frame) => frame.title()),
  )
  expect(shown).toHaveLength(paths.length)
  for (const title of shown) expect(title).not.toMatch(/GitHub|window|connection/i)
  await hostile.close()
})

test('believes no message that says it is connected, wherever it comes from', async ({ page, demo }) => {
  await signIn(page, demo)
  await openGitHub(page, demo)
  let asked = 0
  page.on(
    'request',
    (request) => (asked += /\/flows\/[\w-]{22}$/.test(request.url().split('?')[0] ?? '') ? 1 : 0),
  )
  await page.evaluate(() => {
    const forged = [
      { source: 'connect-github', flowId: 'A'.repeat(22), status: 'connected' },
      { source: 'connect-github', type: 'settled', status: 'connected', account: { login: 'evil' } },
      'connected',
      null,
    ]
    const channel = new BroadcastChannel('connect-github')
    for (const message of forged) {
      window.postMessage(message, location.origin)
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target origin
      channel.postMessage(message)
    }
    channel.close()
  })
  // A round trip to the page, so that the messages have been delivered.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
  await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
  await expect(widgetOf(page)).not.toContainText('evil')
  expect(asked).toBe(0)
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
