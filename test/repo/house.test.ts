// Rules of the house that a linter does not know: file size and purpose, and calls that would be a hole wherever they stand.
import { expect, it } from 'vitest'
import { readSourceFiles } from './source-files.ts'

const MAX_LINES = 250
const sources = readSourceFiles(/^(widget|bff|demo|test)\/.*\.(ts|tsx|css)$/)
const code = sources.filter(({ path }) => /\.tsx?$/.test(path))

const REASON = /Over 250 lines because \S.{20}/

it('keeps every file within 250 lines, unless it says why not', () => {
  const long = sources
    .filter(({ text }) => text.split('\n').length > MAX_LINES + 1 && !REASON.test(text))
    .map(({ path }) => path)
  expect(long).toEqual([])
})

it('says in the first line of every file what it is for', () => {
  const silent = code.filter(({ text }) => {
    const [first = '', second = ''] = text.split('\n')
    const line = first.startsWith('#!') || first.startsWith("'use client'") ? second : first
    return !/^\/\/ \S.{10}|^\/\*\*? \S.{10}/.test(line)
  })
  expect(silent.map(({ path }) => path)).toEqual([])
})

interface Ban {
  readonly title: string
  readonly pattern: RegExp
  readonly applies: (path: string) => boolean
}

const BANS: readonly Ban[] = [
  {
    title: 'no URL is built from what a client says the host is',
    pattern: /\b(?:ctx|request)\.(?:host|hostname|href|origin|URL|protocol|subdomains|ip|ips)\b/,
    applies: (path) => path.startsWith('bff/'),
  },
  {
    title: 'no redirect goes through Koa’s unchecked ones',
    pattern: /\.(?:redirect|back)\(/,
    applies: (path) => path.startsWith('bff/'),
  },
  {
    title: 'markup is never made from strings in a page',
    pattern:
      /\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|eval)\b|new Function\(/,
    applies: (path) => path.startsWith('widget/') || path.startsWith('bff/'),
  },
  {
    title: 'chance that protects something does not come from Math.random',
    pattern: /Math\.random/,
    applies: (path) => path.startsWith('bff/') && path !== 'bff/delivery/retry-policy.ts',
  },
  {
    title: 'only the configuration reads the environment',
    pattern: /process\.env/,
    applies: (path) => path.startsWith('bff/') && !['bff/create-bff.ts', 'bff/cli.ts'].includes(path),
  },
  {
    title: 'no message goes to any origin',
    pattern: /postMessage\([^)]*['"]\*['"]/,
    applies: (path) => !path.startsWith('test/'),
  },
  {
    title: 'whether a popup looks closed decides nothing',
    pattern: /\.closed\b/,
    applies: (path) => path.startsWith('widget/'),
  },
]

it.each(BANS.map((ban) => [ban.title, ban] as const))('%s', (_title, ban) => {
  const breaches = code.filter(
    ({ path, text }) => ban.applies(path) && ban.pattern.test(withoutComments(text)),
  )
  expect(breaches.map(({ path }) => path)).toEqual([])
})

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

it('finds each banned call where it is planted', () => {
  const planted = [
    'ctx.hostname',
    "ctx.redirect('/')",
    'element.innerHTML = name',
    'Math.random()',
    'process.env.KEY',
    "opener.postMessage(message, '*')",
    'if (popup.closed) cancel()',
  ]
  expect(BANS.map((ban, index) => ban.pattern.test(withoutComments(`\n${planted[index] ?? ''}\n`)))).toEqual(
    BANS.map(() => true),
  )
})
