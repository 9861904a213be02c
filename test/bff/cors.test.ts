// Which pages may read answers: exactly the listed origins, as exact strings.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'

const LISTED = ['https://app.example.com', 'https://admin.example.com:8443']
let stack: Stack
let ann: TestBrowser
beforeAll(async () => {
  stack = await startStack({ bff: { allowedOrigins: LISTED } })
  ann = stack.browser('ann')
})
afterAll(() => stack.close())

const FOREIGN = [
  'null',
  '*',
  'https://example.com',
  'https://evil.example',
  'http://app.example.com',
  'https://app.example.com:443',
  'https://app.example.com:8443',
  'https://app.example.com:444',
  'https://admin.example.com',
  'https://admin.example.com:84430',
  'https://app.example.com.',
  'https://app.example.com/',
  'https://app.example.com/x',
  'https://app.example.com.evil.example',
  'https://evil-app.example.com',
  'https://evilapp.example.com',
  'https://x.app.example.com',
  'https://app.example.comevil.example',
  'https://app.example.com@evil.example',
  'https://evil.example#https://app.example.com',
  'https://appXexample.com',
  'HTTPS://APP.EXAMPLE.COM',
  'https://App.example.com',
  'https://app.example.com, https://evil.example',
  'https://app.example.com https://evil.example',
  'https://аpp.example.com',
  'app.example.com',
  '//app.example.com',
  'file://',
  'chrome-extension://app.example.com',
  'http://localhost',
  'http://localhost:99999',
  'https://localhost:9999',
  'http://127.0.0.1:9999',
]

const PATHS = ['/connection', '/openapi.json', '/healthz', '/return', '/flows']

describe('a page of', () => {
  it.each(FOREIGN)('%s may read nothing', async (origin) => {
    for (const path of PATHS) {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await ann.send(path, {
          method,
          headers: {
            // As bytes: what a header may hold beyond ASCII arrives as Latin-1.
            origin: Buffer.from(origin).toString('latin1'),
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'x-connect-github,content-type',
          },
        })
        expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([])
        expect(headers.get('vary')).toBe('Origin')
      }
    }
  })

  it.each([...LISTED, 'http://localhost:9999'])('%s may read with credentials', async (origin) => {
    for (const path of PATHS) {
      const { headers } = await ann.send(path, { headers: { origin } })
      expect(headers.get('access-control-allow-origin')).toBe(origin)
      expect(headers.get('access-control-allow-credentials')).toBe('true')
      expect(headers.get('access-control-expose-headers')).toBe('X-Request-Id, Retry-After')
      expect(headers.get('vary')).toBe('Origin')
    }
  })
})

describe('a preflight', () => {
  it('from a listed page allows what the widget sends, and no more', async () => {
    const origin = LISTED[0]
    const answer = await ann.send('/flows', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'x-evil' },
    })
    expect(answer.status).toBe(204)
    expect(answer.text).toBe('')
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST, DELETE')
    expect(answer.headers.get('access-control-allow-headers')).toBe(
      'Content-Type, Authorization, X-Connect-GitHub',
    )
    expect(answer.headers.get('access-control-max-age')).toBe('600')
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS')
  })

  it('needs no session, because browsers send none', async () => {
    const answer = await stack
      .browser(null)
      .send('/connection', { method: 'OPTIONS', headers: { origin: LISTED[0] } })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe(LISTED[0])
  })

  it('to a path that is none of ours is 404', async () => {
    const answer = await ann.send('/nothing-here', { method: 'OPTIONS', headers: { origin: LISTED[0] } })
    expect(answer.status).toBe(404)
  })
})

it('an error answer can be read by a listed page as well', async () => {
  const answer = await stack.browser(null).send('/connection', { headers: { origin: LISTED[0] } })
  expect(answer.status).toBe(401)
  expect(answer.headers.get('access-control-allow-origin')).toBe(LISTED[0])
})
