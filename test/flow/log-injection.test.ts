// What comes from outside cannot break, forge or disguise a line of the log: headers, ids, names, paths and bodies.
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'

let stack: Stack
afterEach(() => stack.close())

/** Line ends, terminal controls, and what turns the direction of reading. */
const HOSTILE = 'x\r\n{"event":"forged"}\u0085\u001b[2J\u009b\u202e\u2066\u2028\u0000\u007f'
const HEADER_SAFE = 'x{"event":"forged"}\u0085\u009b'

function expectPlainLines(): void {
  for (const line of stack.logLines) {
    expect(line).toMatch(/^[^\n\r]+\n$/)
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u)
    const { event }: Record<string, unknown> = JSON.parse(line)
    expect(event).not.toBe('forged')
  }
}

it('from headers, paths, queries and bodies', async () => {
  stack = await startStack()
  const ann = stack.browser()
  const headers = Object.fromEntries(
    [
      'user-agent',
      'referer',
      'origin',
      'x-request-id',
      'x-forwarded-for',
      'traceparent',
      'sec-fetch-site',
    ].map((name) => [name, HEADER_SAFE]),
  )
  const before = stack.logLines.length
  await ann.send(`/connection?${encodeURIComponent(HOSTILE)}`, { headers })
  await ann.send(`/return?state=${encodeURIComponent(HOSTILE)}`, { headers })
  await ann.send(`/flows/${encodeURIComponent(HOSTILE)}`, { headers })
  await ann.fetchJson('POST', '/flows', { flowId: HOSTILE, mode: HOSTILE, [HOSTILE]: HOSTILE })
  expect(stack.logLines.length).toBeGreaterThanOrEqual(before + 4)
  expect(stack.logLines.join('')).not.toMatch(/forged|traceparent/)
  expectPlainLines()
})

it('from a method that is no word', async () => {
  stack = await startStack()
  const { hostname, port } = new URL(stack.baseUrl)
  const socket = connect(Number(port), hostname)
  socket.end('GET\u0085{"event":"forged"} /connect/github/healthz HTTP/1.1\r\nHost: x\r\n\r\n')
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
  expectPlainLines()
})

it('from the host’s ids and the accounts that GitHub and Layers name', async () => {
  stack = await startStack()
  const known = stack.people.get('ann')
  if (known == null) throw new Error('ann is somebody')
  // An id may hold anything but U+0000.
  const id = HOSTILE.replace('\u0000', '')
  stack.people.set('ann', { ...known, tenantId: id, userId: id, expectedAccount: 'somebody-else' })
  const ann = stack.browser()
  const { flow } = await ann.connect()
  expect((await ann.waitForEnd(flow.flowId)).status).toBe('refused')
  await stack.waitForLog((line) => line.includes('"binding_settled"'))
  expect(stack.logLines.join('')).not.toMatch(/forged|acme-coffee|somebody-else/)
  expectPlainLines()
})
