// What connections can hold of a server: of one address, with nothing going on, and of clients that do not read.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { CONNECTION_LIMITS, limitConnections, type ConnectionLimits } from '../../bff/connection-limits.ts'

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
/** More than the buffers of both ends of a loopback connection hold. */
const ANSWER = 'x'.repeat(16 * 1024 * 1024)

let server: Server
const sockets: Socket[] = []
/** When each of them is closed. */
const closings = new WeakMap<Socket, Promise<unknown>>()
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  server.closeAllConnections()
  server.close()
})

async function start(
  limits: Partial<ConnectionLimits> | null,
  { trustedProxies = [], answer = 'ok' }: { trustedProxies?: string[]; answer?: string } = {},
): Promise<void> {
  server = createServer((_request, response) => void response.end(answer))
  if (limits !== null) limitConnections(server, { ...CONNECTION_LIMITS, ...limits }, trustedProxies)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
}

function open(localAddress = '127.0.0.1'): Socket {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('it listens on a port')
  const socket = connect({ host: '127.0.0.1', port: address.port, localAddress })
  socket.on('error', () => undefined)
  sockets.push(socket)
  closings.set(socket, once(socket, 'close'))
  return socket
}

/** What one request gets on the connection, which stays open; '' when it is closed instead. */
async function ask(socket: Socket): Promise<string> {
  socket.write(REQUEST)
  const data = await Promise.race([once(socket, 'data').then(String), closings.get(socket)?.then(() => '')])
  return /^HTTP\/1\.1 (\d{3})/.exec(data ?? '')?.[1] ?? ''
}

describe('connections of one address', () => {
  it('beyond the limit are closed unread; others are not, and a place that is free is given away again', async () => {
    await start({ maxConnectionsPerAddress: 2 })
    const [first, second, third] = [open(), open(), open()]
    expect([await ask(first), await ask(second), await ask(third)]).toEqual(['200', '200', ''])
    expect(await ask(open('127.0.0.2'))).toBe('200')
    first.destroy()
    await untilServerHas(2)
    expect(await ask(open())).toBe('200')
  })

  it('are not counted for a listed proxy, through which everybody comes', async () => {
    await start({ maxConnectionsPerAddress: 1 }, { trustedProxies: ['127.0.0.0/8'] })
    for (let count = 0; count < 5; count += 1) expect(await ask(open())).toBe('200')
  })
})

/** Resolves when so many connections are left. */
async function untilServerHas(count: number): Promise<void> {
  for (;;) {
    const { promise, resolve } = Promise.withResolvers<number>()
    server.getConnections((_error, connections) => resolve(connections))
    if ((await promise) <= count) return
    await new Promise((next) => setImmediate(next))
  }
}

describe('when all places are taken', () => {
  it('connections on which nothing goes on make room', async () => {
    await start({ maxConnections: 2 })
    const idle = [open(), open()]
    for (const socket of idle) expect(await ask(socket)).toBe('200')
    expect(await ask(open())).toBe('')
    for (const socket of idle) await closings.get(socket)
    expect(await ask(open())).toBe('200')
  })

  it('without that, they keep everybody out', async () => {
    await start(null)
    server.maxConnections = 2
    const idle = [open(), open()]
    for (const socket of idle) expect(await ask(socket)).toBe('200')
    for (let count = 0; count < 3; count += 1) expect(await ask(open())).toBe('')
    expect(idle.map((socket) => socket.destroyed)).toEqual([false, false])
  })
})

describe('a client that does not read its answer', () => {
  it('is cut off after a while', async () => {
    await start({ readingTimeoutMs: 200 }, { answer: ANSWER })
    const connected = once(server, 'connection')
    const socket = open()
    socket.pause()
    socket.write(REQUEST)
    await connected
    await untilServerHas(0)
    socket.resume()
    // Not even then does it get the whole.
    await closings.get(socket)
    expect(socket.bytesRead).toBeLessThan(ANSWER.length)
  })

  it('is served to the end when it does read', async () => {
    await start({ readingTimeoutMs: 5_000 }, { answer: ANSWER })
    const socket = open()
    socket.write(REQUEST.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
    let size = 0
    socket.on('data', (chunk) => (size += chunk.length))
    await once(socket, 'close')
    expect(size).toBeGreaterThan(ANSWER.length)
  })
})
