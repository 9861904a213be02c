// The client of the Layers API against servers that misbehave: nothing is followed, nothing is waited for, nothing leaks.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { Secret } from '../../bff/secret.ts'
import { createLayersClient, type LayersClient } from '../../bff/upstream/layers-client.ts'
import { UpstreamError } from '../../bff/upstream/upstream-error.ts'
import { createCanaryKey } from '../stack/artefacts.ts'

const KEY = createCanaryKey()
const STATE = 'St4t3-of-this-test_0123456789abc'
const cleanUp: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

async function listen(server: Server | TcpServer): Promise<string> {
  // The client cuts what it has had enough of.
  server.on('connection', (socket: Socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

interface Upstream {
  readonly url: string
  readonly client: LayersClient
  readonly received: { request: IncomingMessage; body: string }[]
}

async function startUpstream(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
  options: { timeoutMs?: number; path?: string } = {},
): Promise<Upstream> {
  const received: Upstream['received'] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      received.push({ request, body })
      answer(response, request)
    })
  })
  const url = await listen(server)
  const client = createLayersClient({
    baseUrl: new URL(url + (options.path ?? '')),
    key: new Secret(KEY),
    timeoutMs: options.timeoutMs ?? 2000,
  })
  cleanUp.push(() => client.close())
  return { url, client, received }
}

const BINDING = {
  installationId: 7,
  githubAccount: { login: 'acme-coffee', type: 'Organization' },
  status: 'active',
  registeredAt: '2031-05-04T12:15:00.123456+00:00',
}
const sendJson = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
const register = (client: LayersClient) =>
  client.registerInstallation({
    organization: 'org_1',
    installationId: 7,
    state: STATE,
    idempotencyKey: 'idem-1',
  })
const find = (client: LayersClient) => client.findBinding({ organization: null })

async function failureOf(call: Promise<unknown>): Promise<UpstreamError> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof UpstreamError))
    throw new Error('the call did not fail as expected', { cause: failure })
  return failure
}

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
      'idempotency-key': 'idem-1',
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

describe('an answer that cannot be used is an error', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    [
      'HTML with status 200',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hello</h1>'),
    ],
    [
      'JSON that says it is HTML',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(JSON.stringify(BINDING)),
    ],
    ['JSON without a type', (response) => response.writeHead(200).end(JSON.stringify(BINDING))],
    [
      'JSON that says it is something like JSON',
      (response) =>
        response.writeHead(200, { 'content-type': 'application/jsonp' }).end(JSON.stringify(BINDING)),
    ],
    [
      'gzip',
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(JSON.stringify(BINDING))),
    ],
    [
      'gzip many times over',
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip, gzip, gzip' })
          .end('x'),
    ],
    ['nothing', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end()],
    ['204', (response) => response.writeHead(204).end()],
    [
      'cut JSON',
      (response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"installationId":7'),
    ],
    ['a list', (response) => sendJson(response, [BINDING])],
    ['null', (response) => sendJson(response, null)],
    ['other types', (response) => sendJson(response, { ...BINDING, installationId: '7' })],
    [
      'nested deeply',
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(`${'['.repeat(30_000)}${']'.repeat(30_000)}`),
    ],
    [
      'fields in the prototype',
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(`{"__proto__":${JSON.stringify(BINDING)}}`),
    ],
  ])('as %s', async (_, answer) => {
    const { client } = await startUpstream(answer)
    const failure = await failureOf(register(client))
    expect(failure).toMatchObject({ failure: 'shape', isOutcomeUnknown: true })
    expect(failure.message).not.toContain('hello')
  })

  it('of 10 MB, long before it has come', async () => {
    let sent = 0
    const { client } = await startUpstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const chunk = 'x'.repeat(16 * 1024)
      const push = (): void => {
        while (sent < 10 * 1024 * 1024 && !response.destroyed) {
          sent += chunk.length
          if (!response.write(chunk)) return void response.once('drain', push)
        }
        response.end()
      }
      push()
    })
    const failure = await failureOf(register(client))
    expect(['network', 'shape']).toContain(failure.failure)
    expect(failure.isOutcomeUnknown).toBe(true)
    expect(sent).toBeLessThan(10 * 1024 * 1024)
  })

  it('that drips, after the time for the whole call', async () => {
    const { client } = await startUpstream(
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const timer = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(timer))
      },
      { timeoutMs: 300 },
    )
    const startedAt = performance.now()
    expect(await failureOf(register(client))).toMatchObject({ failure: 'timeout', isOutcomeUnknown: true })
    expect(performance.now() - startedAt).toBeLessThan(2000)
  })

  it('that never comes, after the time for the whole call', async () => {
    const { client } = await startUpstream(() => undefined, { timeoutMs: 200 })
    expect(await failureOf(find(client))).toMatchObject({ failure: 'timeout', isTransient: true })
  })

  it('that is cut in the middle of its body', async () => {
    const { client } = await startUpstream((response) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
        .write('{"installationId":7,')
      setImmediate(() => response.destroy())
    })
    expect(await failureOf(register(client))).toMatchObject({ failure: 'network', isOutcomeUnknown: true })
  })

  it('that is no HTTP', async () => {
    const url = await listen(createTcpServer((socket) => socket.end('220 mail.example ESMTP\r\n')))
    const client = createLayersClient({ baseUrl: new URL(url), key: new Secret(KEY) })
    cleanUp.push(() => client.close())
    expect(await failureOf(find(client))).toMatchObject({ failure: 'network' })
  })

  it('with headers without end', async () => {
    const url = await listen(
      createTcpServer((socket) =>
        socket.write(`HTTP/1.1 200 OK\r\n${`x: ${'y'.repeat(1000)}\r\n`.repeat(100)}`),
      ),
    )
    const client = createLayersClient({ baseUrl: new URL(url), key: new Secret(KEY), timeoutMs: 2000 })
    cleanUp.push(() => client.close())
    expect(await failureOf(find(client))).toMatchObject({ failure: 'network' })
  })

  it('when nobody listens', async () => {
    const server = createTcpServer()
    const url = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    const client = createLayersClient({ baseUrl: new URL(url), key: new Secret(KEY) })
    cleanUp.push(() => client.close())
    expect(await failureOf(find(client))).toMatchObject({ failure: 'network' })
    await new Promise((resolve) => connect(Number(new URL(url).port)).on('error', resolve))
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
