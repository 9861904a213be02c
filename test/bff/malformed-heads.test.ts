// Malformed heads, cookies and queries are answered 4xx: never a server error, never a crash, and nothing is written.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ROUTES } from '../../bff/routes/index.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import { buildRequest, sendBytes, type RawAnswer } from './raw-request.ts'
import { watchForChanges } from './unchanged.ts'

const BASE = '/connect/github'
let stack: Stack
let ann: TestBrowser
let checkUnchanged: () => void
beforeAll(async () => {
  stack = await startStack({ bff: { limits: { strayReturnsPerAddress: 1e6 } } })
  ann = stack.browser('ann')
  await ann.startFlow()
})
afterAll(() => stack.close())
beforeEach(() => {
  checkUnchanged = watchForChanges(stack)
})
afterEach(async () => {
  checkUnchanged()
  expect(stack.logLines.filter((line) => /"event":"(request_failed|response_failed)"/.test(line))).toEqual([])
  expect((await ann.send('/healthz')).status).toBe(200)
})

function sendText(text: string | Buffer): Promise<RawAnswer> {
  return sendBytes(stack.baseUrl, Buffer.from(text), stack.artefacts)
}

const id = createFlowId()

describe('a head that is', () => {
  const head = (...lines: string[]): string => [...lines, 'Connection: close', '', ''].join('\r\n')
  it.each<[string, string | Buffer, number[]]>([
    ['without a Host', head(`GET ${BASE}/connection HTTP/1.1`), [400]],
    ['of HTTP/0.9', `GET ${BASE}/connection\r\n\r\n`, [400, 401]],
    ['of HTTP/3.0', head(`GET ${BASE}/connection HTTP/3.0`, 'Host: x'), [400, 505]],
    ['TLS', Buffer.from('16030100c8010000c40303', 'hex'), [400]],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['with a space in a name', head(`GET ${BASE}/connection HTTP/1.1`, 'Host: x', 'a b: c'), [400]],
    ['with a control character', head(`GET ${BASE}/connection HTTP/1.1`, 'Host: x', 'a: \u0001'), [400]],
    ['with a zero byte', head(`GET ${BASE}/connection HTTP/1.1`, 'Host: x', 'a: b\u0000c'), [400]],
    ['folded', head(`GET ${BASE}/connection HTTP/1.1`, 'Host: x', 'a: b', ' c: d'), [400]],
    [
      'with two lengths',
      head(`POST ${BASE}/flows HTTP/1.1`, 'Host: x', 'Content-Length: 2', 'Content-Length: 3'),
      [400],
    ],
    ['with a negative length', head(`POST ${BASE}/flows HTTP/1.1`, 'Host: x', 'Content-Length: -1'), [400]],
    [
      'with a length and chunks, as for request smuggling',
      head(`POST ${BASE}/flows HTTP/1.1`, 'Host: x', 'Content-Length: 3', 'Transfer-Encoding: chunked'),
      [400],
    ],
    [
      'with odd chunks',
      head(`POST ${BASE}/flows HTTP/1.1`, 'Host: x', 'Transfer-Encoding: xchunked'),
      [400, 403],
    ],
    [
      'with an unknown expectation',
      head(`GET ${BASE}/connection HTTP/1.1`, 'Host: x', 'Expect: a-miracle'),
      [417],
    ],
    ['with an upgrade', head(`GET ${BASE}/connection HTTP/1.1`, 'Host: x', 'Upgrade: websocket'), [401]],
    ['over 8 KB', head(`GET ${BASE}/connection HTTP/1.1`, 'Host: x', `a: ${'b'.repeat(9000)}`), [431]],
    [
      'over 8 KB in small parts',
      head(`GET ${BASE}/connection HTTP/1.1`, 'Host: x', ...Array<string>(1500).fill('abcdef: g')),
      [431],
    ],
    [
      'over 8 KB of cookies',
      head(`GET ${BASE}/return HTTP/1.1`, 'Host: x', `Cookie: ${'a=b; '.repeat(2000)}`),
      [431],
    ],
  ])('%s is refused', async (_, bytes, statuses) => {
    expect(statuses).toContain((await sendText(bytes)).status)
  })
})

describe('cookies that are', () => {
  const name = '__Host-connect-github-'
  it.each([
    '',
    '=',
    ';;;;',
    '=x; =y',
    'session',
    'session=%E0%A4%A',
    'session="ann',
    'session=ann; session=cora',
    `${name}=x`,
    `${name}${id}`,
    `${name}${id}=`,
    `${name}${id}=${'x'.repeat(3000)}`,
    `${name}\u00e9\u00ff=x`,
    `${name}a b=c d`,
    '__proto__=x; constructor=y; toString=z',
    Array.from({ length: 200 }, (_, index) => `${name}${index}=x`).join('; '),
  ])('%j are read without an error', async (cookie) => {
    for (const target of [`${BASE}/connection`, `${BASE}/return?state=x`, `${BASE}/flows/${id}/done`]) {
      const bytes = buildRequest({
        target,
        headers: [
          ['Host', 'x'],
          ['Cookie', cookie],
        ],
      })
      const { status } = await sendBytes(stack.baseUrl, bytes, stack.artefacts)
      expect([200, 303, 401]).toContain(status)
    }
  })
})

describe('a query that is', () => {
  it.each([
    'after=x',
    'after=-1',
    'after=1.5',
    'after=1&after=2',
    'after=',
    'after=99999999999999999',
    'wait=26',
    'wait=1e1',
    'wait=&after=1',
    'after=1&wait=NaN',
  ])('%s is 400', async (query) => {
    const connection = await ann.getConnection()
    const answer = await ann.send(`/flows/${connection.flow?.flowId ?? ''}?${query}`)
    expect(answer.status).toBe(400)
  })

  it('not decodable is never a server error, on any route', async () => {
    for (const { method, path } of ROUTES.filter((route) => route.method === 'GET')) {
      const target = BASE + path.replace(':flowId', id).replace(':code', 'return_unknown')
      for (const query of [
        '%E0%A4%A',
        '%',
        '%zz=%ff',
        'a[]=1&a[b]=2',
        '__proto__[x]=1',
        '&&&==',
        '?'.repeat(50),
        'ref=%00',
        'ref=a&ref=b',
      ]) {
        const bytes = buildRequest({ method, target: `${target}?${query}`, headers: [['Host', 'x']] })
        const { status } = await sendBytes(stack.baseUrl, bytes, stack.artefacts)
        expect([200, 303, 400, 401]).toContain(status)
      }
    }
  })
})
