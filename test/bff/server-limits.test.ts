// Slow requests are cut by the clock of the server itself, so these tests take real time.
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

/** Sends `head`, then a byte each half second, until the server closes; what it said, and after how many milliseconds. */
function drip(head: string, byte: string): Promise<{ text: string; durationMs: number }> {
  const { hostname, port } = new URL(stack.baseUrl)
  const startedAt = performance.now()
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(Number(port), hostname, () => socket.write(head))
    const timer = setInterval(() => socket.write(byte), 500)
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(timer)
      resolve({ text, durationMs: performance.now() - startedAt })
    })
  })
}

const POST = [
  'POST /connect/github/flows HTTP/1.1',
  'Host: localhost',
  'Cookie: session=ann',
  'Sec-Fetch-Site: same-origin',
  'X-Connect-GitHub: 1',
  'Content-Type: application/json',
]

describe('a request that comes slowly', () => {
  it.concurrent('in its head is cut after 5 to 8 seconds', async () => {
    const { text, durationMs } = await drip(
      'GET /connect/github/connection HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
      'a',
    )
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
    expect(durationMs).toBeGreaterThan(4_500)
    expect(durationMs).toBeLessThan(8_000)
  })

  it.concurrent('in its body is cut after 10 to 13 seconds', async () => {
    const { text, durationMs } = await drip(
      [...POST, 'Content-Length: 1000', '', '{"flowId":"'].join('\r\n'),
      'a',
    )
    expect(text).toMatch(/^HTTP\/1\.1 408 /)
    expect(durationMs).toBeGreaterThan(9_500)
    expect(durationMs).toBeLessThan(13_000)
  })

  it.concurrent('in chunks is cut after 10 to 13 seconds', async () => {
    const { durationMs } = await drip(
      [...POST, 'Transfer-Encoding: chunked', '', ''].join('\r\n'),
      '1\r\na\r\n',
    )
    expect(durationMs).toBeGreaterThan(9_500)
    expect(durationMs).toBeLessThan(13_000)
  })

  it.concurrent('and is not begun at all is cut after 5 to 8 seconds', async () => {
    const { durationMs } = await drip('', '')
    expect(durationMs).toBeLessThan(8_000)
  })
})
