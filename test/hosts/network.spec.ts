// Networks as they are: none at the start, none in mid-flow, and a slow one.
import type { Page } from '@playwright/test'
import { join } from 'node:path'
import { builtPages } from './build-hosts.ts'
import { callsOf, cardOf, expect, installOnGitHub, openGitHub, test } from './fixtures.ts'

/** The browser's own words about a request that could not be sent. */
const NO_NETWORK = /ERR_INTERNET_DISCONNECTED/

async function expectOneSuccess(page: Page): Promise<void> {
  await expect(callsOf(page, /^onSuccess/)).toHaveText([/acme-coffee connected/])
  await expect(callsOf(page, /^onExit/)).toHaveCount(0)
}

test('says that there is no network at the start, and goes on by itself when there is', async ({
  page,
  host,
  context,
}) => {
  const script = join(builtPages(19, 'development').browser, 'main.js')
  // The network goes before the first line of the script runs.
  await page.route('**/main.js', async (route) => {
    await context.setOffline(true)
    await route.fulfill({ path: script })
  })
  await page.goto(host.url)
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'offline')
  await context.setOffline(false)
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'not_connected')
  const popup = await openGitHub(page, host)
  await installOnGitHub(popup)
  await expect(cardOf(page)).toContainText('acme-coffee')
  await expectOneSuccess(page)
  host.expectNoise(NO_NETWORK)
})

test('keeps its place when the network goes in mid-flow, and sees what happened meanwhile', async ({
  page,
  host,
}) => {
  await page.goto(host.url)
  const popup = await openGitHub(page, host)
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'waiting')
  // Of the host page alone: GitHub's window has to go on.
  const session = await page.context().newCDPSession(page)
  const emulate = (offline: boolean) =>
    session.send('Network.emulateNetworkConditions', {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    })
  await session.send('Network.enable')
  await emulate(true)
  const closed = popup.waitForEvent('close')
  await installOnGitHub(popup)
  await closed
  await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'waiting')
  await emulate(false)
  await expect(cardOf(page)).toContainText('acme-coffee')
  await expectOneSuccess(page)
  host.expectNoise(NO_NETWORK)
})

test(
  'answers the click at once on a network of two seconds, and connects',
  { tag: '@long' },
  async ({ page, host }) => {
    await page.goto(host.url)
    await expect(cardOf(page)).toHaveAttribute('data-cgh-state', 'not_connected')
    const session = await page.context().newCDPSession(page)
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 2_000,
      downloadThroughput: 50_000,
      uploadThroughput: 50_000,
    })
    // Noted in the page, in the same task as the click: what the customer sees before any answer can have come.
    await page.evaluate(() => {
      const card = document.querySelector('[data-cgh-state]')
      const changed = new MutationObserver(() => {
        changed.disconnect()
        Reflect.set(window, 'firstState', card?.getAttribute('data-cgh-state'))
      })
      if (card) changed.observe(card, { attributeFilter: ['data-cgh-state'] })
    })
    const popup = await openGitHub(page, host)
    expect(await page.evaluate(() => Reflect.get(window, 'firstState'))).toBe('opening')
    await installOnGitHub(popup)
    await expect(cardOf(page)).toContainText('acme-coffee')
    await expectOneSuccess(page)
  },
)
