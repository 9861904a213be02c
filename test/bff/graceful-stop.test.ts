// How a server ends while customers, balancers and strangers hold connections to it.
import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startServer, type Bff, type BffServer } from '../../bff/index.ts'

afterEach(() => void vi.useRealTimers())

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** A server whose BFF answers as told; `order` is what it was asked to do. */
async function start({ answer, drainMs = 0 }: { answer: Answer; drainMs?: number }) {
  const order: string[] = []
  const running = new Set<Promise<void>>()
  const bff: Bff = {
    handler(request, response) {
      const answered = answer(request, response)
      running.add(answered)
      return answered
    },
    middleware: () => undefined,
    metrics: () => Promise.resolve(''),
    reload: () => Promise.resolve(true),
    ready: Promise.resolve(),
    drain: () => void order.push('drain'),
    async close() {
      order.push('close')
      await Promise.all(running)
    },
  }
  const server = await startServer(bff, { host: '127.0.0.1', port: 0, drainMs })
  onTestFinished(() => server.stop().catch(() => undefined))
  return { server, order }
}

const say =
  (text: string): Answer =>
  async (_request, response) =>
    void response.end(text)

/** Answers when it is let go. */
function hold() {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const answer: Answer = async (_request, response) => {
    arrive()
    await released
    response.end('late')
  }
  return { answer, arrived, release }
}

const keptConnections = () => {
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  return agent
}

function get(server: BffServer, agent = keptConnections()): Promise<IncomingMessage> {
  return new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: server.port, agent }, resolve).on('error', reject).end()
  })
}

/** As many turns of the event loop as a stop takes before it closes the server. */
async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

async function openSocket(server: BffServer, text = ''): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

describe('a server that stops', () => {
  it('closes kept connections at once, long before their idle time is over', async () => {
    const { server } = await start({ answer: say('hello') })
    const response = await get(server)
    expect(response.headers.connection).toBe('keep-alive')
    const closed = once(response.socket, 'close')
    response.resume()
    await once(response, 'end')
    await expect(server.stop()).resolves.toBeUndefined()
    await closed
  })

  it('says Connection: close on what was asked before', async () => {
    const { answer, arrived, release } = hold()
    const { server } = await start({ answer })
    const getting = get(server)
    await arrived
    const stopping = server.stop()
    release()
    const response = await getting
    expect(response.headers.connection).toBe('close')
    response.resume()
    await stopping
  })

  it('answers who had connected before it stopped listening, also when it was too busy to notice', async () => {
    const { server } = await start({ answer: say('hello') })
    const getting = Array.from({ length: 50 }, () => get(server))
    // By now they are connected as far as the system is concerned, and not yet as far as Node is.
    await new Promise((resolve) => process.nextTick(resolve))
    const stopping = server.stop()
    const busyUntil = performance.now() + 20
    while (performance.now() < busyUntil);
    const responses = await Promise.all(getting)
    for (const response of responses) response.resume()
    expect(responses.map(({ statusCode }) => statusCode)).toEqual(responses.map(() => 200))
    await stopping
  })

  it('serves on through its delay, with Connection: close, and then closes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { server, order } = await start({ answer: say('hello'), drainMs: 5_000 })
    const stopping = server.stop()
    await vi.advanceTimersByTimeAsync(4_999)
    const response = await get(server)
    expect(response.headers.connection).toBe('close')
    response.resume()
    expect(order).toEqual(['drain'])
    await vi.advanceTimersByTimeAsync(1)
    await stopping
    expect(order).toEqual(['drain', 'close'])
    await expect(get(server)).rejects.toThrow('ECONNREFUSED')
  })

  it('waits no longer when it is told so again', async () => {
    const { server, order } = await start({ answer: say('hello'), drainMs: 3_600_000 })
    const stopping = server.stop()
    expect(order).toEqual(['drain'])
    await server.stop()
    await stopping
    expect(order).toEqual(['drain', 'close'])
  })

  it('sends an answer to its end, also to who reads it slowly', async () => {
    const size = 32 * 1024 * 1024
    const { server } = await start({
      answer: async (_request, response) => void response.end(Buffer.alloc(size)),
    })
    const response = await get(server)
    const stopping = server.stop()
    let length = 0
    for await (const chunk of response) length += Buffer.byteLength(chunk)
    expect(length).toBe(size)
    await stopping
  })

  it('does not wait for who never reads', async () => {
    const { server, order } = await start({
      answer: async (_request, response) => void response.end(Buffer.alloc(32 * 1024 * 1024)),
    })
    const response = await get(server)
    await server.stop()
    expect(order).toEqual(['drain', 'close'])
    response.destroy()
  })

  it('does not wait for connections on which nothing was asked, or not a whole head', async () => {
    const { server } = await start({ answer: say('hello') })
    const sockets = [
      await openSocket(server),
      await openSocket(server, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '),
    ]
    const closed = sockets.map((socket) => once(socket, 'close'))
    await expect(server.stop()).resolves.toBeUndefined()
    await Promise.all(closed)
  })

  it('does not wait for a body that does not come', async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
    const { server } = await start({
      async answer(request, response) {
        arrive()
        await once(request, 'error')
        response.destroy()
      },
    })
    const socket = await openSocket(server, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1')
    await arrived
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const closed = once(socket, 'close')
    const stopping = server.stop()
    await vi.advanceTimersByTimeAsync(0)
    await someTurns()
    await vi.advanceTimersByTimeAsync(10_000)
    await closed
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(stopping).resolves.toBeUndefined()
  })
})
