// <connect-github> from a script tag, on a plain page under the strictest policy, against the demo's BFF on another origin.
import type { Page } from '@playwright/test'
import type { ConnectGitHubElement } from '../../widget/element/index.ts'
import { buildElement, type BuiltElement } from '../element/built-element.ts'
import { type PlainPage, type PlainServer, servePlainPage } from '../element/plain-page.ts'
import { expect, installOnGitHub, type RunningDemo, signIn, test as base } from './fixtures.ts'

let built: BuiltElement
let plain: PlainServer
base.beforeAll(async () => {
  built = buildElement()
  plain = await servePlainPage(built.directory)
})
base.afterAll(async () => {
  await plain.close()
  built.remove()
})

interface Fixtures {
  /** Everything that the plain page says on the console, throws or violates. */
  readonly noise: string[]
}

const test = base.extend<Fixtures>({
  // Playwright demands the destructured first argument, even when nothing is taken from it.
  // oxlint-disable-next-line no-empty-pattern
  demoOptions: async ({}, use) => use({ bffOptions: { allowedOrigins: [plain.url] } }),
  noise: async ({ context }, use) => {
    const noise: string[] = []
    context.on('console', (message) => {
      if (message.page()?.url().startsWith(plain.url)) noise.push(`${message.type()}: ${message.text()}`)
    })
    context.on('weberror', (error) => noise.push(String(error.error())))
    await use(noise)
  },
})

declare global {
  interface Window {
    /** What the page's own script has collected. */
    readonly told: readonly Telling[]
  }
}

interface Telling {
  readonly type: string
  readonly detail: Readonly<Record<string, unknown>> | null
}

const elementOf = (page: Page) => page.locator('connect-github')
const buttonOf = (page: Page, name: string) => elementOf(page).getByRole('button', { name, exact: true })

/** Signs in at the host, whose session the BFF knows, and opens the plain page. */
async function open(page: Page, demo: RunningDemo, attributes = '', more: Partial<PlainPage> = {}) {
  await signIn(page, demo)
  plain.show({
    element: `<connect-github base-url="${demo.bffUrl}" ${attributes}></connect-github>`,
    bffOrigin: new URL(demo.bffUrl).origin,
    ...more,
  })
  await page.goto(plain.url)
}

async function openGitHub(page: Page, demo: RunningDemo): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), buttonOf(page, 'Connect GitHub').click()])
  await popup.waitForURL(`${demo.sandbox.githubUrl}/**`)
  return popup
}

async function tellingsOf(page: Page, types: RegExp): Promise<readonly Telling[]> {
  const told = await page.evaluate(() => window.told)
  return told.filter(({ type }) => types.test(type))
}

test('connects, tells of it once, and disconnects', async ({ page, demo, noise }) => {
  await open(page, demo)
  const popup = await openGitHub(page, demo)
  const closed = popup.waitForEvent('close')
  await installOnGitHub(popup)
  await expect(elementOf(page)).toContainText('acme-coffee')
  await closed
  expect(demo.sandbox.bindings.map(({ account }) => account.login)).toEqual(['acme-coffee'])
  expect(await tellingsOf(page, /success|exit|error/)).toMatchObject([
    {
      type: 'connectsuccess',
      detail: { connection: { account: { login: 'acme-coffee' } }, meta: { status: 'connected' } },
    },
  ])
  expect(await tellingsOf(page, /load/)).toHaveLength(1)
  await buttonOf(page, 'Disconnect').click()
  await buttonOf(page, 'Disconnect').click()
  await expect(buttonOf(page, 'Connect GitHub')).toBeVisible()
  expect(noise).toEqual([])
})

test('goes through the tab and back, and tells the page that was left', async ({ page, demo, noise }) => {
  await open(page, demo, 'mode="redirect"')
  await buttonOf(page, 'Connect GitHub').click()
  await page.waitForURL(`${demo.sandbox.githubUrl}/**`)
  await installOnGitHub(page)
  await page.waitForURL(`${plain.url}/`)
  await expect(elementOf(page)).toContainText('acme-coffee')
  await expect.poll(async () => (await tellingsOf(page, /success/)).length).toBe(1)
  expect(noise).toEqual([])
})

test('keeps the keyboard on the card when the pressed button goes', async ({ page, demo, noise }) => {
  await open(page, demo)
  await buttonOf(page, 'Connect GitHub').focus()
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')])
  // Keys go to the window in front.
  await page.bringToFront()
  await buttonOf(page, 'Cancel').focus()
  await page.keyboard.press('Enter')
  await expect(buttonOf(page, 'Connect GitHub')).toBeFocused()
  await popup.close()
  expect(noise).toEqual([])
})

test('goes on when it is moved and told otherwise in mid-flow', async ({ page, demo, noise }) => {
  await open(page, demo)
  const popup = await openGitHub(page, demo)
  await elementOf(page).evaluate((element: ConnectGitHubElement) => {
    const section = document.createElement('section')
    document.querySelector('main')?.append(section)
    section.append(element)
    element.messages = { connectedTo: 'Hello {account}' }
    element.theme = 'dark'
  })
  await installOnGitHub(popup)
  await expect(elementOf(page)).toContainText('Hello acme-coffee')
  await expect(elementOf(page).locator('[data-cgh-theme=dark]')).toBeVisible()
  expect(await tellingsOf(page, /success/)).toHaveLength(1)
  expect(noise).toEqual([])
})

for (const [width, attributes] of [
  [1100, ''],
  [360, ''],
  [1100, 'layout="compact"'],
] as const) {
  test(
    `moves nothing while it is defined and loads, at ${width} pixels ${attributes}`,
    { tag: '@layout-shift' },
    async ({ page, demo, noise }) => {
      await page.addInitScript(() => {
        const shifts: unknown[] = []
        Object.assign(window, { shifts })
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) shifts.push(entry.toJSON())
        }).observe({ type: 'layout-shift', buffered: true })
      })
      await page.setViewportSize({ width, height: 800 })
      const painted = Promise.withResolvers<void>()
      await page.route(`${plain.url}/connect-github.js`, async (route) => {
        await painted.promise
        await route.continue()
      })
      const opened = open(page, demo, attributes)
      const below = page.getByText('Below')
      await below.waitFor()
      const place = await below.boundingBox()
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      )
      painted.resolve()
      await opened
      await expect(buttonOf(page, 'Connect GitHub')).toBeVisible()
      expect(await below.boundingBox()).toEqual(place)
      // In the compact row the loading button is some pixels narrower than the real one.
      if (attributes === '') expect(await page.evaluate(() => Reflect.get(window, 'shifts'))).toEqual([])
      expect(noise).toEqual([])
    },
  )
}

test('speaks the language of the page when a script has brought it', async ({ page, demo, noise }) => {
  await open(page, demo, '', { lang: 'de-AT', scripts: ['languages/de.js', 'languages/ar.js'] })
  await expect(buttonOf(page, 'GitHub verbinden')).toBeVisible()
  await expect(elementOf(page).getByRole('group')).toHaveAttribute('lang', 'de')
  await elementOf(page).evaluate((element) => element.setAttribute('locale', 'ar'))
  await expect(elementOf(page).getByRole('group')).toHaveAttribute('dir', 'rtl')
  expect(noise).toEqual([])
})

test(
  'is not run when the script is not the one that the page vouches for',
  { tag: '@early-noise' },
  async ({ page, demo, noise }) => {
    await page.route(`${plain.url}/connect-github.js`, async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${await response.text()} ` })
    })
    await open(page, demo)
    expect(await page.evaluate(() => customElements.get('connect-github'))).toBeUndefined()
    expect(noise.join()).toContain('integrity')
  },
)
