// Where a benchmark in the browser is played: the sandbox in one process, the partner's server with the BFF in another, and a real Chromium.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { createTenants, type Tenant } from '../../faults/traffic/tenants.ts'
import { copyBroken } from '../../flow/broken-bff.ts'
import { createArtefacts } from '../../stack/artefacts.ts'
import type { BenchOptions } from '../bench.ts'
import { z } from 'zod'
import { startChild } from '../child.ts'
import { launchChromium } from './devtools.ts'
import {
  hostAnswerSchema,
  hostReadySchema,
  upstreamAnswerSchema,
  upstreamReadySchema,
  type HostOrder,
  type UpstreamOrder,
  type UpstreamRequest,
} from './orders.ts'
import { findButton, install, watchPage } from './watch-page.ts'

const pathTo = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** `bare`: a button of no widget's, which opens a window that is sent to GitHub at once. */
export type PageMode = 'popup' | 'redirect' | 'bare'

export interface BrowserStage {
  readonly githubUrl: string
  /** A page of a browser that was never here before, with nothing connected yet, ready to be pressed. */
  openPage(tenant: Tenant, mode: PageMode): Promise<StagePage>
  /** Makes the next answer of a route late. */
  delay(route: 'install_url' | 'bind', delayMs: number): Promise<void>
  /** Forgets what Layers and GitHub were asked so far. */
  forgetRequests(): Promise<void>
  /** Resolves with all of what they were asked since, when this was among it and has been answered. */
  waitForRequest(isWanted: (request: UpstreamRequest) => boolean): Promise<readonly UpstreamRequest[]>
}

export interface StagePage {
  press(): Promise<void>
  /** Installs the App for the tenant's account, in the window that the page opened and that shows GitHub by then. */
  install(): Promise<void>
  /** When the click happened. */
  readonly clickedAt: Promise<number>
  /** When "connected" was in the document. */
  readonly connectedAt: Promise<number>
  close(): Promise<void>
}

const LOOK_EVERY_MS = 10
const noteSchema = z.object({ name: z.enum(['ready', 'clicked', 'connected']), at: z.number() })
const pointSchema = z.object({ x: z.number(), y: z.number() })
const targetsSchema = z.object({
  targetInfos: z.array(
    z.object({ targetId: z.string(), url: z.string(), browserContextId: z.string().optional() }),
  ),
})

/** Tenants are counted from 0, as many as there are rounds. Everything is gone when the run has ended. */
export async function setBrowserStage({
  rounds,
  changed = [],
  onFinished,
}: BenchOptions): Promise<BrowserStage> {
  const upstream = await startChild(
    pathTo('upstream-process.ts'),
    [String(createTenants(rounds).length)],
    upstreamReadySchema,
  )
  onFinished(() => upstream.stop())
  const directory = changed.length === 0 ? pathTo('../../../bff') : copyBroken(changed, onFinished)
  const host = await startChild(pathTo('host-process.ts'), [directory], hostReadySchema)
  onFinished(() => host.stop())
  const artefacts = createArtefacts()
  onFinished(() => artefacts.discard())
  const opening: HostOrder = {
    upstream: upstream.ready,
    databaseUrl: `file:${join(artefacts.directory, 'databases', 'connect-github.db')}`,
    ...(await bundlePage()),
  }
  const { origin } = await host.order(opening, hostAnswerSchema)
  const chromium = await launchChromium()
  onFinished(() => chromium.close())
  const tell = (order: UpstreamOrder) => upstream.order(order, upstreamAnswerSchema)

  return {
    githubUrl: upstream.ready.githubUrl,
    async openPage({ sessionCookie, account }, mode) {
      const context = await chromium.send(
        'Target.createBrowserContext',
        {},
        z.object({ browserContextId: z.string() }),
      )
      const [name = '', value = ''] = sessionCookie.split('=')
      await chromium.send(
        'Storage.setCookies',
        { ...context, cookies: [{ name, value, url: origin }] },
        z.unknown(),
      )
      const target = { url: 'about:blank', ...context }
      const { targetId } = await chromium.send(
        'Target.createTarget',
        target,
        z.object({ targetId: z.string() }),
      )
      const page = await chromium.attach(targetId)
      const noted = {
        ready: Promise.withResolvers<number>(),
        clicked: Promise.withResolvers<number>(),
        connected: Promise.withResolvers<number>(),
      }
      await page.onNotice('note', (json) => {
        const note = noteSchema.parse(JSON.parse(json))
        noted[note.name].resolve(note.at)
      })
      await page.send('Page.enable', {}, z.unknown())
      const source = `(${watchPage.toString()})()`
      await page.send('Page.addScriptToEvaluateOnNewDocument', { source }, z.unknown())
      await page.send('Page.navigate', { url: `${origin}/?${mode}` }, z.unknown())
      await noted.ready.promise

      async function findGitHub(): Promise<string> {
        for (;;) {
          const { targetInfos } = await chromium.send('Target.getTargets', {}, targetsSchema)
          const github = targetInfos.find(
            ({ url, browserContextId }) =>
              browserContextId === context.browserContextId && url.startsWith(upstream.ready.githubUrl),
          )
          if (github) return github.targetId
          await delay(LOOK_EVERY_MS)
        }
      }
      return {
        async press() {
          const point = pointSchema.parse(await page.evaluate(findButton.toString()))
          for (const type of ['mouseMoved', 'mousePressed', 'mouseReleased']) {
            const event = { type, ...point, button: type === 'mouseMoved' ? 'none' : 'left', clickCount: 1 }
            await page.send('Input.dispatchMouseEvent', event, z.unknown())
          }
        },
        async install() {
          const github = await chromium.attach(await findGitHub())
          const loaded =
            'async () => { while (document.readyState !== "complete") await new Promise((r) => setTimeout(r, 5)) }'
          await github.evaluate(loaded)
          await github.evaluate(install.toString(), account)
        },
        clickedAt: noted.clicked.promise,
        connectedAt: noted.connected.promise,
        close: async () => void (await chromium.send('Target.disposeBrowserContext', context, z.unknown())),
      }
    },
    delay: async (route, delayMs) => void (await tell({ order: 'delay', route, delayMs })),
    forgetRequests: async () => void (await tell({ order: 'forget' })),
    async waitForRequest(isWanted) {
      for (;;) {
        const { requests } = await tell({ order: 'list' })
        if (requests.some((request) => request.finishedAt !== null && isWanted(request))) return requests
        await delay(LOOK_EVERY_MS)
      }
    },
  }
}

async function bundlePage(): Promise<Pick<HostOrder, 'script' | 'styles'>> {
  const { outputFiles } = await build({
    entryPoints: [pathTo('page.tsx'), pathTo('../../../widget/styles.css')],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    outdir: pathTo('.'),
    write: false,
  })
  const textOf = (extension: string): string =>
    outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? ''
  return { script: textOf('.js'), styles: textOf('.css') }
}
