// The shortest integration is the one that README.md shows: its two blocks are counted, compiled against the packed packages, and run.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { getChromium } from '../browser/find-chromium.ts'
import { closeCanarySandbox, startCanarySandbox, type CanarySandbox } from '../stack/canary-sandbox.ts'
import { installPacked } from '../stack/install-packed.ts'
import { findTypeErrors } from '../stack/type-errors.ts'
import { startBack, type Back } from './back-process.ts'
import { bundleHostPage } from './host-page.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MAX_LINES = { front: 3, back: 8 }
const TSCONFIG = {
  extends: join(ROOT, 'tsconfig.json'),
  compilerOptions: {
    module: 'esnext',
    moduleResolution: 'bundler',
    jsx: 'react-jsx',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
    // Hosts know of style sheets through their bundler's types, e.g. `vite/client`.
    noUncheckedSideEffectImports: false,
  },
  include: ['*.ts', '*.tsx'],
}

const [front = '', back = ''] = [
  ...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/```tsx?\n([^]*?)```/g),
].map(([, code]) => code)

let directory: string
let sandbox: CanarySandbox
let running: Back
let browser: Browser

beforeAll(async () => {
  directory = installPacked(['widget', 'bff'])
  writeFileSync(join(directory, 'front.tsx'), front)
  writeFileSync(join(directory, 'back.ts'), back)
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  copyFileSync(join(ROOT, 'test/integration/session.ts'), join(directory, 'session.ts'))
  sandbox = await startCanarySandbox()
  running = await startBack(directory, sandbox)
  browser = await chromium.launch({ executablePath: getChromium() })
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await running?.stop()
  if (sandbox) await closeCanarySandbox(sandbox)
  rmSync(directory, { recursive: true, force: true })
})

const count = (code: string): number => code.split('\n').filter((line) => line.trim() !== '').length

it('is three lines in front and at most eight on the server, imports included', () => {
  expect(front).toContain("from '@connect-github/widget'")
  expect(back).toContain("from '@connect-github/bff'")
  expect(count(front)).toBe(MAX_LINES.front)
  expect(count(back)).toBeLessThanOrEqual(MAX_LINES.back)
})

it('compiles against the packages as they are published, and not without saying who may connect', () => {
  writeFileSync(join(directory, 'control.ts'), back.replace('canConnect:', 'mayConnect:'))
  const files = [...findTypeErrors(directory).matchAll(/([\w.-]+)\(\d+,\d+\): error/g)].map(
    ([, file]) => file,
  )
  expect(new Set(files)).toEqual(new Set(['control.ts']))
})

it('connects in a browser', async () => {
  const { origin } = running
  const context = await browser.newContext()
  await context.addCookies([{ name: 'session', value: 'ann', url: origin }])
  const body = await bundleHostPage(directory)
  await context.route(`${origin}/integrations`, (route) => route.fulfill({ contentType: 'text/html', body }))
  const page = await context.newPage()
  await page.goto(`${origin}/integrations`)
  const [github] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('button', { name: 'Connect GitHub' }).click(),
  ])
  await github.getByRole('radio', { name: 'acme-coffee' }).check()
  await github.getByRole('button', { name: 'Install', exact: true }).click()
  await page.getByText('acme-coffee').first().waitFor()
  expect(sandbox.sandbox.bindings.map(({ account }) => account.login)).toEqual(['acme-coffee'])
}, 60_000)
