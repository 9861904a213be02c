// Every route, in every status it can have, carries the headers that protect its answer.
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROUTES } from '../../bff/routes/index.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type Answer, type TestBrowser } from '../stack/test-browser.ts'

const PUBLIC_URL = 'https://app.example.com/connect/github'
const ORIGIN = 'https://app.example.com'
let stack: Stack
let ann: TestBrowser
let flowId: string
let doneReturn: Answer

const PERSON = {
  'sec-fetch-site': 'same-origin',
  'x-connect-github': '1',
  'content-type': 'application/json',
}
const post = (path: string, body: unknown = {}, headers: object = PERSON): Promise<Answer> =>
  ann.send(path, { method: 'POST', headers: { ...headers }, body: JSON.stringify(body) })

beforeAll(async () => {
  stack = await startStack({
    bff: { publicUrl: PUBLIC_URL, limits: { startsPerUser: 3 } },
    sandbox: { allowLoopbackHttpReturnUrls: true },
  })
  ann = stack.browser('ann')
  const started = await post('/flows', { flowId: createFlowId(), mode: 'popup' })
  flowId = String(Object.entries(JSON.parse(started.text)).find(([name]) => name === 'flowId')?.[1])
  const state = stack.sandbox.states.at(-1)?.state ?? ''
  doneReturn = await ann.navigate(`/return?setup_action=request&state=${state}`)
})
afterAll(() => stack.close())

const JSON_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The policy a page needs, computed from the page itself. */
function policyOf(html: string): string {
  const [style = ''] = [...html.matchAll(/<style>([^]*?)<\/style>/g)].map((match) => match[1] ?? '')
  const scripts = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map((match) => match[1] ?? '')
  return [
    "default-src 'none'",
    'img-src data:',
    `style-src ${hash(style)}`,
    `script-src ${scripts.length === 0 ? "'none'" : scripts.map(hash).join(' ')}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
}

function checkHeaders(answer: Answer, kind: 'json' | 'page' | 'redirect' | 'nothing'): void {
  const { headers, text, status } = answer
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  expect(headers.get('permissions-policy')).toContain('camera=()')
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
  expect(headers.get('x-robots-tag')).toBe('noindex, nofollow')
  expect(headers.get('x-request-id')).toMatch(/^req_[\w-]{22}$/)
  expect(headers.get('content-security-policy')).toBe(kind === 'page' ? policyOf(text) : JSON_CSP)
  for (const banner of ['x-powered-by', 'server', 'etag', 'last-modified', 'x-response-time', 'sourcemap']) {
    expect(headers.get(banner)).toBeNull()
  }
  const types = { json: 'application/json; charset=utf-8', page: 'text/html; charset=utf-8' }
  if (kind === 'json' || kind === 'page') expect(headers.get('content-type')).toBe(types[kind])
  if (kind === 'json' && status >= 400) {
    const { error } = JSON.parse(text)
    expect(Object.keys(JSON.parse(text))).toEqual(['error'])
    expect(Object.keys(error)).toEqual(['code', 'message', 'requestId'])
    expect(error.requestId).toBe(headers.get('x-request-id'))
  }
  expect(text).not.toMatch(/node_modules|\bat .+\.ts:\d|file:\/\//)
}

const CASES: readonly (readonly [
  string,
  number,
  'json' | 'page' | 'redirect' | 'nothing',
  () => Promise<Answer>,
])[] = [
  ['GET /connection', 200, 'json', () => ann.send('/connection')],
  ['GET /connection', 401, 'json', () => stack.browser(null).send('/connection')],
  [
    'GET /connection',
    403,
    'json',
    () => ann.send('/connection', { headers: { 'sec-fetch-site': 'cross-site' } }),
  ],
  ['PUT /connection', 405, 'json', () => ann.send('/connection', { method: 'PUT' })],
  ['HEAD /connection', 405, 'nothing', () => ann.send('/connection', { method: 'HEAD' })],
  ['OPTIONS /connection', 204, 'nothing', () => ann.send('/connection', { method: 'OPTIONS' })],
  ['DELETE /connection', 200, 'json', () => ann.send('/connection', { method: 'DELETE', headers: PERSON })],
  ['DELETE /connection', 403, 'json', () => ann.send('/connection', { method: 'DELETE' })],
  ['POST /flows', 201, 'json', () => post('/flows', { flowId, mode: 'popup' })],
  ['POST /flows', 400, 'json', () => post('/flows', [])],
  ['POST /flows', 403, 'json', () => post('/flows', {}, {})],
  ['POST /flows', 413, 'json', () => post('/flows', 'x'.repeat(5000))],
  ['POST /flows', 415, 'json', () => post('/flows', {}, { ...PERSON, 'content-type': 'text/plain' })],
  ['POST /flows', 429, 'json', startTooOften],
  ['GET /flows/:flowId', 200, 'json', () => ann.send(`/flows/${flowId}`)],
  ['GET /flows/:flowId', 400, 'json', () => ann.send(`/flows/${flowId}?after=x`)],
  ['GET /flows/:flowId', 404, 'json', () => ann.send(`/flows/${createFlowId()}`)],
  ['POST /flows/:flowId/finish', 200, 'json', () => post(`/flows/${flowId}/finish`)],
  ['POST /flows/:flowId/finish', 404, 'json', () => post(`/flows/${createFlowId()}/finish`)],
  ['POST /flows/:flowId/launch', 200, 'json', () => post(`/flows/${flowId}/launch`)],
  ['POST /flows/:flowId/launch', 202, 'json', launchWithoutCookie],
  ['POST /flows/:flowId/cancel', 200, 'json', () => post(`/flows/${flowId}/cancel`)],
  ['GET /flows/:flowId/launch', 200, 'page', () => ann.navigate(`/flows/${createFlowId()}/launch`)],
  ['GET /flows/:flowId/launch', 303, 'redirect', launchAtOnce],
  ['GET /flows/:flowId/launch', 404, 'page', () => ann.navigate('/flows/x/launch')],
  ['GET /flows/:flowId/done', 200, 'page', () => ann.navigate(`/flows/${flowId}/done`)],
  ['GET /flows/:flowId/done', 200, 'page', () => stack.browser(null).navigate(`/flows/${flowId}/done`)],
  ['GET /flows/:flowId/done', 404, 'page', () => ann.navigate('/flows/x/done')],
  ['GET /return', 303, 'redirect', async () => doneReturn],
  ['GET /return', 303, 'redirect', () => ann.navigate('/return')],
  ['GET /return', 403, 'page', () => ann.navigate('/return', { 'sec-purpose': 'prefetch' })],
  ['GET /problem/:code', 400, 'page', () => ann.navigate('/problem/return_unknown')],
  ['GET /problem/:code', 409, 'page', () => ann.navigate('/problem/state_replayed')],
  ['GET /problem/:code', 404, 'page', () => ann.navigate('/problem/x')],
  ['GET /repositories', 409, 'json', () => ann.send('/repositories')],
  ['GET /repositories', 401, 'json', () => stack.browser(null).send('/repositories')],
  ['GET /avatar', 404, 'json', () => ann.send('/avatar')],
  ['GET /avatar', 401, 'json', () => stack.browser(null).send('/avatar')],
  ['POST /webhooks/github', 404, 'json', () => post('/webhooks/github', {}, {})],
  ['GET /healthz', 200, 'json', () => ann.send('/healthz')],
  ['GET /readyz', 200, 'json', () => ann.send('/readyz')],
  ['GET /openapi.json', 200, 'json', () => ann.send('/openapi.json')],
  ['GET /x', 404, 'json', () => ann.send('/x')],
  ['GET //x', 404, 'json', () => ann.send('//x')],
]

async function startTooOften(): Promise<Answer> {
  for (let count = 0; count < 5; count += 1) await post('/flows', { flowId: createFlowId(), mode: 'popup' })
  return post('/flows', { flowId: createFlowId(), mode: 'popup' })
}

async function launchWithoutCookie(): Promise<Answer> {
  const bob = stack.browser('bob')
  const id = createFlowId()
  const body = JSON.stringify({ flowId: id, mode: 'popup' })
  await bob.send('/flows', { method: 'POST', headers: PERSON, body })
  bob.cookies.delete(`__Host-connect-github-${id}`)
  return bob.send(`/flows/${id}/launch`, { method: 'POST', headers: PERSON, body: '{}' })
}

async function launchAtOnce(): Promise<Answer> {
  const bob = stack.browser('bob')
  const id = createFlowId()
  await bob.send('/flows', {
    method: 'POST',
    headers: PERSON,
    body: JSON.stringify({ flowId: id, mode: 'popup' }),
  })
  return bob.navigate(`/flows/${id}/launch`)
}

describe('the answer of', () => {
  it.each(CASES)('%s with status %i carries every protecting header', async (_, status, kind, ask) => {
    const answer = await ask()
    expect(answer.status).toBe(status)
    checkHeaders(answer, kind)
    if (status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    const homes = [PUBLIC_URL, stack.sandbox.githubUrl]
    const location = answer.headers.get('location')
    if (kind === 'redirect') expect(homes.some((home) => location?.startsWith(`${home}/`))).toBe(true)
    if (kind === 'redirect' || kind === 'nothing') expect(answer.text).toBe('')
  })

  it('every route is in this list', () => {
    const listed = new Set(CASES.map(([name]) => name))
    expect(ROUTES.filter(({ method, path }) => !listed.has(`${method} ${path}`))).toEqual([])
  })

  it('a page has one style and at most one script, and nothing inline beside them', async () => {
    for (const path of [`/flows/${flowId}/launch`, `/flows/${flowId}/done`, '/problem/return_unknown']) {
      const answer = await ann.navigate(path)
      const text = answer.text.replace('<link rel="icon" href="data:,">', '')
      expect(text.match(/<style/g)).toHaveLength(1)
      expect((text.match(/<script/g) ?? []).length).toBeLessThanOrEqual(1)
      expect(text).not.toMatch(/\son\w+=|\sstyle=|javascript:|<(?:img|iframe|link|form|object|base)\b|src=/i)
      for (const [, href = ''] of text.matchAll(/href="([^"]*)"/g)) {
        expect(href === '' || href.startsWith(`${ORIGIN}/`)).toBe(true)
      }
    }
  })

  it('plain HTTP for a loopback host does not ask for HTTPS from then on', async () => {
    const local = await startStack()
    try {
      expect((await local.browser().send('/healthz')).headers.get('strict-transport-security')).toBeNull()
    } finally {
      await local.close()
    }
  })
})
