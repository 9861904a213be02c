// The host page in a frame: of the same origin, of the same site, sandboxed, and of another site, where no cookie arrives.
import type { Page } from '@playwright/test'
import { startHostilePage } from '../browser/hostile-page.ts'
import { cardOf, expect, installOnGitHub, openGitHub, test, type RunningHost } from './fixtures.ts'

/** What the widget's README demands of a sandboxed frame. */
const SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox'

const frameOf = (page: Page) => page.frameLocator('iframe')

/** Chromium says so of every sandbox that is like the documented one; the frames are of the host itself. */
const OWN_SANDBOX = /both allow-scripts and allow-same-origin/

async function connectInFrame(page: Page, host: RunningHost): Promise<void> {
  const card = cardOf(frameOf(page))
  await installOnGitHub(await openGitHub(page, host, card))
  await expect(card).toContainText('acme-coffee')
}

test('connects in a frame of the same origin', async ({ page, host }) => {
  await page.goto(`${host.url}/frame?src=/`)
  await connectInFrame(page, host)
})

test('connects in a sandboxed frame with the documented permissions', async ({ page, host }) => {
  await page.goto(`${host.url}/frame?src=/&sandbox=${encodeURIComponent(SANDBOX)}`)
  await connectInFrame(page, host)
  host.expectNoise(OWN_SANDBOX)
})

test('connects in a frame of another origin of the same site', async ({ page, host }) => {
  const around = await startHostilePage(
    `<iframe src="${host.url}/" width="900" height="700"></iframe>`,
    'localhost',
  )
  await page.goto(around.url)
  await connectInFrame(page, host)
  await around.close()
})

test('says what to do in a sandboxed frame that may open no window', async ({ page, host }) => {
  const sandbox = encodeURIComponent('allow-scripts allow-same-origin')
  await page.goto(`${host.url}/frame?src=/&sandbox=${sandbox}`)
  const card = cardOf(frameOf(page))
  await card.getByRole('button', { name: 'Connect GitHub' }).click()
  await expect(card).toHaveAttribute('data-cgh-state', 'waiting')
  await expect(card).toContainText('open this page in its own tab', { timeout: 1_000 })
  await expect(card.getByRole('link', { name: 'Continue in this tab' })).toHaveCount(0)
  host.expectNoise(OWN_SANDBOX)
  host.expectNoise(/Blocked opening/)
})

test('says what is wrong in a frame of another site, where no session arrives', async ({ page, host }) => {
  const around = await startHostilePage(`<iframe src="${host.url}/" width="900" height="700"></iframe>`)
  await page.goto(around.url)
  const card = cardOf(frameOf(page))
  await expect(card).toHaveAttribute('data-cgh-state', 'session_required')
  await expect(card).toContainText('open this page in its own tab')
  await around.close()
})
