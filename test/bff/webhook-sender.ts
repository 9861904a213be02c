// Sends webhooks from any address, and holds some in the middle of their body, as one does who wants to keep all others out.
import { createHmac, randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { BffOptions } from '../../bff/index.ts'
import type { Stack } from '../stack/start-stack.ts'
import { buildRequest, sendBytes, type RawHeaders } from './raw-request.ts'

export const SECRET = 'a-webhook-secret-of-this-test'
const PATH = '/connect/github/webhooks/github'
export const REMOVED = JSON.stringify({ action: 'deleted', installation: { id: 61_200_417 } })
/** Has the form of one, and is none. */
const WRONG_SIGNATURE = `sha256=${'a'.repeat(64)}`

/** The test stands behind a proxy, and so has as many addresses as it likes. */
export const BEHIND_PROXY: Partial<BffOptions> = {
  githubWebhookSecret: [SECRET],
  trustedProxies: ['127.0.0.1'],
}

export const sign = (body: string | Buffer, secret = SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

/** As GitHub sends it, but for what the test changes; a header of undefined is left out. */
function headersOf(changes: Readonly<Record<string, string | undefined>>): RawHeaders {
  const all = {
    host: 'localhost',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/5a4db0x',
    'x-github-delivery': randomUUID(),
    'x-github-event': 'installation',
    ...changes,
  }
  return Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
}

export interface Delivery {
  readonly body?: string | Buffer
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Whom the proxy names. */
  readonly address?: string
}

function parseAnswer(text: string) {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)
  return { status, code: /"code":"([a-z_]+)"/.exec(text)?.[1] }
}

/** Rightly signed, unless the test changes that. */
export async function deliver(stack: Stack, { body = REMOVED, headers, address }: Delivery = {}) {
  const changes = { 'x-hub-signature-256': sign(body), 'x-forwarded-for': address, ...headers }
  const request = buildRequest({ method: 'POST', target: PATH, headers: headersOf(changes), body })
  return parseAnswer((await sendBytes(stack.baseUrl, request, stack.artefacts)).text)
}

export const deliverForged = (stack: Stack, address: string) =>
  deliver(stack, { address, headers: { 'x-hub-signature-256': WRONG_SIGNATURE } })

export interface HeldWebhook {
  /** What is answered, now or once the body is there. */
  readonly answer: Promise<{ readonly status: number; readonly code: string | undefined }>
  /** Sends the body. */
  readonly finish: () => void
  readonly drop: () => void
}

const open = new Set<Socket>()

/** Before the BFF is stopped, which else waits for them. */
export function dropHeldWebhooks(): void {
  for (const socket of open) socket.destroy()
  open.clear()
}

/**
 * Resolves when the server has asked for the body, of which it gets nothing: node:http does that in the same turn in which it hands the
 * request over.
 */
export function holdWebhook(
  stack: Stack,
  address: string,
  { body = REMOVED, signature = WRONG_SIGNATURE } = {},
): Promise<HeldWebhook> {
  const { hostname, port } = new URL(stack.baseUrl)
  const headers = headersOf({
    'x-hub-signature-256': signature,
    'x-forwarded-for': address,
    expect: '100-continue',
  })
  const head = buildRequest({ method: 'POST', target: PATH, headers, body }).subarray(
    0,
    -Buffer.byteLength(body),
  )
  const socket: Socket = connect(Number(port), hostname, () => socket.write(head))
  open.add(socket)
  const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>()
  const answer = new Promise<{ status: number; code: string | undefined }>((resolve) => {
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (text.startsWith('HTTP/1.1 100 Continue\r\n\r\n')) onAsked()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      stack.artefacts.record('answers', text)
      resolve(parseAnswer(text.replace('HTTP/1.1 100 Continue\r\n\r\n', '')))
    })
  })
  return asked.then(() => ({
    answer,
    finish: () => void socket.write(body),
    drop: () => void socket.destroy(),
  }))
}
