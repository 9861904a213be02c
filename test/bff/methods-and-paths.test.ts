// Only the listed methods on exactly the listed paths are answered by a route.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROUTES } from '../../bff/routes/index.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId } from '../stack/test-browser.ts'
import { buildRequest, sendBytes, type RawAnswer } from './raw-request.ts'
import { watchForChanges } from './unchanged.ts'

const BASE = '/connect/github'
const flowId = createFlowId()
let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

/** Public routes answer HEAD as well, for probes. */
function listedMethods(path: string): readonly string[] {
  return ROUTES.filter((route) => route.path === path).flatMap((route) =>
    route.access === 'public' ? [route.method, 'HEAD'] : [route.method],
  )
}

const pathOf = (path: string): string => path.replace(':flowId', flowId).replace(':code', 'return_unknown')
const PATHS = [...new Set(ROUTES.map(({ path }) => path))]
const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'TRACE',
  'PROPFIND',
  'SEARCH',
  'PURGE',
  'LINK',
]

function send(method: string, target: string): Promise<RawAnswer> {
  return sendBytes(stack.baseUrl, buildRequest({ method, target, headers: [['Host', 'x']] }), stack.artefacts)
}

it.each(PATHS)('%s answers 405 with its own methods in Allow to every other method', async (path) => {
  const listed = listedMethods(path)
  for (const method of METHODS.filter((name) => !listed.includes(name))) {
    const { status, text } = await send(method, BASE + pathOf(path))
    expect([method, status]).toEqual([method, 405])
    expect(/^allow: (.*)$/im.exec(text)?.[1]?.trim()).toBe([...listed, 'OPTIONS'].join(', '))
    if (method !== 'HEAD') expect(text).toContain('"code":"method_not_allowed"')
    // TRACE would send back what it got, cookies included.
    expect(text).not.toContain('Host: x')
  }
})

it.each(PATHS)('%s answers OPTIONS with its own methods in Allow', async (path) => {
  const listed = listedMethods(path)
  const { status, text } = await send('OPTIONS', BASE + pathOf(path))
  expect(status).toBe(204)
  expect(/^allow: (.*)$/im.exec(text)?.[1]?.trim()).toBe([...listed, 'OPTIONS'].join(', '))
})

it.each(['FOO', 'get', 'GET,POST', 'CONNECT', 'G\tET', ''])(
  'the method %j ends with a 4xx or a closed connection',
  async (method) => {
    const { status } = await send(method, `${BASE}/connection`)
    expect([0, 400, 404, 405]).toContain(status)
  },
)

/** Ways to write a path that some servers take for the same. */
const SPELLINGS: readonly [string, (path: string) => string][] = [
  ['two slashes before', (path) => `/${BASE}${path}`],
  ['two slashes inside', (path) => `${BASE}/${path}`],
  ['a trailing slash', (path) => `${BASE}${path}/`],
  ['an encoded slash', (path) => `${BASE}%2f${path.slice(1)}`],
  ['an encoded letter', (path) => `${BASE}/%${path.charCodeAt(1).toString(16)}${path.slice(2)}`],
  ['a capital letter', (path) => BASE + path.toUpperCase()],
  ['a capital in the base', (path) => `/Connect/github${path}`],
  ['a dot segment', (path) => `${BASE}/.${path}`],
  ['a segment up and down', (path) => `${BASE}/x/..${path}`],
  ['an encoded segment up', (path) => `${BASE}/x/%2e%2e${path}`],
  ['a backslash', (path) => `${BASE}\\${path.slice(1)}`],
  ['a path parameter', (path) => `${BASE}${path};x=1`],
  ['a zero byte', (path) => `${BASE}${path}%00`],
  ['an extension of the base', (path) => `${BASE}.json${path}`],
  ['the base twice', (path) => BASE + BASE + path],
  ['a longer base', (path) => `${BASE}x${path}`],
  ['1100 characters', (path) => `${BASE}/${'x'.repeat(1100)}${path}`],
]

it.each(SPELLINGS)('a path written with %s is 404', async (_, spell) => {
  const checkUnchanged = watchForChanges(stack)
  for (const { method, path } of ROUTES) {
    const { status, text } = await send(method, spell(pathOf(path)))
    expect([method, path, status]).toEqual([method, path, 404])
    expect(text).toContain('"code":"not_found"')
  }
  checkUnchanged()
})

it('files of the server are 404, wherever they would be', async () => {
  for (const path of [
    '/.env',
    '/.git/config',
    '/connect-github.db',
    '/package.json',
    '/databases/connect-github.db',
    '/',
  ]) {
    for (const base of ['', BASE, `${BASE}/..`]) {
      expect((await send('GET', base + path)).status).toBe(404)
    }
  }
})

it('a flow id that cannot be one is as unknown as one that does not exist', async () => {
  for (const id of ['x', 'x'.repeat(21), 'x'.repeat(23), '-', '.', '..', '~', `${'x'.repeat(21)}.`]) {
    expect((await send('GET', `${BASE}/flows/${id}/launch`)).status).toBe(404)
    expect((await send('GET', `${BASE}/flows/${id}/done`)).status).toBe(404)
  }
})

it('a problem page is shown for codes that a return can end with, and for no others', async () => {
  const { status } = await send('GET', `${BASE}/problem/return_unknown`)
  expect(status).toBe(400)
  // Otherwise anybody could make the server answer 500 with a link.
  for (const code of [
    'internal',
    'upstream_unavailable',
    'kill_switch',
    'constructor',
    '__proto__',
    'toString',
    'x',
  ]) {
    expect((await send('GET', `${BASE}/problem/${code}`)).status).toBe(404)
  }
})
