// What the client of the Layers API sends, and what it makes of redirects and errors.
import { createServer as createTcpServer } from 'node:net'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  BINDING,
  failureOf,
  find,
  KEY,
  listen,
  register,
  sendJson,
  startUpstream,
  STATE,
} from './upstream-server.ts'

describe('a call', () => {
  it('sends these headers and no others, and the key in one of them only', async () => {
    const { client, received, url } = await startUpstream((response) => sendJson(response, BINDING))
    await register(client)
    const { request, body = '' } = received[0] ?? {}
    expect(request?.headers).toEqual({
      host: new URL(url).host,
      connection: 'keep-alive',
      authorization: `Bearer ${KEY}`,
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'connect-github-bff',
      'x-layers-organization': 'org_1',
      'content-type': 'application/json',
      'content-length': String(body.length),
    })
    expect(`${request?.method} ${request?.url}`).toBe('POST /v1/github/installation')
    expect(body).toBe(`{"installationId":7,"state":"${STATE}"}`)
  })

  it('sends no organization when there is none, and no body with GET', async () => {
    const { client, received } = await startUpstream((response) => sendJson(response, BINDING))
    await find(client)
    const headers = received[0]?.request.headers ?? {}
    expect(Object.keys(headers)).not.toContain('x-layers-organization')
    expect(Object.keys(headers)).not.toContain('content-type')
    expect(received[0]?.body).toBe('')
  })

  it('encodes what goes into the query, and keeps the path of the base URL', async () => {
    const { client, received } = await startUpstream((response) => sendJson(response, {}), {
      path: '/layers/',
    })
    const returnUrl = 'https://app.example.com/a&b=c#d?e'
    await failureOf(client.getInstallUrl({ organization: null, returnUrl, state: 'a b&c=d' }))
    const url = new URL(received[0]?.request.url ?? '', 'http://x')
    expect(url.pathname).toBe('/layers/v1/github/installation/install-url')
    expect([...url.searchParams]).toEqual([
      ['returnUrl', returnUrl],
      ['state', 'a b&c=d'],
    ])
  })
})

describe('a redirect', () => {
  it.each([300, 301, 302, 303, 307, 308])(
    'with status %i is an error, and nothing reaches its target',
    async (status) => {
      let bytes = 0
      const target = await listen(
        createTcpServer((socket) => {
          bytes += 1
          socket.on('data', (chunk) => (bytes += chunk.length))
        }),
      )
      const { client, received } = await startUpstream((response) =>
        response.writeHead(status, { location: `${target}/v1` }).end(),
      )
      for (const call of [register(client), find(client)]) {
        expect(await failureOf(call)).toMatchObject({ failure: 'status', status, isTransient: false })
      }
      expect(received).toHaveLength(2)
      expect(bytes).toBe(0)
    },
  )

  it('to the same server is not followed either', async () => {
    const { client, received } = await startUpstream((response) =>
      response.writeHead(307, { location: '/elsewhere' }).end(),
    )
    await failureOf(register(client))
    expect(received).toHaveLength(1)
  })
})

describe('an error answer', () => {
  it.each([
    [
      401,
      { error: { code: 'UNAUTHENTICATED', requestId: 'req_1' } },
      { code: 'UNAUTHENTICATED', requestId: 'req_1', isTransient: false, isOutcomeUnknown: false },
    ],
    [
      503,
      { error: { code: 'KILL_SWITCH' } },
      { code: 'KILL_SWITCH', isTransient: false, isOutcomeUnknown: false },
    ],
    [503, 'x', { code: undefined, isTransient: true, isOutcomeUnknown: true }],
    [
      429,
      { error: { code: 'RATE_LIMITED' } },
      { code: 'RATE_LIMITED', isTransient: true, isOutcomeUnknown: false },
    ],
    [409, { error: { code: 'lower case' } }, { code: undefined, isTransient: false }],
    [500, {}, { isTransient: true, isOutcomeUnknown: true }],
  ])('%i with %j is told by its code', async (status, body, expected) => {
    const { client } = await startUpstream((response) => sendJson(response, body, status))
    const failure = await failureOf(register(client))
    expect(failure).toMatchObject({ failure: 'status', status })
    for (const [name, value] of Object.entries(expected))
      expect([name, Reflect.get(failure, name)]).toEqual([name, value])
  })

  it('404 NOT_FOUND means that nothing is bound; any other 404 is an error', async () => {
    const bodies: unknown[] = [{ error: { code: 'NOT_FOUND' } }, { error: { code: 'OTHER' } }, '<h1>404</h1>']
    const { client } = await startUpstream((response) => sendJson(response, bodies.shift(), 404))
    expect(await find(client)).toBeUndefined()
    expect(await failureOf(find(client))).toMatchObject({ status: 404, code: 'OTHER' })
    expect(await failureOf(find(client))).toMatchObject({ status: 404, code: undefined })
  })

  it('does not get the key, the state or its own text into the error', async () => {
    const { client } = await startUpstream((response, request) =>
      sendJson(
        response,
        { error: { code: 'VALIDATION', message: `${String(request.headers.authorization)} ${STATE}` } },
        422,
      ),
    )
    const failure = await failureOf(register(client))
    const text =
      inspect(failure, { depth: null, showHidden: true }) + JSON.stringify(failure) + String(failure.stack)
    expect(text).not.toContain(KEY.slice(-20))
    expect(text).not.toContain(STATE)
  })
})
