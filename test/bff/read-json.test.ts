// How a JSON body is read: from the socket, or from where a host's parser left it; and what is said of one that cannot be.
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ConnectError } from '../../bff/errors.ts'
import { readJson } from '../../bff/middleware/read-json.ts'
import { buildRequest, sendBytes, type RawHeaders } from './raw-request.ts'

const JSON_TYPE: RawHeaders = [['Content-Type', 'application/json']]
const LIMIT = 4096
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

type Outcome = { readonly body: unknown } | { readonly code: string; readonly detail: string | undefined }

interface Reader {
  readonly url: string
  /** What became of the request that came next. */
  readonly outcome: Promise<Outcome>
}

/** @param before what the host does with a request first. */
async function startReader(before: (request: IncomingMessage) => unknown = () => undefined): Promise<Reader> {
  const { promise: outcome, resolve } = Promise.withResolvers<Outcome>()
  async function answer(request: IncomingMessage): Promise<Outcome> {
    try {
      await before(request)
      return { body: await readJson(request) }
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error
      return { code: error.code, detail: error.detail }
    }
  }
  const listener: RequestListener = (request, response) => {
    void (async () => {
      resolve(await answer(request))
      response.end('{}')
    })()
  }
  const server = createServer(listener)
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { url: `http://127.0.0.1:${address.port}`, outcome }
}

async function read(
  body: string | Buffer | undefined,
  headers: RawHeaders = JSON_TYPE,
  before?: (request: IncomingMessage) => unknown,
): Promise<Outcome> {
  const reader = await startReader(before)
  const all: RawHeaders = [['Host', 'localhost'], ...headers]
  const bytes = buildRequest({
    method: 'POST',
    target: '/',
    headers: all,
    ...(body === undefined ? {} : { body }),
  })
  await sendBytes(reader.url, bytes)
  return reader.outcome
}

/** A JSON text of exactly so many bytes. */
const textOf = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2))

describe('a content type', () => {
  it.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json ;  charset=utf-8  ',
  ])('“%s” is read', async (type) => {
    expect(await read('{"a":1}', [['Content-Type', type]])).toEqual({ body: { a: 1 } })
  })

  it.each([
    'application/jsonp',
    'application/json; charset=latin1',
    'application/json; charset=utf-8; x=y',
    'application/json; charset=utf-8x',
    'text/plain; application/json',
    'text/application/json',
    '',
  ])('“%s” is refused', async (type) => {
    const refused = { code: 'unsupported_media_type', detail: undefined }
    expect(await read('{"a":1}', [['Content-Type', type]])).toEqual(refused)
  })

  it('that is missing is refused', async () => {
    expect(await read('{"a":1}', [])).toMatchObject({ code: 'unsupported_media_type' })
  })
})

describe('a body from the socket', () => {
  it('is parsed, and an empty one is an empty object', async () => {
    expect(await read('[1,{"a":"é"}]')).toEqual({ body: [1, { a: 'é' }] })
    expect(await read('')).toEqual({ body: {} })
    expect(await read(undefined)).toEqual({ body: {} })
  })

  it('of 4096 bytes is read, and one more is too large, whether its length is given or it comes in chunks', async () => {
    const chunked: RawHeaders = [...JSON_TYPE, ['Transfer-Encoding', 'chunked']]
    const inChunks = (text: string): Buffer =>
      Buffer.from(
        [text.slice(0, 2000), text.slice(2000)]
          .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
          .join('') + '0\r\n\r\n',
      )
    const sendChunks = async (text: string): Promise<Outcome> => {
      const reader = await startReader()
      const head = buildRequest({ method: 'POST', target: '/', headers: [['Host', 'x'], ...chunked] })
      await sendBytes(reader.url, Buffer.concat([head, inChunks(text)]))
      return reader.outcome
    }
    const tooLarge = { code: 'payload_too_large', detail: undefined }
    expect(await read(textOf(LIMIT))).toEqual({ body: 'x'.repeat(LIMIT - 2) })
    expect(await read(textOf(LIMIT + 1))).toEqual(tooLarge)
    expect(await sendChunks(textOf(LIMIT))).toEqual({ body: 'x'.repeat(LIMIT - 2) })
    expect(await sendChunks(textOf(LIMIT + 1))).toEqual(tooLarge)
  })

  it('is refused by its length before any of it is there', async () => {
    const reader = await startReader()
    const headers: RawHeaders = [['Host', 'x'], ...JSON_TYPE, ['Content-Length', String(LIMIT + 1)]]
    void sendBytes(reader.url, buildRequest({ method: 'POST', target: '/', headers }))
    expect(await reader.outcome).toEqual({ code: 'payload_too_large', detail: undefined })
  })

  it.each<[string, string | Buffer, string]>([
    ['is no JSON', '{', 'the body is not JSON'],
    ['is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'the body is not UTF-8'],
    // Without its mark at the start, which is no part of the text.
    ['has a byte order mark within', '{"a":\ufeff1}', 'the body is not JSON'],
  ])('that %s is refused, and the log says why', async (_, body, detail) => {
    expect(await read(body)).toEqual({ code: 'invalid_request', detail })
  })

  it('that is cut off is a bad request and no failure of the server', async () => {
    const reader = await startReader()
    const socket = connect(Number(new URL(reader.url).port), '127.0.0.1')
    const head =
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'
    socket.write(head, () => socket.destroy())
    expect(await reader.outcome).toEqual({ code: 'invalid_request', detail: 'the request was cut off' })
  })
})

describe('behind a host’s body parser', () => {
  const drain = async (request: IncomingMessage): Promise<void> => {
    for await (const chunk of request) void chunk
  }
  const parsedAs = (body: unknown) => async (request: IncomingMessage) => {
    await drain(request)
    Object.assign(request, { body })
  }

  it('the parsed body counts, once the socket is drained', async () => {
    expect(await read('{"a":1}', JSON_TYPE, parsedAs({ a: 2 }))).toEqual({ body: { a: 2 } })
    expect(await read('null', JSON_TYPE, parsedAs(null))).toEqual({ body: null })
  })

  it('a body that is there although nobody has read the socket does not count', async () => {
    const before = (request: IncomingMessage): unknown => Object.assign(request, { body: { a: 2 } })
    expect(await read('{"a":1}', JSON_TYPE, before)).toEqual({ body: { a: 1 } })
  })

  it('a drained socket without a parsed body is an empty object', async () => {
    expect(await read('{"a":1}', JSON_TYPE, drain)).toEqual({ body: {} })
    expect(await read('{"a":1}', JSON_TYPE, parsedAs(undefined))).toEqual({ body: {} })
  })

  it('the same limit holds', async () => {
    expect(await read('{}', JSON_TYPE, parsedAs('x'.repeat(LIMIT - 2)))).toEqual({
      body: 'x'.repeat(LIMIT - 2),
    })
    const tooLarge = { code: 'payload_too_large', detail: undefined }
    expect(await read('{}', JSON_TYPE, parsedAs('x'.repeat(LIMIT - 1)))).toEqual(tooLarge)
  })

  it('a content type that is not JSON’s is refused all the same', async () => {
    const type: RawHeaders = [['Content-Type', 'text/plain']]
    expect(await read('{}', type, parsedAs({ a: 2 }))).toMatchObject({ code: 'unsupported_media_type' })
  })

  it('a socket that was set to text is refused, and the log says why', async () => {
    const before = (request: IncomingMessage): unknown => request.setEncoding('utf8')
    const detail = 'the body was read as text before'
    expect(await read('{"a":1}', JSON_TYPE, before)).toEqual({ code: 'invalid_request', detail })
  })
})
