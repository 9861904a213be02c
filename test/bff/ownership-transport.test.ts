// The way to GitHub's servers: what is sent, and what is made of answers that are hostile or broken.
import type { ServerResponse } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { GitHubError } from '../../bff/ownership/github-error.ts'
import { createGitHubTransport } from '../../bff/ownership/github-fetch.ts'
import { refusing, startGitHub } from './github-server.ts'
import { listen, sendJson } from './upstream-server.ts'

const NEVER = new AbortController().signal

function openTransport(origins: readonly string[], timeoutMs = 2000) {
  const transport = createGitHubTransport({ origins, timeoutMs })
  onTestFinished(() => transport.close())
  return transport
}

async function failureOf(call: Promise<unknown>): Promise<GitHubError> {
  const failure = await call.then(
    (answer) => ({ answer }),
    (error: unknown) => error,
  )
  if (!(failure instanceof GitHubError))
    throw new Error('the call did not fail as expected', { cause: failure })
  return failure
}

async function ask(answer: (response: ServerResponse) => void, method = 'GET') {
  const github = await startGitHub({ [`${method} /x`]: answer })
  const call = openTransport([github.url]).fetchUntil(NEVER)(`${github.url}/x`, { method })
  return { github, call }
}

const json = (response: ServerResponse, body: string | Buffer, headers = {}): void =>
  void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body)

describe('a call', () => {
  it('sends these headers and no others, whatever it is given', async () => {
    const github = await startGitHub({ 'POST /x': {} })
    await openTransport([github.url]).fetchUntil(NEVER)(`${github.url}/x`, {
      method: 'POST',
      headers: {
        authorization: 'token t',
        'content-type': 'application/json',
        accept: 'application/vnd.github.v3+json',
        'accept-encoding': 'gzip',
        cookie: 'session=1',
        'user-agent': 'octokit',
        'x-forwarded-for': '10.0.0.1',
      },
      body: '{}',
    })
    expect(github.received[0]?.headers).toEqual({
      host: new URL(github.url).host,
      connection: 'keep-alive',
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'connect-github-bff',
      'x-github-api-version': '2022-11-28',
      authorization: 'token t',
      'content-type': 'application/json',
      'content-length': '2',
    })
  })

  it.each(['https://github.com.evil.example/x', 'http://127.0.0.1:1/x', 'https://127.0.0.1/x'])(
    'goes to the configured origins only, not to %s',
    async (url) => {
      const github = await startGitHub()
      expect(await failureOf(openTransport([github.url]).fetchUntil(NEVER)(url))).toMatchObject({
        failure: 'redirect',
      })
    },
  )

  it('hands back the few headers that are read, and the body', async () => {
    const { call } = await ask((response) =>
      json(response, '{"a":1}', { link: '<x>; rel="next"', 'set-cookie': 'a=1', deprecation: 'now' }),
    )
    const response = await call
    expect(await response.json()).toEqual({ a: 1 })
    const names = [...response.headers.keys()]
    expect(names).toEqual(['content-type', 'date', 'link'])
  })
})

describe('a redirect', () => {
  it.each([300, 301, 302, 303, 304, 307, 308])(
    'with status %i is an error, and nothing reaches its target',
    async (status) => {
      let bytes = 0
      const target = await listen(
        createTcpServer((socket) => {
          bytes += 1
          socket.on('data', (chunk) => (bytes += chunk.length))
        }),
      )
      for (const method of ['GET', 'POST']) {
        const { call, github } = await ask(
          (response) => response.writeHead(status, { location: `${target}/x` }).end(),
          method,
        )
        expect(await failureOf(call)).toMatchObject({ failure: 'redirect', status })
        expect(github.received).toHaveLength(1)
      }
      expect(bytes).toBe(0)
    },
  )
})

describe('an answer that cannot be used is an error', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['HTML', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hello</h1>')],
    [
      'JSON that says it is HTML',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('{}'),
    ],
    ['JSON without a type', (response) => response.writeHead(200).end('{}')],
    ['gzip', (response) => json(response, gzipSync('{}'), { 'content-encoding': 'gzip' })],
    [
      'a bomb',
      (response) => json(response, gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }),
    ],
    ['gzip many times over', (response) => json(response, 'x', { 'content-encoding': 'gzip, gzip, gzip' })],
  ])('as %s', async (_, answer) => {
    const failure = await failureOf((await ask(answer)).call)
    expect(failure).toMatchObject({ failure: 'shape', status: 200 })
    expect(failure.message).not.toContain('hello')
  })

  it('of 10 MB, long before it has come', async () => {
    let sent = 0
    const { call } = await ask((response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const chunk = 'x'.repeat(64 * 1024)
      const push = (): void => {
        while (sent < 10 * 1024 * 1024 && !response.destroyed) {
          sent += chunk.length
          if (!response.write(chunk)) return void response.once('drain', push)
        }
        response.end()
      }
      push()
    }, 'POST')
    expect(['network', 'shape']).toContain((await failureOf(call)).failure)
    expect(sent).toBeLessThan(10 * 1024 * 1024)
  })

  it('that never comes, that drips, or that the caller has no more time for', async () => {
    const github = await startGitHub({
      'GET /silent': () => undefined,
      'GET /drip': (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const timer = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(timer))
      },
    })
    const brief = openTransport([github.url], 200).fetchUntil(NEVER)
    for (const path of ['/silent', '/drip'])
      expect(await failureOf(brief(github.url + path))).toMatchObject({ failure: 'timeout' })
    const patient = openTransport([github.url]).fetchUntil(AbortSignal.timeout(50))
    expect(await failureOf(patient(`${github.url}/silent`))).toMatchObject({ failure: 'timeout' })
    expect(github.received).toHaveLength(3)
  })

  it('when nobody listens, and the system’s code for it is kept', async () => {
    const server = createTcpServer()
    const url = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    const failure = await failureOf(openTransport([url]).fetchUntil(NEVER)(`${url}/x`))
    expect(failure).toMatchObject({ failure: 'network', code: 'ECONNREFUSED' })
    expect(failure.cause).toBeUndefined()
  })
})

describe('an error status', () => {
  it('comes with its JSON', async () => {
    const response = await (await ask(refusing(403, {}, 'Forbidden'))).call
    expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }])
  })

  it('comes without the page that a proxy put under it', async () => {
    const { call } = await ask((response) =>
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>hello</h1>'),
    )
    expect(await (await call).text()).toBe('')
  })
})

describe('a second try', () => {
  const failFirst = (fail: (response: ServerResponse) => void) => {
    let calls = 0
    return (response: ServerResponse): void => {
      calls += 1
      if (calls === 1) fail(response)
      else sendJson(response, { calls })
    }
  }

  it.each([
    ['a cut connection', (response: ServerResponse) => void response.destroy()],
    ['a 502', refusing(502)],
  ])('follows %s, for a GET', async (_, fail) => {
    const { call } = await ask(failFirst(fail))
    expect(await (await call).json()).toEqual({ calls: 2 })
  })

  it.each(['POST', 'DELETE'])('is not made of a %s', async (method) => {
    const { call, github } = await ask(
      failFirst((response) => void response.destroy()),
      method,
    )
    expect(await failureOf(call)).toMatchObject({ failure: 'network' })
    expect(github.received).toHaveLength(1)
  })

  it('is the last', async () => {
    const { call, github } = await ask(refusing(500))
    expect((await call).status).toBe(500)
    expect(github.received).toHaveLength(2)
  })

  it('is not made of what GitHub refused', async () => {
    const { call, github } = await ask(refusing(429))
    expect((await call).status).toBe(429)
    expect(github.received).toHaveLength(1)
  })
})
