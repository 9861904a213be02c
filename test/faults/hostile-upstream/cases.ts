// Ways in which a Layers that means harm, or is broken, can answer: a row each, with where a flow that meets it has to end.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { FlowStatus } from '../../../bff/contract.ts'

export interface Meeting {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Has the real Layers do what was asked; its answer. */
  readonly commit: () => Promise<{ readonly status: number; readonly text: string }>
  /** A host that nobody may be sent to. */
  readonly elsewhere: string
}

export interface Case {
  readonly name: string
  /** Which call meets it, the first time that it is made for a flow. */
  readonly on: 'post' | 'install-url'
  readonly answer: (meeting: Meeting) => unknown
  /** `binding`: still waiting, because it was told to wait longer than a run takes. Default `connected`. */
  readonly ends?: Extract<FlowStatus, 'connected' | 'blocked' | 'binding'>
  /** It sends more than it should, so it is met again when memory is measured. */
  readonly isLarge?: boolean
}

const JSON_TYPE = { 'content-type': 'application/json' }
const TEN_MEGABYTES = Buffer.alloc(10 * 1024 * 1024, 0x20)
const BOMB = gzipSync(TEN_MEGABYTES)
const REAL = {
  installationId: 1,
  githubAccount: { login: 'somebody-else', type: 'Organization' },
  status: 'active',
  registeredAt: '2031-05-04T12:15:00Z',
}

const say =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  ({ response }: Meeting): unknown =>
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body))
const fail = (status: number, code: string, headers?: Readonly<Record<string, string>>) =>
  say(status, { error: { code, message: 'No.', requestId: 'req_0' } }, headers)
const limit = (retryAfter: string) => fail(429, 'RATE_LIMITED', { 'retry-after': retryAfter })
const lead = (status: number) => (meeting: Meeting) =>
  meeting.response.writeHead(status, { location: `${meeting.elsewhere}/v1/github/installation` }).end()
const cut = ({ request }: Meeting): unknown => request.socket.destroy()
const raw =
  (text: string) =>
  ({ request }: Meeting): unknown =>
    request.socket.end(text)

/** A byte a second, until nobody listens any more. */
function drip({ response }: Meeting): void {
  response.writeHead(200, JSON_TYPE).flushHeaders()
  const timer = setInterval(() => response.write(' '), 1000)
  response.once('close', () => clearInterval(timer))
}

export const CASES: readonly Case[] = [
  { name: 'a reset before anything', on: 'post', answer: cut },
  { name: 'a reset in the head', on: 'post', answer: raw('HTTP/1.1 201 Crea') },
  {
    name: 'a reset in the body',
    on: 'post',
    answer: raw(
      'HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"insta',
    ),
  },
  {
    name: 'an answer lost after the binding was made',
    on: 'post',
    answer: async (meeting) => {
      await meeting.commit()
      cut(meeting)
    },
  },
  {
    name: 'an answer cut after the binding was made',
    on: 'post',
    answer: async (meeting) => {
      const { text } = await meeting.commit()
      const head = `content-type: application/json\r\ncontent-length: ${text.length}`
      meeting.request.socket.end(`HTTP/1.1 201 Created\r\n${head}\r\n\r\n${text.slice(0, 20)}`)
    },
  },
  {
    name: '500 after the binding was made',
    on: 'post',
    answer: async (meeting) => {
      await meeting.commit()
      fail(500, 'INTERNAL')(meeting)
    },
  },
  { name: '500', on: 'post', answer: fail(500, 'INTERNAL') },
  {
    name: '502 of a proxy',
    on: 'post',
    answer: ({ response }) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>502</h1>'),
  },
  { name: '503', on: 'post', answer: fail(503, 'UNAVAILABLE', { 'retry-after': '1' }) },
  { name: '503 by the kill switch', on: 'post', answer: fail(503, 'KILL_SWITCH'), ends: 'blocked' },
  { name: '429 with seconds', on: 'post', answer: limit('1') },
  {
    name: '429 with a date',
    on: 'post',
    answer: (meeting) => limit(new Date(Date.now() + 1000).toUTCString())(meeting),
  },
  { name: '429 with -1', on: 'post', answer: limit('-1') },
  { name: '429 with 1e12', on: 'post', answer: limit('1e12') },
  { name: '429 with a million million', on: 'post', answer: limit('1000000000000'), ends: 'binding' },
  {
    name: 'truncated JSON',
    on: 'post',
    answer: ({ response }) => response.writeHead(201, JSON_TYPE).end('{"installationId":7,"gith'),
  },
  {
    name: '10 MB',
    on: 'post',
    isLarge: true,
    answer: ({ response }) => response.writeHead(200, JSON_TYPE).end(TEN_MEGABYTES),
  },
  {
    name: '10 MB as an error',
    on: 'post',
    isLarge: true,
    answer: ({ response }) => response.writeHead(500, JSON_TYPE).end(TEN_MEGABYTES),
  },
  {
    name: '10 MB, compressed to 10 kB',
    on: 'post',
    isLarge: true,
    answer: ({ response }) => response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(BOMB),
  },
  {
    name: 'two thousand encodings',
    on: 'post',
    isLarge: true,
    answer: ({ response }) =>
      response
        .writeHead(200, { ...JSON_TYPE, 'content-encoding': Array(2000).fill('gzip').join(', ') })
        .end(BOMB),
  },
  {
    name: 'headers without end',
    on: 'post',
    isLarge: true,
    answer: ({ request }) =>
      request.socket.write(`HTTP/1.1 200 OK\r\n${`x: ${'y'.repeat(1000)}\r\n`.repeat(1000)}`),
  },
  { name: '301 elsewhere', on: 'post', answer: lead(301), ends: 'blocked' },
  { name: '302 elsewhere', on: 'post', answer: lead(302), ends: 'blocked' },
  { name: '307 elsewhere', on: 'post', answer: lead(307), ends: 'blocked' },
  { name: '308 elsewhere', on: 'post', answer: lead(308), ends: 'blocked' },
  {
    name: 'HTML with 200',
    on: 'post',
    answer: ({ response }) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hello</h1>'),
  },
  {
    name: 'a binding that says it is text',
    on: 'post',
    answer: ({ response }) =>
      response.writeHead(201, { 'content-type': 'text/plain' }).end(JSON.stringify(REAL)),
  },
  { name: 'another installation confirmed', on: 'post', answer: say(201, REAL) },
  { name: '204', on: 'post', answer: ({ response }) => response.writeHead(204).end() },
  { name: 'null', on: 'post', answer: say(200, null) },
  { name: 'no HTTP at all', on: 'post', answer: raw('220 mail.example ESMTP\r\n') },
  { name: 'a byte a second', on: 'post', answer: drip },
  {
    name: 'a byte a second after the binding was made',
    on: 'post',
    answer: async (meeting) => {
      await meeting.commit()
      drip(meeting)
    },
  },
  { name: 'silence', on: 'post', answer: () => undefined },
  { name: 'an install URL that is cut', on: 'install-url', answer: cut },
  { name: 'an install URL that is led elsewhere', on: 'install-url', answer: lead(307) },
  { name: 'an install URL that is refused by a rate limit', on: 'install-url', answer: limit('1') },
]
