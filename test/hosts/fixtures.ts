// What the host tests share: a host page with the packed widget, BFF and sandbox behind it, and a watch over everything a page says.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { test as base, expect, type BrowserContext, type FrameLocator, type Page } from '@playwright/test'
import { type Bff, createBff, startServer } from '../../bff/index.ts'
import { listen } from '../../demo/host/listen.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { packPackage } from '../stack/pack-packages.ts'
import { type Stack, type StackOptions, startStack } from '../stack/start-stack.ts'
import { type BuildMode, buildPages, outputOf } from './build-pages.ts'
import { builtDirectory, builtPages } from './build-hosts.ts'
import { BASE_PATH, type HostPages, mountPages } from './host-server.ts'
import { installWidget, type ReactVersion } from './install-widget.ts'

export interface RunningHost {
  /** E.g. `http://localhost:4000`, with the host page at `/` and the BFF mounted. */
  readonly url: string
  /** The same server as another site, to which no cookie of the host belongs. */
  readonly otherSiteUrl: string
  readonly stack: Stack
  /** What pages wrote to the console, threw, or did against the policy. The test fails unless it is empty at its end. */
  readonly noise: readonly string[]
  /** The same for a violation that the browser reports to the host's server; waits for the report, which comes later. */
  expectReport(expected: RegExp): Promise<void>
  /** Takes out what the test itself caused; fails when there was nothing of it. */
  expectNoise(expected: RegExp): void
}

interface Fixtures {
  /** Set with `test.use`, like all of the following. Default 19. */
  readonly react: ReactVersion
  /** Which build of React and of the host. Default development, in which React warns. */
  readonly build: BuildMode
  /** More headers of the host's pages; a policy replaces the strict one. */
  readonly headers: Readonly<Record<string, string>>
  /** Serves a host whose widget has these mistakes, as a control. */
  readonly breakages: { readonly list: readonly Breakage[] }
  readonly stackOptions: StackOptions
  readonly pages: HostPages
  readonly host: RunningHost
}

/** Where the stack takes its BFF to be; it signs tokens for that place. */
const STACK_ORIGIN = 'http://localhost:9999'

export const test = base.extend<Fixtures>({
  react: [19, { option: true }],
  build: ['development', { option: true }],
  headers: [{}, { option: true }],
  // An object, because Playwright takes an array for a value with settings of its own.
  breakages: [{ list: [] }, { option: true }],
  stackOptions: [{}, { option: true }],

  pages: [
    async ({ react, build, headers, breakages: { list } }, use) => {
      await use(
        list.length === 0
          ? { ...builtPages(react, build), headers }
          : { ...(await buildBrokenPages(list, react, build)), headers },
      )
    },
    // Building a broken copy is no part of a test's own time.
    { timeout: 180_000 },
  ],

  host: async ({ context, pages, stackOptions }, use) => {
    const server = await listen(0)
    let bff: Bff | undefined
    const stack = await startStack({
      ...stackOptions,
      bff: {
        publicUrl: server.url + BASE_PATH,
        // The second for the browsers that the stack plays by hand.
        allowedOrigins: [server.url, STACK_ORIGIN],
        ...(stackOptions.identity === 'token' && { connectTokenAudience: STACK_ORIGIN + BASE_PATH }),
        ...stackOptions.bff,
      },
      build: { createBff: (options) => (bff = createBff(options)), startServer },
    })
    const getBff = (): Bff => {
      if (bff === undefined) throw new Error('the BFF is created before the first request')
      return bff
    }
    const reports = await mountPages(server, getBff, pages)
    const noise = watchContext(context, server.url)
    await signIn(context, server.url)
    await use({
      url: server.url,
      otherSiteUrl: server.url.replace('localhost', '127.0.0.1'),
      stack,
      noise,
      async expectReport(expected) {
        await expect.poll(() => reports.some((report) => expected.test(report))).toBe(true)
        reports.splice(0, reports.length, ...reports.filter((report) => !expected.test(report)))
      },
      expectNoise(expected) {
        expect(noise.filter((line) => expected.test(line))).not.toEqual([])
        noise.splice(0, noise.length, ...noise.filter((line) => !expected.test(line)))
      },
    })
    expect([...noise, ...reports], 'what pages said, threw or violated').toEqual([])
    for (const page of context.pages()) await page.close()
    await stack.close()
    await server.close()
  },
})

export { expect }
export { installOnGitHub } from '../browser/customer.ts'

/** As one of the stack's people: the host's session is a cookie. */
async function signIn(context: BrowserContext, url: string): Promise<void> {
  await context.addCookies([{ name: 'session', value: 'ann', url, httpOnly: true, sameSite: 'Lax' }])
}

/** What this worker has built; removed with everything that was built before the tests. */
const brokenTarballs = new Map<string, string>()
const brokenHosts = new Map<string, string>()

async function buildBrokenPages(list: readonly Breakage[], react: ReactVersion, build: BuildMode) {
  const name = JSON.stringify(list)
  const tarball =
    brokenTarballs.get(name) ??
    packPackage('widget', mkdtempSync(join(builtDirectory(), 'broken-widget-')), list)
  brokenTarballs.set(name, tarball)
  const host = `${react} ${build} ${name}`
  let directory = brokenHosts.get(host)
  if (directory === undefined) {
    directory = mkdtempSync(join(builtDirectory(), 'broken-host-'))
    installWidget(directory, tarball, react)
    await buildPages(directory, build)
    brokenHosts.set(host, directory)
  }
  return outputOf(directory, build)
}

/** The widget on a page or in a frame. */
export const cardOf = (page: Page | FrameLocator) => page.locator('[data-cgh-state]')

/** Lines of what the widget told the host, e.g. `onSuccess at render 1: acme-coffee connected`; `about` picks some. */
export const callsOf = (page: Page | FrameLocator, about: RegExp) =>
  page.locator('#calls li').filter({ hasText: about })

/** Presses Connect and waits until the popup shows the sandbox's GitHub. */
export async function openGitHub(
  page: Page,
  host: RunningHost,
  card = cardOf(page),
  button = 'Connect GitHub',
): Promise<Page> {
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    card.getByRole('button', { name: button }).click(),
  ])
  await popup.waitForURL(`${host.stack.sandbox.githubUrl}/**`)
  return popup
}

/** Collects what the host's pages and the BFF's write to the console, throw, or do against the policy. */
function watchContext(context: BrowserContext, url: string): string[] {
  const noise: string[] = []
  context.on('console', (message) => {
    // React's own advertisement, in its development build.
    if (message.text().includes('Download the React DevTools')) return
    // The done page cannot know whether it may close itself; trying is the only way to find out.
    if (message.text().startsWith('Scripts may close only')) return
    if (message.page()?.url().startsWith(url)) noise.push(`${message.type()}: ${message.text()}`)
  })
  context.on('weberror', (error) => noise.push(String(error.error())))
  return noise
}
