// The only file that talks to Layers and the only one that reveals a partner key: in the Authorization header of one
// fixed origin, with limits on time and size, and without following redirects.
import { errors, Pool } from 'undici'
import type { Secret } from '../secret.ts'
import { UpstreamError } from './upstream-error.ts'

const CONNECT_TIMEOUT_MS = 2_000
const MAX_ANSWER_BYTES = 64 * 1024
/** The widest limit that any call may ask for. */
const MAX_BYTES = 256 * 1024
const MAX_CONNECTIONS = 32

export interface SentCall {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly organization: string | null
  readonly body?: string
  /** Default 64 KB, at most 256 KB. */
  readonly maxBytes?: number
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface LayersTransport {
  /** @throws UpstreamError `network`, `timeout` when `signal` aborts, or `shape` when the answer is too large. */
  send(call: SentCall, key: Secret, signal: AbortSignal): Promise<RawAnswer>
  close(): Promise<void>
}

export function createLayersTransport({
  baseUrl,
  timeoutMs,
}: {
  readonly baseUrl: URL
  readonly timeoutMs: number
}): LayersTransport {
  const basePath = baseUrl.pathname.replace(/\/+$/, '')
  const pool = new Pool(baseUrl.origin, {
    connections: MAX_CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // The widest limit of all calls; send() holds each to its own.
    maxResponseSize: MAX_BYTES,
  })

  return {
    async send(call, key, signal) {
      const { maxBytes = MAX_ANSWER_BYTES } = call
      try {
        const response = await pool.request({
          method: call.method,
          path: basePath + call.path,
          headers: {
            authorization: key.reveal((value) => `Bearer ${value}`),
            accept: 'application/json',
            // Compressed answers could unpack to any size; ours are small.
            'accept-encoding': 'identity',
            'user-agent': 'connect-github-bff',
            ...(call.organization === null ? {} : { 'x-layers-organization': call.organization }),
            ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          body: call.body ?? null,
          signal,
        })
        const text = await response.body.text()
        if (Buffer.byteLength(text) > maxBytes) throw new errors.ResponseExceededMaxSizeError()
        return { status: response.statusCode, headers: response.headers, text }
      } catch (cause) {
        if (signal.aborted)
          throw new UpstreamError('timeout', `Layers did not answer within ${timeoutMs} ms`, { cause })
        if (cause instanceof errors.ResponseExceededMaxSizeError)
          throw new UpstreamError('shape', `Layers answered with more than ${maxBytes} bytes`, { cause })
        throw new UpstreamError('network', 'Layers could not be reached, or cut its answer short', { cause })
      }
    },
    close: () => pool.destroy(),
  }
}
