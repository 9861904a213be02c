// The back/forward cache: nothing of the widget keeps the page out of it, and a page that comes back from it goes on.
import type { Page } from '@playwright/test'
import { callsOf, cardOf, expect, installOnGitHub, openGitHub, test, type RunningHost } from './fixtures.ts'

test.use({
  // Playwright switches the cache off by default.
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
})

interface Return {
  /** The page itself came back, with everything that was in its memory. */
  readonly isSame: boolean
  /** Why not, in the browser's words. */
  readonly reasons: unknown
}

const FROM_CACHE: Return = { isSame: true, reasons: null }

async function leaveAndComeBack(
  page: Page,
  host: RunningHost,
  meanwhile: () => Promise<void> = async () => {},
): Promise<Return> {
  await page.evaluate(() => Reflect.set(window, 'isSame', true))
  await page.goto(`${host.url}/elsewhere`)
  await meanwhile()
  // A page that comes back from the cache is not loaded, so there is no `load` to wait for.
  await page.goBack({ waitUntil: 'commit' })
  return page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation')
    const reasons: unknown = entry && Reflect.get(entry, 'notRestoredReasons')
    return {
      isSame: Reflect.get(window, 'isSame') === true,
      reasons: reasons && JSON.parse(JSON.stringify(reasons)),
    }
  })
}

test('comes back from the cache, and shows what a colleague did meanwhile', async ({ page, host }) => {
  await page.goto(host.url)
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'not_connected')
  const colleague = host.stack.browser('bob')
  const returned = await leaveAndComeBack(page, host, async () => {
    const { flow } = await colleague.connect()
    await colleague.waitForEnd(flow.flowId)
  })
  expect(returned).toEqual(FROM_CACHE)
  await expect(cardOf(page)).toContainText('acme-coffee')
})

test('comes back from the cache in mid-flow, and goes on waiting', async ({ page, host }) => {
  await page.goto(host.url)
  const popup = await openGitHub(page, host)
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'waiting')
  expect(await leaveAndComeBack(page, host)).toEqual(FROM_CACHE)
  await installOnGitHub(popup)
  await expect(cardOf(page)).toContainText('acme-coffee')
  await expect(callsOf(page, /^onSuccess/)).toHaveText([/acme-coffee connected/])
})

// A message to the channel throws a page out of the cache; it is then loaded again, and nothing is lost.
test(
  'tells the host once of a flow that ended while the page was away',
  { tag: '@long' },
  async ({ page, host }) => {
    await page.goto(host.url)
    const popup = await openGitHub(page, host)
    await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'waiting')
    await leaveAndComeBack(page, host, async () => {
      const closed = popup.waitForEvent('close')
      await installOnGitHub(popup)
      await closed
    })
    await expect(cardOf(page)).toContainText('acme-coffee')
    await expect(callsOf(page, /^onSuccess/)).toHaveText([/acme-coffee connected/])
    await expect(callsOf(page, /^onExit/)).toHaveCount(0)
  },
)

test.describe('control: a page that may not be kept', () => {
  test.use({ headers: { 'Cache-Control': 'no-store' } })

  test('is noticed', async ({ page, host }) => {
    await page.goto(host.url)
    await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'not_connected')
    const returned = await leaveAndComeBack(page, host)
    expect(returned.isSame).toBe(false)
  })
})
