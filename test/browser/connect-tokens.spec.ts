// The flow with connect tokens and the BFF on an origin of its own, with tokens that run out while the customer is on GitHub.
import { devices, type BrowserContext, type Page, type Request } from '@playwright/test'
import { expect, installOnGitHub, openGitHub, signIn, test, widgetOf } from './fixtures.ts'
import { watchTraffic } from './traffic.ts'

const TOKEN_LIFETIME_MS = 300_000

test.use({ demoOptions: { identity: 'token', bffOrigin: 'other' } })

/** How often the host is asked for a token, by any page of this browser, from now on. */
function countRenewals(context: BrowserContext): () => number {
  let count = 0
  context.on('request', (request) => (count += request.url().endsWith('/api/connect-token') ? 1 : 0))
  return () => count
}

/** The tokens that any page of this browser shows to the BFF, from now on. */
function collectTokens(context: BrowserContext): ReadonlySet<string> {
  const tokens = new Set<string>()
  context.on('request', (request) => {
    const [, token] = /^Bearer (.+)$/.exec(request.headers()['authorization'] ?? '') ?? []
    if (token !== undefined) tokens.add(token)
  })
  return tokens
}

/** Everything that a page of this origin keeps beyond its own life, and what scripts can read of it. */
function readKept(page: Page): Promise<string> {
  return page.evaluate(() =>
    [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie].join('\n'),
  )
}

test(
  'connects on another origin with one token, and lists what is analyzed',
  { tag: '@postgres' },
  async ({ page, demo, context }) => {
    const askedOfHost: string[] = []
    page.on('request', (request) => {
      if (request.url().startsWith(`${demo.hostUrl}/connect/github`)) askedOfHost.push(request.url())
    })
    await signIn(page, demo)
    await expect(widgetOf(page).getByRole('button', { name: 'Connect GitHub' })).toBeVisible()
    const renewals = countRenewals(context)
    const popup = await openGitHub(page, demo)
    const closed = popup.waitForEvent('close')
    await installOnGitHub(popup)
    await expect(widgetOf(page)).toContainText('acme-coffee')
    await closed
    await widgetOf(page)
      .getByText(/^[0-9]+ repositor/)
      .click()
    await expect(page.getByRole('link', { name: 'acme-coffee/beans-api' })).toBeVisible()
    expect(renewals()).toBe(0)
    expect(askedOfHost).toEqual([])
    expect(demo.sandbox.bindings).toHaveLength(1)
  },
)

test('asks the host once for a new token when it expires in mid-flow, and ends connected', async ({
  page,
  demo,
  context,
}) => {
  await signIn(page, demo)
  await expect(widgetOf(page).getByRole('button', { name: 'Connect GitHub' })).toBeVisible()
  const renewals = countRenewals(context)
  const popup = await openGitHub(page, demo)
  const finishes: Request[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/finish')) finishes.push(request)
  })
  demo.advance(TOKEN_LIFETIME_MS + 6_000)
  const closed = popup.waitForEvent('close')
  await installOnGitHub(popup)
  await expect(widgetOf(page)).toContainText('acme-coffee')
  // The window could not say who is there, and closes; the page that holds the token finishes.
  await closed
  expect(renewals()).toBe(1)
  expect(finishes).toHaveLength(2)
  expect(demo.sandbox.bindings).toHaveLength(1)
})

test('leaves the token in no address, no storage, no cookie and no message', async ({
  page,
  demo,
  context,
}) => {
  const given = collectTokens(context)
  const urls: string[] = []
  const said: string[] = []
  context.on('request', (request) => urls.push(request.url(), request.headers()['referer'] ?? ''))
  context.on('console', (message) => said.push(message.text()))
  await page.addInitScript(() => {
    const heard: unknown[] = []
    Reflect.set(window, 'heard', heard)
    window.addEventListener('message', (event) => heard.push(event.data))
    new BroadcastChannel('connect-github').addEventListener('message', (event) => heard.push(event.data))
  })
  await signIn(page, demo)
  const popup = await openGitHub(page, demo)
  demo.advance(TOKEN_LIFETIME_MS + 6_000)
  await installOnGitHub(popup)
  await expect(widgetOf(page)).toContainText('acme-coffee')

  const bffPage = await context.newPage()
  await bffPage.goto(`${demo.bffUrl}/problem/return_unknown`)
  const messages = await page.evaluate(() => JSON.stringify(Reflect.get(window, 'heard')))
  const cookies = JSON.stringify(await context.cookies())
  const kept = [await readKept(page), await readKept(bffPage), cookies, messages, ...urls, ...said].join('\n')
  expect(given.size).toBeGreaterThan(1)
  for (const token of given) {
    const [, payload = '', signature = ''] = token.split('.')
    expect([payload, signature].map((part) => part.length > 20)).toEqual([true, true])
    expect(kept).not.toContain(payload)
    expect(kept).not.toContain(signature)
  }
})

test(
  'asks the BFF once per address whether the page may call it, and is told exactly what it may',
  { tag: '@devtools' },
  async ({ page, demo }) => {
    const sent = await watchTraffic(page)
    await signIn(page, demo)
    const answered = page.waitForResponse((response) => response.url().endsWith('/flows'))
    const popup = await openGitHub(page, demo)
    expect((await answered).headers()).toMatchObject({
      'access-control-allow-origin': demo.hostUrl,
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    })
    demo.advance(TOKEN_LIFETIME_MS + 6_000)
    await installOnGitHub(popup)
    await expect(widgetOf(page)).toContainText('acme-coffee')
    await page.reload()
    await expect(widgetOf(page)).toContainText('acme-coffee')

    const toBff = sent.filter(({ url }) => url.startsWith(demo.bffUrl))
    const asked = toBff.filter(({ method }) => method === 'OPTIONS').map(({ url }) => url)
    const called = toBff.filter(({ method }) => method !== 'OPTIONS').map(({ url }) => url)
    expect(asked.length).toBeGreaterThan(2)
    expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted())
    // The control of the line above: what was asked about once was called more often.
    const often = called.filter((url) => url.endsWith('/connection') || url.endsWith('/finish'))
    expect(often.length).toBeGreaterThan(new Set(often).size + 1)

    const preflight = await page.request.fetch(`${demo.bffUrl}/flows`, {
      method: 'OPTIONS',
      headers: {
        Origin: demo.hostUrl,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type,x-connect-github',
      },
    })
    const cors = Object.entries(preflight.headers()).filter(([name]) => name.startsWith('access-control-'))
    expect([preflight.status(), Object.fromEntries(cors)]).toEqual([
      204,
      {
        'access-control-allow-origin': demo.hostUrl,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': 'Content-Type, Authorization, X-Connect-GitHub',
        'access-control-expose-headers': 'X-Request-Id, Retry-After',
        'access-control-max-age': '600',
      },
    ])
  },
)

test('disconnects, and starts again after a reload, each with a token', async ({ page, demo }) => {
  await signIn(page, demo)
  await installOnGitHub(await openGitHub(page, demo))
  await expect(widgetOf(page)).toContainText('acme-coffee')
  await widgetOf(page).getByRole('button', { name: 'Disconnect' }).click()
  await widgetOf(page).getByRole('button', { name: 'Disconnect' }).click()
  const popup = await openGitHub(page, demo)
  await page.reload()
  await expect(widgetOf(page).getByRole('button', { name: 'Cancel' })).toBeVisible()
  await installOnGitHub(popup, 'acme-coffee', 'Save')
  await expect(widgetOf(page)).toContainText('acme-coffee')
})

test.describe('on a phone', { tag: '@phone' }, () => {
  const { defaultBrowserType: _engine, ...phone } = devices['Pixel 7']
  test.use(phone)

  test('comes back to the page it left, which finishes with a token of its own', async ({ page, demo }) => {
    await signIn(page, demo)
    await widgetOf(page).getByRole('button', { name: 'Connect GitHub' }).click()
    await page.waitForURL(`${demo.sandbox.githubUrl}/**`)
    demo.advance(TOKEN_LIFETIME_MS + 6_000)
    await installOnGitHub(page)
    await page.waitForURL(`${demo.hostUrl}/integrations`)
    await expect(widgetOf(page)).toContainText('acme-coffee')
    expect(demo.sandbox.bindings).toHaveLength(1)
  })
})
