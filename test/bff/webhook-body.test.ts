// The bytes of a webhook's body: as they were sent, or a reason why they cannot be had, within limits on size, time and number.
import { createServer, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { readRawBody, type BodyLimits, type RawBody } from '../../bff/webhooks/read-raw-body.ts'

const LIMITS: BodyLimits = { maxBytes: 1000, timeoutMs: 60_000, maxAtOnce: 2, maxAtOncePerAddress: 2 }
const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const step of cleanUp.splice(0).toReversed()) step()
})

interface Upload {
  readonly client: ClientRequest
  /** What the server got, and the status the client was answered with: 200 whatever it is. */
  readonly result: Promise<RawBody>
  readonly status: Promise<number>
}

/** A server that hands each request to `prepare` before the body is read, and a request whose headers are sent. */
async function startUpload(
  limits: BodyLimits = LIMITS,
  prepare: (request: IncomingMessage) => Promise<void> | void = () => undefined,
): Promise<{ open: (headers?: Record<string, string>, body?: string) => Promise<Upload> }> {
  const results = new Map<string, (body: RawBody) => void>()
  const arrivals = new Map<string, () => void>()
  const server = createServer((request, response) => {
    void (async () => {
      await prepare(request)
      const reading = readRawBody(request, String(request.headers['x-address'] ?? 'one'), limits)
      const name = String(request.headers['x-name'])
      arrivals.get(name)?.()
      results.get(name)?.(await reading)
      response.end()
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => server.closeAllConnections())
  cleanUp.push(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  let count = 0
  return {
    async open(headers = {}, body) {
      const name = String((count += 1))
      const { promise: result, resolve } = Promise.withResolvers<RawBody>()
      const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
      results.set(name, resolve)
      arrivals.set(name, arrive)
      const client = httpRequest({ port, method: 'POST', headers: { 'x-name': name, ...headers } })
      const status = new Promise<number>((done) => {
        client.on('response', (response) => done(response.resume().statusCode ?? 0))
        client.on('error', () => done(0))
      })
      if (body === undefined) client.flushHeaders()
      else client.end(body)
      await arrived
      return { client, result, status }
    },
  }
}

async function upload(chunks: readonly (string | Buffer)[], headers?: Record<string, string>) {
  const { open } = await startUpload()
  const { client, result, status } = await open(headers)
  for (const chunk of chunks) client.write(chunk)
  client.end()
  return { body: await result, status: await status }
}

it('is exactly what was sent, in however many pieces', async () => {
  const bytes = Buffer.from([0, 255, 13, 10, 123, 195, 164])
  expect(await upload([bytes, 'more', ''])).toEqual({
    body: { bytes: Buffer.concat([bytes, Buffer.from('more')]) },
    status: 200,
  })
  expect((await upload([])).body).toEqual({ bytes: Buffer.alloc(0) })
})

it('of the most bytes is read, and of one more is not, and both are answered', async () => {
  expect((await upload(['x'.repeat(1000)])).body).toEqual({ bytes: Buffer.from('x'.repeat(1000)) })
  expect(await upload(['x'.repeat(600), 'x'.repeat(401)])).toEqual({
    body: { problem: 'too_large' },
    status: 200,
  })
})

it('that is announced as too large is not waited for', async () => {
  const { open } = await startUpload()
  const { result, status } = await open({ 'content-length': '1001' })
  expect([await result, await status]).toEqual([{ problem: 'too_large' }, 200])
})

it('that does not come in time is given up, and answered', async () => {
  const { open } = await startUpload({ ...LIMITS, timeoutMs: 20 })
  const { client, result, status } = await open({ 'content-length': '5' })
  client.write('x')
  expect([await result, await status]).toEqual([{ problem: 'too_slow' }, 200])
})

it('that is cut off is no body', async () => {
  const { open } = await startUpload()
  const { client, result } = await open({ 'content-length': '5' })
  client.write('x')
  client.destroy()
  expect(await result).toEqual({ problem: 'cut' })
})

it.each<[string, (request: IncomingMessage) => Promise<void> | void]>([
  [
    'to its end',
    async (request) => {
      for await (const _ of request);
    },
  ],
  [
    'in part',
    async (request) => {
      await new Promise((resolve) => request.once('readable', resolve))
      request.read(1)
    },
  ],
  ['as text', (request) => void request.setEncoding('utf8')],
])('that the host has read %s is gone', async (_, prepare) => {
  const { open } = await startUpload(LIMITS, prepare)
  const { result } = await open({}, 'hello')
  expect(await result).toEqual({ problem: 'consumed' })
})

it('is read for so many of one address at once and no more, and for others besides', async () => {
  const { open } = await startUpload({ ...LIMITS, maxAtOnce: 3, maxAtOncePerAddress: 1 })
  const first = await open({ 'x-address': 'one' })
  expect(await (await open({ 'x-address': 'one' })).result).toEqual({ problem: 'address_busy' })
  const other = await open({ 'x-address': 'other' })
  first.client.end('first')
  expect(await first.result).toEqual({ bytes: Buffer.from('first') })
  expect(await (await open({ 'x-address': 'other' })).result).toEqual({ problem: 'address_busy' })
  const again = await open({ 'x-address': 'one' })
  for (const { client } of [other, again]) client.end('x')
  for (const { result } of [other, again]) expect(await result).toEqual({ bytes: Buffer.from('x') })
})

it('is read for so many at once and no more, and again when one has ended', async () => {
  const { open } = await startUpload()
  const [first, second] = [await open(), await open()]
  expect(await (await open({ 'x-address': 'other' })).result).toEqual({ problem: 'busy' })
  first.client.end('first')
  expect(await first.result).toEqual({ bytes: Buffer.from('first') })
  const fourth = await open()
  second.client.destroy()
  fourth.client.end('fourth')
  expect(await Promise.all([second.result, fourth.result])).toEqual([
    { problem: 'cut' },
    { bytes: Buffer.from('fourth') },
  ])
})
