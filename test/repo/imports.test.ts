// Who may import whom. A widget that reaches the server would carry it into pages; a sandbox that shares our code would repeat our mistakes.
import { posix } from 'node:path'
import { expect, it } from 'vitest'
import { importsOf, readSourceFiles, type SourceFile } from './source-files.ts'

interface Rule {
  readonly title: string
  readonly applies: (path: string) => boolean
  readonly allows: (target: string, path: string) => boolean
}

const isBelow = (folder: string) => (path: string) => path.startsWith(folder)
const isPackage = (names: readonly string[]) => (target: string) =>
  names.some((name) => target === name || target.startsWith(`${name}/`))

const BFF_PACKAGES = isPackage([
  '@koa/router',
  '@octokit/app',
  '@octokit/core',
  '@octokit/oauth-app',
  '@octokit/webhooks-methods',
  'better-sqlite3',
  'cockatiel',
  'jose',
  'koa',
  'pg',
  'pino',
  'prom-client',
  'rate-limiter-flexible',
  'undici',
  'zod',
])

const RULES: readonly Rule[] = [
  {
    title: 'the widget imports React, TanStack Query, itself and the wire contract',
    applies: (path) => path.startsWith('widget/') && !path.startsWith('widget/element/'),
    allows: (target) =>
      isPackage(['react', '@tanstack/react-query'])(target) ||
      (target.startsWith('widget/') && !target.startsWith('widget/element/')) ||
      target === 'bff/contract.ts',
  },
  {
    title: 'the custom element imports the widget, the names of React, and Preact in one place',
    applies: isBelow('widget/element/'),
    allows: (target, path) =>
      isPackage(['react', 'react-dom'])(target) ||
      (target.startsWith('preact') && path === 'widget/element/preact-root.ts') ||
      target.startsWith('widget/') ||
      target === 'bff/contract.ts',
  },
  {
    title: 'the wire contract imports nothing',
    applies: (path) => path === 'bff/contract.ts',
    allows: () => false,
  },
  {
    title: 'the BFF imports itself, Node and its packages',
    applies: isBelow('bff/'),
    allows: (target) => target.startsWith('bff/') || target.startsWith('node:') || BFF_PACKAGES(target),
  },
  {
    title: 'the database driver is known to the SQLite store only',
    applies: (path) => path.startsWith('bff/') && !path.startsWith('bff/storage/sqlite'),
    allows: (target) => target !== 'better-sqlite3',
  },
  {
    title: 'the driver of PostgreSQL is known to its store only',
    applies: (path) => path.startsWith('bff/') && !path.startsWith('bff/storage/postgres'),
    allows: (target) => target !== 'pg',
  },
  {
    title: 'the HTTP client is known to the bounded clients only',
    applies: (path) =>
      path.startsWith('bff/') &&
      ![
        'bff/upstream/layers-transport.ts',
        'bff/ownership/github-fetch.ts',
        'bff/avatars/fetch-picture.ts',
        'bff/connect-token/fetch-key-set.ts',
      ].includes(path),
    allows: (target) => target !== 'undici',
  },
  {
    title: 'the metrics library is known to the metrics only',
    applies: (path) => path.startsWith('bff/') && !path.startsWith('bff/metrics/'),
    allows: (target) => target !== 'prom-client',
  },
  {
    title: 'Octokit is known to the proof of ownership only',
    applies: (path) => path.startsWith('bff/') && !path.startsWith('bff/ownership/'),
    allows: (target) => !['@octokit/app', '@octokit/core', '@octokit/oauth-app'].includes(target),
  },
  {
    title: 'routes know the storage port, not a store',
    applies: (path) => /^bff\/(routes|flows|delivery|connections|middleware|pages)\//.test(path),
    allows: (target) =>
      !target.startsWith('bff/storage/') ||
      target === 'bff/storage/storage.ts' ||
      target === 'bff/storage/job-owner.ts',
  },
  {
    title: 'the sandbox imports itself, Node and its packages, and nothing of ours',
    applies: isBelow('demo/sandbox/'),
    allows: (target) =>
      target.startsWith('demo/sandbox/') ||
      target.startsWith('node:') ||
      isPackage(['koa', '@koa/router', 'jose'])(target),
  },
  {
    title: 'the demo uses widget, BFF and sandbox as a partner does: through their front doors',
    applies: (path) =>
      path.startsWith('demo/') && !path.startsWith('demo/sandbox/') && !path.startsWith('demo/gallery/'),
    allows: (target) =>
      !/^(widget|bff|test|demo\/sandbox)\//.test(target) ||
      [
        'widget/index.ts',
        'widget/repositories.ts',
        'widget/repositories.css',
        'widget/styles.css',
        'bff/index.ts',
        'bff/connect-token/signer.ts',
        'demo/sandbox/index.ts',
      ].includes(target),
  },
  {
    title: 'the gallery imports the widget, the wire contract, and nothing of a server',
    applies: isBelow('demo/gallery/'),
    allows: (target) =>
      target.startsWith('demo/gallery/') ||
      target.startsWith('widget/') ||
      target === 'bff/contract.ts' ||
      isPackage(['react', 'react-dom', '@tanstack/react-query', 'vite', '@vitejs/plugin-react', 'node:url'])(
        target,
      ),
  },
]

const files = readSourceFiles(/^(widget|bff|demo)\/.*\.tsx?$/)

function targetOf(file: SourceFile, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : specifier
}

function breaches(rule: Rule, candidates: readonly SourceFile[]): readonly string[] {
  return candidates
    .filter((file) => rule.applies(file.path))
    .flatMap((file) =>
      importsOf(file)
        .map((specifier) => targetOf(file, specifier))
        .filter((target) => !rule.allows(target, file.path))
        .map((target) => `${file.path} imports ${target}`),
    )
}

it.each(RULES.map((rule) => [rule.title, rule] as const))('%s', (_title, rule) => {
  expect(files.some((file) => rule.applies(file.path))).toBe(true)
  expect(breaches(rule, files)).toEqual([])
})

it('sees each way of importing, so that a breach cannot hide', () => {
  const text = [
    "import { createBff } from '../bff/index.ts'",
    "import '../bff/app.ts'",
    "export * from '../bff/errors.ts'",
    "import {\n  readConfig,\n} from '../bff/config.ts'",
    "const late = await import('../bff/cli.ts')",
    "import type { Flow } from '../bff/storage/storage.ts'",
  ].join('\n')
  const [rule] = RULES
  expect(rule === undefined ? [] : breaches(rule, [{ path: 'widget/planted.ts', text }])).toHaveLength(6)
})
