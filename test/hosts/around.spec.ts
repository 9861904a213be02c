// What a host does around the widget: error boundaries, clients of its own, unmounting, reloading, several instances.
import type { Page } from '@playwright/test'
import { callsOf, cardOf, expect, installOnGitHub, openGitHub, test, type RunningHost } from './fixtures.ts'

/** The host was told once of one success, and of nothing else that ends a flow. */
async function expectOneSuccess(page: Page): Promise<void> {
  await expect(callsOf(page, /^onSuccess/)).toHaveText([/acme-coffee connected/])
  await expect(callsOf(page, /^(onExit|onError)/)).toHaveCount(0)
}

async function connect(page: Page, host: RunningHost): Promise<void> {
  await installOnGitHub(await openGitHub(page, host))
  await expect(cardOf(page)).toContainText('acme-coffee')
  await expectOneSuccess(page)
}

for (const react of [18, 19] as const) {
  test.describe(`on React ${react}`, () => {
    test.use({ react })

    for (const client of ['plain', 'hostile'] as const) {
      const tag = client === 'plain' ? ['@long'] : []
      test(`connects with a ${client} QueryClient of the host`, { tag }, async ({ page, host }) => {
        await page.goto(`${host.url}/?client=${client}`)
        await connect(page, host)
      })
    }

    test('goes on after it was unmounted and mounted again in mid-flow', async ({ page, host }) => {
      await page.goto(host.url)
      const popup = await openGitHub(page, host)
      await page.getByRole('button', { name: 'Unmount' }).click()
      await expect(cardOf(page)).toHaveCount(0)
      await page.getByRole('button', { name: 'Mount' }).click()
      await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'waiting')
      await installOnGitHub(popup)
      await expect(cardOf(page)).toContainText('acme-coffee')
      await expectOneSuccess(page)
    })
  })
}

test('tells of a success once that came while it was unmounted', async ({ page, host }) => {
  await page.goto(host.url)
  const popup = await openGitHub(page, host)
  await page.getByRole('button', { name: 'Unmount' }).click()
  const closed = popup.waitForEvent('close')
  await installOnGitHub(popup)
  await closed
  await page.getByRole('button', { name: 'Mount' }).click()
  await expect(cardOf(page)).toContainText('acme-coffee')
  await expectOneSuccess(page)
})

test('goes on after a reload in mid-flow, and tells the host once', async ({ page, host }) => {
  await page.goto(host.url)
  const popup = await openGitHub(page, host)
  await page.reload()
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'waiting')
  await installOnGitHub(popup)
  await expect(cardOf(page)).toContainText('acme-coffee')
  await expectOneSuccess(page)
  await page.reload()
  await expect(cardOf(page)).toContainText('acme-coffee')
  await expectOneSuccess(page)
})

test('goes on after the host crashed around it in mid-flow', async ({ page, host }) => {
  await page.goto(host.url)
  const popup = await openGitHub(page, host)
  await page.getByRole('button', { name: 'Crash' }).click()
  await expect(page.getByRole('alert')).toContainText('Something of the host crashed')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'waiting')
  await installOnGitHub(popup)
  await expect(cardOf(page)).toContainText('acme-coffee')
  await expectOneSuccess(page)
  // React names what the boundary caught.
  host.expectNoise(/Something of the host crashed/)
})

test('gives a prop of the wrong kind to the boundary above, and to nothing else', async ({ page, host }) => {
  await page.goto(`${host.url}/?wrong=yes`)
  await expect(page.getByRole('alert')).toContainText('"disabled" must be boolean, not string')
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  host.expectNoise(/"disabled" must be boolean/)
})

test('is not disturbed by callbacks that throw, and lets the host hear of each', async ({ page, host }) => {
  await page.goto(`${host.url}/?throwing=yes`)
  await connect(page, host)
  await expect(page.getByRole('alert')).toHaveCount(0)
  host.expectNoise(/onSuccess of the host throws/)
  host.expectNoise(/onEvent of the host throws/)
  host.expectNoise(/onLoad of the host throws/)
})

test('shows two instances and a list with one set of requests', async ({ page, host }) => {
  const requests: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/connect/github')) requests.push(`${request.method()} ${pathname.slice(15)}`)
  })
  await page.goto(`${host.url}/?instances=2&repositories=yes`)
  await expect(cardOf(page)).toHaveCount(2)
  await expect(cardOf(page).last()).toHaveAttribute('data-cgh-state', 'not_connected')
  expect(requests).toEqual(['GET /connection'])
  await installOnGitHub(await openGitHub(page, host, cardOf(page).first()))
  await expect(cardOf(page).first()).toContainText('acme-coffee')
  await expect(cardOf(page).last()).toContainText('acme-coffee')
  await expect(page.getByRole('list', { name: 'Repositories' }).getByRole('listitem')).not.toHaveCount(0)
  // The instance that started the flow tells of it; the other one watches.
  await expectOneSuccess(page)
  expect(requests.filter((request) => request === 'POST /flows')).toHaveLength(1)
  expect(requests.filter((request) => request.startsWith('GET /repositories'))).toHaveLength(1)
})
