// What a request says about the host it was sent to changes nothing in what is answered: every URL comes from PUBLIC_URL.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import { buildRequest, sendBytes, type RawHeaders } from './raw-request.ts'

let stack: Stack
let ann: TestBrowser
let flowId: string

beforeAll(async () => {
  stack = await startStack({
    bff: { limits: { startsPerUser: 1e6, startsPerTenant: 1e6, strayReturnsPerAddress: 1e6 } },
  })
  ann = stack.browser('ann')
  flowId = (await ann.startFlow({ mode: 'redirect', returnTo: '/settings' })).flowId
})
afterAll(() => stack.close())

const HOST = ['Host', 'app.example.com'] as const

const HOSTILE: readonly (readonly [string, RawHeaders])[] = [
  ['another Host', [['Host', 'evil.example']]],
  ['another Host with a port', [['Host', 'evil.example:443']]],
  ['a Host with credentials', [['Host', 'localhost:9999@evil.example']]],
  ['a Host with a port and credentials', [['Host', 'good:80@evil.example:443']]],
  ['a Host with a path', [['Host', 'localhost/evil.example']]],
  ['a Host with a fragment', [['Host', 'localhost#evil.example']]],
  ['a Host with a query', [['Host', 'localhost?evil.example']]],
  ['a Host with a backslash', [['Host', 'localhost\\evil.example']]],
  ['a Host with a space', [['Host', 'localhost evil.example']]],
  ['a Host with a scheme', [['Host', 'http://evil.example']]],
  ['a Host with markup', [['Host', '"><script src=//evil.example>']]],
  ['a Host with a trailing dot', [['Host', 'evil.example.']]],
  ['an empty Host', [['Host', '']]],
  ['two Hosts', [HOST, ['Host', 'evil.example']]],
  ['X-Forwarded-Host', [HOST, ['X-Forwarded-Host', 'evil.example']]],
  ['a list in X-Forwarded-Host', [HOST, ['X-Forwarded-Host', 'app.example.com, evil.example']]],
  ['two X-Forwarded-Hosts', [HOST, ['X-Forwarded-Host', 'a.example'], ['X-Forwarded-Host', 'evil.example']]],
  ['X-Forwarded-Proto', [HOST, ['X-Forwarded-Proto', 'javascript'], ['X-Forwarded-Host', 'evil.example']]],
  ['X-Forwarded-Proto with a slash', [HOST, ['X-Forwarded-Proto', 'https://evil.example/']]],
  ['X-Forwarded-Port', [HOST, ['X-Forwarded-Port', '443@evil.example']]],
  ['X-Forwarded-Prefix', [HOST, ['X-Forwarded-Prefix', '//evil.example']]],
  ['X-Forwarded-Server', [HOST, ['X-Forwarded-Server', 'evil.example']]],
  ['Forwarded', [HOST, ['Forwarded', 'for=1.2.3.4;host=evil.example;proto=https']]],
  ['X-Host', [HOST, ['X-Host', 'evil.example']]],
  ['X-Original-URL', [HOST, ['X-Original-URL', 'https://evil.example/connect/github/connection']]],
  ['X-Rewrite-URL', [HOST, ['X-Rewrite-URL', '//evil.example/']]],
  ['Referer', [HOST, ['Referer', 'https://evil.example/']]],
]

const BASE = '/connect/github'

function targets(): string[] {
  return [
    '/return',
    '/return?installation_id=1',
    `/flows/${flowId}/done`,
    `/flows/${flowId}/launch`,
    '/problem/return_unknown',
    '/connection',
    '/openapi.json',
    '/healthz',
    '/nothing-here',
  ].map((path) => BASE + path)
}

function cookieHeader(): readonly [string, string] {
  return ['Cookie', [...ann.cookies].map(([name, value]) => `${name}=${value}`).join('; ')]
}

describe('a request with', () => {
  it.each(HOSTILE)('%s gets no foreign host back, on any route', async (_, headers) => {
    for (const target of targets()) {
      const bytes = buildRequest({ target, headers: [...headers, cookieHeader()] })
      const { status, text } = await sendBytes(stack.baseUrl, bytes, stack.artefacts)
      expect(text).not.toContain('evil')
      expect(status).toBeGreaterThanOrEqual(200)
      expect(status).toBeLessThan(500)
    }
  })

  it.each(HOSTILE)('%s starts a flow that knows the configured hosts only', async (_, headers) => {
    const body = JSON.stringify({ flowId: createFlowId(), mode: 'redirect', returnTo: '/settings' })
    const bytes = buildRequest({
      method: 'POST',
      target: `${BASE}/flows`,
      headers: [
        ...headers,
        cookieHeader(),
        ['Sec-Fetch-Site', 'same-origin'],
        ['X-Connect-GitHub', '1'],
        ['Content-Type', 'application/json'],
      ],
      body,
    })
    const { status, text } = await sendBytes(stack.baseUrl, bytes, stack.artefacts)
    expect([201, 400]).toContain(status)
    expect(text).not.toContain('evil')
    expect(text).not.toMatch(/set-cookie:[^\r\n]*domain/i)
    const asked = stack.sandbox.requests.at(-1)
    expect(JSON.stringify(asked?.query)).not.toContain('evil')
  })
})

describe('a request target', () => {
  it.each([
    'http://evil.example/connect/github/return',
    'https://evil.example/connect/github/connection',
    'http://localhost:9999@evil.example/connect/github/return',
    'http://evil.example',
    '//evil.example/connect/github/return',
    '///evil.example/connect/github/return',
    '/\\evil.example/connect/github/return',
    '/connect/github//evil.example',
    '/connect/github/return/..//evil.example',
    '/connect/github/../../evil.example',
    '*',
    'evil.example:443',
  ])('%s is no route of ours', async (target) => {
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const bytes = buildRequest({ method, target, headers: [HOST] })
      const { status, text } = await sendBytes(stack.baseUrl, bytes, stack.artefacts)
      expect([400, 404]).toContain(status)
      expect(text).not.toContain('evil')
    }
  })
})
