// Answers of the Layers API that cannot be used: each is an error in time, and none is taken for a binding.
import type { ServerResponse } from 'node:http'
import { connect, createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  BINDING,
  createClient,
  failureOf,
  find,
  listen,
  register,
  sendJson,
  startUpstream,
} from './upstream-server.ts'

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
    [
      'gzip two thousand times over',
      (response) =>
        response
          .writeHead(200, {
            'content-type': 'application/json',
            'content-encoding': Array(2000).fill('gzip').join(','),
          })
          .end('x'),
    ],
    [
      'ten megabytes in ten kilobytes of gzip',
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(10 * 1024 * 1024, ' '))),
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
    const client = createClient(url)
    expect(await failureOf(find(client))).toMatchObject({ failure: 'network' })
  })

  it('with headers without end', async () => {
    const url = await listen(
      createTcpServer((socket) =>
        socket.write(`HTTP/1.1 200 OK\r\n${`x: ${'y'.repeat(1000)}\r\n`.repeat(100)}`),
      ),
    )
    const client = createClient(url)
    expect(await failureOf(find(client))).toMatchObject({ failure: 'network' })
  })

  it('when nobody listens', async () => {
    const server = createTcpServer()
    const url = await listen(server)
    await new Promise((resolve) => server.close(resolve))
    const client = createClient(url)
    expect(await failureOf(find(client))).toMatchObject({ failure: 'network' })
    await new Promise((resolve) => connect(Number(new URL(url).port)).on('error', resolve))
  })
})
