// What is published as the widget: it knows nothing of the server, loads nothing, and stays small.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build as bundleAsHost } from 'esbuild'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { measure } from '../size/measure.ts'
import { ROOT } from './source-files.ts'

/** Names that only the server has, and things a strict content security policy forbids. */
const FORBIDDEN =
  /LAYERS_API|\blp_|api\.layers|better-sqlite3|node:|\bkoa\b|undici|zod|eval\(|\bFunction\(|innerHTML|insertRule|createElement\(["']style/
const ENTRIES = ['index.js', 'repositories.js']
/** Of one language, gzipped. */
const MAX_LANGUAGE_BYTES = 2_500

let directory: string

beforeAll(async () => {
  // A build under NODE_ENV=test would take React's development runtime.
  vi.stubEnv('NODE_ENV', 'production')
  directory = mkdtempSync(join(tmpdir(), 'connect-github-widget-'))
  await build({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: directory },
  })
  execFileSync(process.execPath, [join(ROOT, 'widget/finish-build.mjs'), directory])
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(directory, { recursive: true })
})

const read = (name: string) => readFileSync(join(directory, name), 'utf8')
const scripts = () => readdirSync(directory).filter((name) => name.endsWith('.js'))
const importsOf = (name: string) =>
  [...read(name).matchAll(/\bfrom\s*["'`]([^"'`]+)["'`]/g)].map((match) => match[1] ?? '')

/** A file with all files of ours that it loads. */
function reach(name: string): readonly string[] {
  const own = importsOf(name).filter((path) => path.startsWith('./'))
  return [...new Set([name, ...own.flatMap((path) => reach(path.slice(2)))])]
}

it('is two entries and what they share', () => {
  expect(scripts().toSorted()).toEqual(['index.js', 'repositories.js', 'shared.js'])
  expect(reach('index.js')).toEqual(['index.js', 'shared.js'])
  expect(reach('repositories.js')).toEqual(['repositories.js', 'shared.js'])
})

it('is found under the names its package gives out', () => {
  const { exports }: { exports: Record<string, string | { default: string }> } = JSON.parse(
    readFileSync(join(ROOT, 'widget/package.json'), 'utf8'),
  )
  // The element is built, and looked at, by itself: test/element.
  const files = Object.values(exports)
    .map((target) => (typeof target === 'string' ? target : target.default))
    .filter((file) => !file.startsWith('./dist/element/'))
  const published = [...ENTRIES, 'styles.css', 'repositories.css', 'languages/*.js']
  expect(files.toSorted()).toEqual(
    ['./package.json', ...published.map((name) => `./dist/${name}`)].toSorted(),
  )
})

it('has each language as a file of its own, which loads nothing and is in nothing else', () => {
  const languages = readdirSync(join(ROOT, 'widget/languages')).map((name) => name.replace('.ts', '.js'))
  expect(readdirSync(join(directory, 'languages')).toSorted()).toEqual(languages.toSorted())
  const everybodys = scripts().map(read).join('')
  for (const name of languages.map((file) => `languages/${file}`)) {
    expect(importsOf(name)).toEqual([])
    expect(gzipSync(read(name), { level: 9 }).length).toBeLessThan(MAX_LANGUAGE_BYTES)
    const longest = read(name).match(/[^`"']{30,}/g)?.[0] ?? name
    expect(everybodys).not.toContain(longest)
  }
})

it('knows nothing of the server', () => {
  for (const name of scripts()) expect(FORBIDDEN.exec(read(name)), name).toBeNull()
})

it('would notice the server if it were bundled', () => {
  expect(FORBIDDEN.test(readFileSync(join(ROOT, 'bff/config.ts'), 'utf8'))).toBe(true)
})

it('imports React and TanStack Query and nothing else', () => {
  const packages = scripts()
    .flatMap(importsOf)
    .filter((path) => !path.startsWith('./'))
  expect(new Set(packages)).toEqual(new Set(['@tanstack/react-query', 'react', 'react/jsx-runtime']))
})

it.each(ENTRIES)(
  'says in %s that it is for the client, so that React Server Components can import it',
  (name) => {
    expect(read(name).trimStart()).toMatch(/^['"]use client['"]/)
  },
)

it('keeps the repositories out of what everybody loads', () => {
  const everybodys = reach('index.js').map(read).join('')
  expect(everybodys).not.toContain('defaultBranch')
  expect(read('repositories.js')).toContain('defaultBranch')
})

it('checks its props while developing, and leaves the check out of a host’s production bundle', async () => {
  const bundle = async (mode: string) => {
    const { outputFiles } = await bundleAsHost({
      entryPoints: [join(directory, 'index.js')],
      bundle: true,
      minify: true,
      format: 'esm',
      packages: 'external',
      define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
      write: false,
    })
    return outputFiles.map(({ text }) => text).join('')
  }
  expect(await bundle('development')).toContain('must be')
  expect(await bundle('production')).not.toContain('must be')
})

it('is about as large as its README says', async () => {
  const { gzip } = await measure({
    code: "import * as all from './index.js'; globalThis.all = all; import './styles.css'",
    directory,
    external: ['@tanstack/react-query'],
  })
  const said = /[\d,]+(?= bytes gzipped)/.exec(readFileSync(join(ROOT, 'widget/README.md'), 'utf8'))?.[0]
  expect(Math.abs(gzip / Number(said?.replace(',', '')) - 1)).toBeLessThan(0.02)
})
