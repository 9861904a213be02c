// What is published as the widget: it knows nothing of the server, loads nothing, and stays small.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { ROOT } from './source-files.ts'

/** What is reached so far; it may go down and not up. The goal is 8,192. */
const MAX_GZIP_BYTES = 10_700
/** Names that only the server has, and things a strict content security policy forbids. */
const FORBIDDEN =
  /LAYERS_API|\blp_|api\.layers|better-sqlite3|node:|\bkoa\b|undici|zod|eval\(|new Function|innerHTML|insertRule|createElement\(["']style/

let directory: string
let script: string

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
  script = readFileSync(join(directory, 'index.js'), 'utf8')
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(directory, { recursive: true })
})

it('knows nothing of the server', () => {
  expect(FORBIDDEN.exec(script)).toBeNull()
})

it('would notice the server if it were bundled', () => {
  expect(FORBIDDEN.test(readFileSync(join(ROOT, 'bff/config.ts'), 'utf8'))).toBe(true)
})

it('imports React and TanStack Query and nothing else', () => {
  const imported = [...script.matchAll(/\bfrom\s*["']([^"']+)["']/g)].map((match) => match[1])
  expect(new Set(imported)).toEqual(new Set(['@tanstack/react-query', 'react', 'react/jsx-runtime']))
})

it('says that it is for the client, so that React Server Components can import it', () => {
  expect(script.trimStart()).toMatch(/^['"]use client['"]/)
})

it('does not grow, gzipped, with its styles', () => {
  const styles = readFileSync(join(ROOT, 'widget/styles.css'))
  const files = readdirSync(directory).filter((name) => name.endsWith('.js'))
  const scripts = files.map((name) => readFileSync(join(directory, name)))
  const bytes = [...scripts, styles].map((content) => gzipSync(content, { level: 9 }).length)
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_GZIP_BYTES)
})
