// What is too long or nested too deep is refused, also where a host's server lets in more than ours; and nothing takes longer for it.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROUTES } from '../../bff/routes/index.ts'
import { mountBff, type MountedBff } from '../flow/mounted-bff.ts'
import { createFlowId } from '../stack/test-browser.ts'
import { buildRequest, sendBytes, type RawAnswer, type RawHeaders } from './raw-request.ts'

const BASE = '/connect/github'
const id = createFlowId()

/** What the host's parser leaves on the request: text that the test sends in a header, parsed. Undefined: it has none. */
function parseForHost(request: IncomingMessage): unknown {
  switch (request.headers['x-host-parses']) {
    case 'deep':
      return nest(100_000)
    case 'circular': {
      const circular: Record<string, unknown> = {}
      circular['self'] = circular
      return circular
    }
    case 'bigint':
      return { flowId: 1n }
    case 'function':
      return () => undefined
    default:
      return undefined
  }
}

function nest(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = [value]
  return value
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = parseForHost(request)
  if (body !== undefined) {
    request.resume()
    await once(request, 'end')
    Object.assign(request, { body })
  }
  await mounted.bff.handler(request, response)
}

let mounted: MountedBff
let host: Server
let url: string
beforeAll(async () => {
  mounted = await mountBff((bff) => (request, response) => void bff.handler(request, response), {
    bff: { limits: { refusalsPerAddress: 1e6, strayReturnsPerAddress: 1e6 } },
  })
  host = createServer(
    { maxHeaderSize: 4 * 1024 * 1024 },
    (request, response) => void serve(request, response),
  )
  host.listen(0, '127.0.0.1')
  await once(host, 'listening')
  const address = host.address()
  if (address === null || typeof address === 'string') throw new Error('the host has a port')
  url = `http://127.0.0.1:${address.port}`
})
afterAll(async () => {
  host.close()
  await mounted.close()
})

const TRUSTED: RawHeaders = [
  ['Host', 'localhost'],
  ['Cookie', 'session=ann'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['X-Connect-GitHub', '1'],
  ['Content-Type', 'application/json'],
]

const get = (target: string): Promise<RawAnswer> =>
  sendBytes(url, buildRequest({ target, headers: [['Host', 'localhost']] }))

function post(path: string, body: string, headers: RawHeaders = []): Promise<RawAnswer> {
  return sendBytes(
    url,
    buildRequest({ method: 'POST', target: BASE + path, headers: [...TRUSTED, ...headers], body }),
  )
}

describe('a URL', () => {
  it('over 4 KB is 400 on every route that is asked by GET, and one of 4 KB is read', async () => {
    for (const { path } of ROUTES.filter((route) => route.method === 'GET')) {
      const target = `${BASE}${path.replace(':flowId', id).replace(':code', 'return_unknown')}?x=`
      expect((await get(target.padEnd(4097, 'x'))).text).toContain('400 Bad Request')
    }
    expect((await get(`${BASE}/healthz?x=`.padEnd(4096, 'x'))).status).toBe(200)
  })

  it.each([
    ['letters', 'a'],
    ['slashes', '/'],
    ['dots', '../'],
    ['escapes', '%2e'],
    ['ids', `/flows/${id}`],
    ['colons', ':a'],
    ['braces', '{a}'],
  ])('whose path is 64 KB of %s is not found, or refused, at once', async (_, part) => {
    for (const path of ['/', '/flows/', '/problem/']) {
      const { status } = await get(BASE + path + part.repeat(65_536 / part.length))
      expect([400, 404]).toContain(status)
    }
  })
})

describe('100 KB of spaces', () => {
  it.each([
    'Accept',
    'Authorization',
    'Content-Type',
    'Cookie',
    'Origin',
    'Sec-Fetch-Site',
    'X-Connect-GitHub',
    'X-Forwarded-For',
    'X-Hub-Signature-256',
  ])('in %s are answered without a failure', async (name) => {
    for (const value of [
      `a${' '.repeat(100_000)}b`,
      `application/json${' '.repeat(100_000)};${' '.repeat(100_000)}b`,
      `Bearer${' '.repeat(100_000)}a.b.c`,
      `session=ann;${' '.repeat(100_000)}=b`,
      `${' ,'.repeat(50_000)}b`,
    ]) {
      const headers: RawHeaders = [...TRUSTED.filter(([other]) => other !== name), [name, value]]
      for (const [method, path] of [
        ['GET', '/connection'],
        ['POST', '/flows'],
        ['GET', `/return?state=x`],
      ] as const) {
        const bytes = buildRequest({ method, target: BASE + path, headers, body: '{}' })
        const { status } = await sendBytes(url, bytes)
        expect([200, 303, 400, 401, 403, 415]).toContain(status)
      }
    }
  })
})

describe('a body that is nested', () => {
  it.each([0, 1, 2, 3])('%i times gets past the check of depth', async (depth) => {
    const answer = await post(`/flows/${id}/finish`, JSON.stringify(nest(depth)))
    expect(answer.status).toBe(404)
  })

  it.each([4, 100, 2000])('%i times is 400', async (depth) => {
    const answer = await post(`/flows/${id}/finish`, JSON.stringify(nest(depth)))
    expect(answer.status).toBe(400)
  })

  it.each(['deep', 'circular', 'bigint', 'function'])(
    'or otherwise not JSON (%s), and was parsed by the host, is 400',
    async (kind) => {
      const answer = await post('/flows', '{}', [['X-Host-Parses', kind]])
      expect(answer.status).toBe(400)
      expect(answer.text).toContain('"code":"invalid_request"')
    },
  )

  it('in a form of several parts is 415', async () => {
    const headers = TRUSTED.filter(([name]) => name !== 'Content-Type')
    const type = ['Content-Type', 'multipart/form-data; boundary=x'] as const
    const bytes = buildRequest({
      method: 'POST',
      target: `${BASE}/flows`,
      headers: [...headers, type],
      body: '--x\r\nContent-Disposition: form-data; name="flowId"\r\n\r\nx\r\n--x--\r\n',
    })
    expect((await sendBytes(url, bytes)).status).toBe(415)
  })
})
