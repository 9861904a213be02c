// A host whose own parts fail: an identify() that hangs, a log that throws, a request that never ends.
import { IncomingMessage, request as httpRequest } from 'node:http'
import { Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { identifyRequest } from '../../bff/identify.ts'
import { startServer, type Bff } from '../../bff/index.ts'
import { startStack } from '../stack/start-stack.ts'

const IDENTIFY_TIMEOUT_MS = 5_000
const HARD_STOP_MS = 20_000

afterEach(() => {
  vi.useRealTimers()
})

/** What has become of a promise by now. */
function watch(promise: Promise<unknown>): { outcome: unknown } {
  const watched: { outcome: unknown } = { outcome: 'pending' }
  promise.then(
    () => (watched.outcome = 'done'),
    (error: unknown) => (watched.outcome = error),
  )
  return watched
}

describe('an identify() that hangs', () => {
  it('fails the request after five seconds, and says so to the operator', async () => {
    vi.useFakeTimers()
    const hanging = watch(
      identifyRequest(() => new Promise(() => undefined), new IncomingMessage(new Socket())),
    )
    await vi.advanceTimersByTimeAsync(IDENTIFY_TIMEOUT_MS - 1)
    expect(hanging.outcome).toBe('pending')
    await vi.advanceTimersByTimeAsync(1)
    expect(hanging.outcome).toMatchObject({
      code: 'internal',
      status: 500,
      detail: expect.stringContaining('did not answer within 5000 ms; nobody is let in'),
    })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no timer behind when it answers, or throws', async () => {
    vi.useFakeTimers()
    const request = new IncomingMessage(new Socket())
    expect(await identifyRequest(() => null, request)).toBeNull()
    const broken = identifyRequest(() => Promise.reject(new Error('the session store is down')), request)
    await expect(broken).rejects.toMatchObject({ code: 'internal' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('holds up nobody else', async () => {
    const { promise: asked, resolve } = Promise.withResolvers<void>()
    const { promise: answer, resolve: letGo } = Promise.withResolvers<null>()
    const identity = { tenantId: 'northwind', userId: 'bob', canConnect: true }
    const stack = await startStack({
      bff: {
        identify: ({ headers }) => {
          if (headers.cookie?.includes('session=bob') === true) return identity
          resolve()
          return answer
        },
      },
    })
    try {
      const hanging = stack.browser('ann').fetchJson('GET', '/connection')
      const watched = watch(hanging)
      await asked
      const { flow } = await stack.browser('bob').connect()
      expect(flow).toMatchObject({ status: 'waiting' })
      expect(watched.outcome).toBe('pending')
      letGo(null)
      expect(await hanging).toMatchObject({ status: 401 })
    } finally {
      await stack.close()
    }
  })
})

describe('a server that is stopped while a request hangs', () => {
  /** Starts a server whose BFF never answers, and sends it a request. */
  async function startHanging() {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    const { promise: closing, resolve: beginToClose } = Promise.withResolvers<void>()
    const order: string[] = []
    const bff: Bff = {
      handler: () => {
        arrive()
        return released
      },
      middleware: () => released,
      metrics: () => Promise.resolve(''),
      reload: () => Promise.resolve(true),
      ready: Promise.resolve(),
      drain: () => void order.push('drain'),
      close: () => {
        order.push('close')
        beginToClose()
        return released
      },
    }
    const server = await startServer(bff, { host: '127.0.0.1', port: 0 })
    const { promise: cut, resolve: noteCut } = Promise.withResolvers<string>()
    const request = httpRequest(`http://127.0.0.1:${server.port}/`, () => noteCut('answered'))
    request.on('error', (error) => noteCut('code' in error ? String(error.code) : error.message))
    request.end()
    await arrived
    return { server, cut, release, closing, order }
  }

  it('ends after twenty seconds, and cuts the request', async () => {
    const { server, cut, release, closing, order } = await startHanging()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
    const stopping = server.stop()
    stopping.catch(() => undefined)
    const watched = watch(stopping)
    await vi.advanceTimersByTimeAsync(0)
    await closing
    await vi.advanceTimersByTimeAsync(HARD_STOP_MS - 1)
    expect(watched.outcome).toBe('pending')
    expect(order).toEqual(['drain', 'close'])
    await vi.advanceTimersByTimeAsync(1)
    await expect(stopping).rejects.toThrow('the stop took longer than 20 seconds and was cut')
    expect(await cut).toBe('ECONNRESET')
    release()
  })
})

it('answers and connects as ever when the host’s log throws', async () => {
  let calls = 0
  const stack = await startStack({
    bff: {
      logStream: {
        write: () => {
          calls += 1
          throw new Error('the disk is full')
        },
      },
    },
  })
  try {
    const ann = stack.browser('ann')
    const { flow } = await ann.connect()
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
    // What is logged because it was refused is answered as what it is, not as a failure.
    expect((await stack.browser(null).fetchJson('GET', '/connection')).status).toBe(401)
    expect((await ann.navigate('/return?state=unknown')).status).toBe(303)
    expect(calls).toBeGreaterThan(5)
  } finally {
    await stack.close()
  }
})
