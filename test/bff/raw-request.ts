// Sends exact bytes to a server and reads what comes back: for requests that no HTTP client would send.
import { connect } from 'node:net'
import type { Artefacts } from '../stack/artefacts.ts'
import { hideGitHubUrl } from '../stack/test-browser.ts'

export interface RawAnswer {
  /** 0 when the connection was closed without an answer. */
  readonly status: number
  /** Status line, headers and body as they came. */
  readonly text: string
  /** Milliseconds from the connection to its end. */
  readonly durationMs: number
}

/** Names and values, in this order and with these spellings; a name may be repeated. */
export type RawHeaders = readonly (readonly [string, string])[]

/** A request as bytes. `Host` is only there when it is given; the connection is to be closed after the answer. */
export function buildRequest(request: {
  readonly method?: string
  readonly target: string
  readonly headers?: RawHeaders
  readonly body?: string | Buffer
}): Buffer {
  const { method = 'GET', target, headers = [['Host', 'localhost']], body } = request
  const lines = headers.map(([name, value]) => `${name}: ${value}`)
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const head = [`${method} ${target} HTTP/1.1`, ...lines, ...length, 'Connection: close', '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body ?? '')])
}

/**
 * Sends `bytes` and resolves when the server has closed the connection.
 *
 * @param keep where the answer is kept for the leak scan.
 */
export function sendBytes(baseUrl: string, bytes: Buffer, keep?: Artefacts): Promise<RawAnswer> {
  const { hostname, port } = new URL(baseUrl)
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.on('data', (chunk) => chunks.push(chunk))
    // A reset after the answer is as good as an end; a reset instead of one shows as status 0.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1')
      keep?.record('answers', hideGitHubUrl(text))
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)
      resolve({ status, text, durationMs: performance.now() - startedAt })
    })
  })
}
