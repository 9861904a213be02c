// Which requests may change something: every combination of method, headers and content type, against the rule in this file's own words.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROUTES } from '../../bff/routes/index.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import { readAllRows, watchForChanges } from './unchanged.ts'

const OWN = 'http://localhost:9999'
const LISTED = 'https://app.example.com'

let stack: Stack
let ann: TestBrowser
let flowId: string

beforeAll(async () => {
  stack = await startStack({ bff: { allowedOrigins: [LISTED] } })
  ann = stack.browser('ann')
  flowId = (await ann.startFlow()).flowId
})
afterAll(() => stack.close())

const SITES = [
  undefined,
  'same-origin',
  'same-site',
  'cross-site',
  'none',
  'Same-Origin',
  'same-origin, none',
]
const ORIGINS = [
  undefined,
  OWN,
  LISTED,
  'https://evil.example',
  'null',
  `${LISTED}.evil.example`,
  `${LISTED}/`,
]
const MARKERS = [undefined, '1', 'true']
const TYPES = [
  undefined,
  'application/json',
  'application/json; charset=utf-8',
  'text/plain; application/json',
  'application/x-www-form-urlencoded',
  'application/jsonp',
]

interface Combination {
  readonly site: string | undefined
  readonly origin: string | undefined
  readonly marker: string | undefined
  readonly type: string | undefined
}

const COMBINATIONS: readonly Combination[] = SITES.flatMap((site) =>
  ORIGINS.flatMap((origin) =>
    MARKERS.flatMap((marker) => TYPES.map((type) => ({ site, origin, marker, type }))),
  ),
)

/**
 * The rule: the marker header is there and `1`; a page that names itself is listed; and the browser says that the page is of the
 * same origin, or else the page has named itself while the browser says nothing or that it is a page of another origin.
 */
function isTrusted({ site, origin, marker }: Combination): boolean {
  if (marker !== '1') return false
  const isListed = origin === OWN || origin === LISTED
  if (origin !== undefined && !isListed) return false
  if (site === 'same-origin') return true
  return isListed && [undefined, 'same-site', 'cross-site'].includes(site)
}

const isJson = (type: string | undefined): boolean =>
  type?.startsWith('application/json') === true && !type.endsWith('p')

function headersOf({ site, origin, marker, type }: Combination): Record<string, string | undefined> {
  return { 'sec-fetch-site': site, origin, 'x-connect-github': marker, 'content-type': type }
}

/** Of pages. What another server sends is guarded by its signature, and comes from no page. */
const CHANGING = ROUTES.filter(({ method, access }) => method !== 'GET' && access !== 'signed')

/** What a trusted request to an unknown flow, or one that changes nothing any more, is answered. */
const ACCEPTED: Readonly<Record<string, { path: () => string; body?: () => string; status: number }>> = {
  'DELETE /connection': { path: () => '/connection', status: 200 },
  'POST /flows': { path: () => '/flows', body: () => JSON.stringify({ flowId, mode: 'popup' }), status: 201 },
  'POST /flows/:flowId/cancel': { path: () => `/flows/${createFlowId()}/cancel`, status: 404 },
  'POST /flows/:flowId/finish': { path: () => `/flows/${createFlowId()}/finish`, status: 404 },
  'POST /flows/:flowId/launch': { path: () => `/flows/${flowId}/launch`, status: 200 },
}

describe('a changing request', () => {
  it('is known to this matrix, whatever the route', () => {
    expect(CHANGING.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
      Object.keys(ACCEPTED).toSorted(),
    )
    expect(COMBINATIONS.length).toBeGreaterThan(800)
    expect(COMBINATIONS.filter(isTrusted).length).toBeGreaterThan(0)
  })

  it.each(Object.entries(ACCEPTED))(
    '%s is accepted from listed pages only, as JSON only',
    async (name, route) => {
      const [method = ''] = name.split(' ')
      const checkUnchanged = watchForChanges(stack)
      const wrong: unknown[] = []
      for (const combination of COMBINATIONS) {
        const body = route.body?.() ?? '{}'
        const answer = await ann.send(route.path(), { method, headers: headersOf(combination), body })
        const acceptsType = method === 'DELETE' || isJson(combination.type)
        const expected = isTrusted(combination) ? (acceptsType ? route.status : 415) : 403
        if (answer.status !== expected) wrong.push({ ...combination, expected, was: answer.status })
      }
      expect(wrong).toEqual([])
      checkUnchanged()
    },
  )

  it.each(['GET', 'HEAD', 'PUT', 'PATCH'])('by %s changes nothing, whatever it says', async (method) => {
    const before = readAllRows(stack.databaseFile)
    for (const [name, route] of Object.entries(ACCEPTED)) {
      const reads = name.endsWith('/launch') ? 303 : name.endsWith('/connection') ? 200 : 405
      const answer = await ann.send(route.path(), {
        method,
        headers: headersOf({ site: 'same-origin', origin: OWN, marker: '1', type: 'application/json' }),
      })
      expect([name, answer.status]).toEqual([name, method === 'GET' ? reads : 405])
    }
    expect(readAllRows(stack.databaseFile)).toEqual(before)
  })

  it('with the method in a header or parameter is still what it was sent as', async () => {
    const before = readAllRows(stack.databaseFile)
    const answer = await ann.send(`/connection?_method=DELETE`, {
      headers: { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE', 'x-connect-github': '1' },
    })
    expect(answer.status).toBe(200)
    expect(readAllRows(stack.databaseFile)).toEqual(before)
  })
})

describe('the route table', () => {
  it('says of every route how it is guarded', () => {
    for (const route of ROUTES) {
      const allowed =
        route.method === 'GET' ? ['person', 'navigation', 'public'] : ['person', 'own-page', 'signed']
      expect(allowed).toContain(route.access)
    }
    const named = (access: string): string[] =>
      ROUTES.filter((route) => route.access === access).map(({ path }) => path)
    // Each of these is guarded by something else than the person, so each has to be meant.
    expect(named('own-page')).toEqual(['/flows/:flowId/launch'])
    expect(named('signed')).toEqual(['/webhooks/github'])
  })

  it('has each method of a path once', () => {
    const names = ROUTES.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, ':')}`)
    expect(new Set(names).size).toBe(names.length)
  })

  it('lets nobody past who is not signed in, on any route for a person', async () => {
    const nobody = stack.browser(null)
    const guarded = ROUTES.filter(({ access }) => access === 'person' || access === 'own-page')
    for (const { method, path } of guarded) {
      const answer = await nobody.fetchJson(method, path.replace(':flowId', flowId))
      expect([method, path, answer.status]).toEqual([method, path, 401])
    }
  })

  it('refuses reads by pages that are not listed, on any route for a person', async () => {
    const reads = ROUTES.filter(({ access, method }) => access === 'person' && method === 'GET')
    for (const { path } of reads) {
      for (const site of ['cross-site', 'same-site', 'x']) {
        for (const origin of [undefined, 'https://evil.example', 'null']) {
          const headers = { 'sec-fetch-site': site, origin }
          expect((await ann.send(path.replace(':flowId', flowId), { headers })).status).toBe(403)
        }
        const listed = { 'sec-fetch-site': site, origin: LISTED }
        // Nothing is connected here, so there are no repositories to list, and no picture.
        const status = { '/repositories': 409, '/avatar': 404 }[path] ?? 200
        expect((await ann.send(path.replace(':flowId', flowId), { headers: listed })).status).toBe(status)
      }
    }
  })
})
