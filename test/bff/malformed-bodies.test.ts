// Malformed bodies are answered 4xx: never a server error, never a crash, and nothing is written.
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ROUTES } from '../../bff/routes/index.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import { buildRequest, sendBytes, type RawAnswer, type RawHeaders } from './raw-request.ts'
import { watchForChanges } from './unchanged.ts'

const BASE = '/connect/github'
let stack: Stack
let ann: TestBrowser
let checkUnchanged: () => void
beforeAll(async () => {
  stack = await startStack({ bff: { limits: { strayReturnsPerAddress: 1e6 } } })
  ann = stack.browser('ann')
  await ann.startFlow()
})
afterAll(() => stack.close())
beforeEach(() => {
  checkUnchanged = watchForChanges(stack)
})
afterEach(async () => {
  checkUnchanged()
  expect(stack.logLines.filter((line) => /"event":"(request_failed|response_failed)"/.test(line))).toEqual([])
  expect((await ann.send('/healthz')).status).toBe(200)
})

const TRUSTED: RawHeaders = [
  ['Host', 'localhost'],
  ['Cookie', 'session=ann'],
  ['Sec-Fetch-Site', 'same-origin'],
  ['X-Connect-GitHub', '1'],
]
const JSON_TYPE = ['Content-Type', 'application/json'] as const

function post(body: string | Buffer, headers: RawHeaders = [JSON_TYPE]): Promise<RawAnswer> {
  const bytes = buildRequest({
    method: 'POST',
    target: `${BASE}/flows`,
    headers: [...TRUSTED, ...headers],
    body,
  })
  return sendBytes(stack.baseUrl, bytes, stack.artefacts)
}

function sendText(text: string | Buffer): Promise<RawAnswer> {
  return sendBytes(stack.baseUrl, Buffer.from(text), stack.artefacts)
}

const id = createFlowId()
const valid = { flowId: id, mode: 'popup' }
const text = (value: unknown): string => JSON.stringify(value)

describe('a body that is', () => {
  it.each<[string, string | Buffer]>([
    ['empty', ''],
    ['white space', ' \n'],
    ['not JSON', '{'],
    ['a form', 'flowId=x&mode=popup'],
    ['JavaScript', "{flowId:'x'}"],
    ['JSON and more', `${text(valid)}{}`],
    ['JSON with a comment', `${text(valid)}//`],
    ['JSON with a byte order mark in the middle', `{"flowId":\ufeff"x"}`],
    ['null', 'null'],
    ['a number', '1'],
    ['NaN', 'NaN'],
    ['a text', '"popup"'],
    ['true', 'true'],
    ['a list', text([valid])],
    ['an empty object', '{}'],
    ['bad UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ['UTF-8 cut in the middle', Buffer.from('"é').subarray(0, 2)],
    ['UTF-16', Buffer.from(text(valid), 'utf16le')],
    ['gzip', Buffer.from('1f8b0800000000000003', 'hex')],
    ['zero bytes', Buffer.alloc(64)],
    ['nested 2000 times', `${'['.repeat(2000)}${']'.repeat(2000)}`],
    ['nested in objects', `${'{"a":'.repeat(600)}1${'}'.repeat(600)}`],
    ['with an unknown key', text({ ...valid, x: 1 })],
    ['with __proto__', `{"flowId":"${id}","mode":"popup","__proto__":{"canConnect":true}}`],
    ['with constructor', `{"flowId":"${id}","mode":"popup","constructor":{"prototype":{}}}`],
    ['with a tenant', text({ ...valid, tenantId: 'globex' })],
    ['with a number as flowId', text({ ...valid, flowId: 1 })],
    ['with a list as flowId', text({ ...valid, flowId: [id] })],
    ['with an object as flowId', text({ ...valid, flowId: { $ne: '' } })],
    ['with an empty flowId', text({ ...valid, flowId: '' })],
    ['with a short flowId', text({ ...valid, flowId: id.slice(1) })],
    ['with a long flowId', text({ ...valid, flowId: `${id}A` })],
    ['with a flowId and a line break', text({ ...valid, flowId: `${id}\n` })],
    ['with a flowId in standard base64', text({ ...valid, flowId: `+/${id.slice(2)}` })],
    ['with a path as flowId', text({ ...valid, flowId: '../../../../../../../x' })],
    ['with null as mode', text({ ...valid, mode: null })],
    ['with an unknown mode', text({ ...valid, mode: 'tab' })],
    ['with an inherited name as mode', text({ ...valid, mode: 'toString' })],
    ['with null as returnTo', text({ ...valid, returnTo: null })],
    ['with a list as returnTo', text({ ...valid, returnTo: ['/'] })],
    ['with null as locale', text({ ...valid, locale: null })],
    ['with an empty locale', text({ ...valid, locale: '' })],
    ['with a list as locale', text({ ...valid, locale: ['de'] })],
    ['with a locale of one letter', text({ ...valid, locale: 'd' })],
    ['with a locale as the C library writes it', text({ ...valid, locale: 'de_DE.UTF-8' })],
    ['with a locale that begins with a digit', text({ ...valid, locale: '1de' })],
    ['with a locale that ends with a hyphen', text({ ...valid, locale: 'de-' })],
    ['with a locale of many languages', text({ ...valid, locale: 'de,en' })],
    ['with markup as locale', text({ ...valid, locale: 'de"><script>' })],
    ['with a locale and a line break', text({ ...valid, locale: 'de\n' })],
    ['with a locale of 36 characters', text({ ...valid, locale: 'de-abcdefgh-abcdefgh-abcdefgh-abcdef' })],
    ['with null as theme', text({ ...valid, theme: null })],
    ['with an unknown theme', text({ ...valid, theme: 'auto' })],
    ['with an inherited name as theme', text({ ...valid, theme: 'toString' })],
  ])('%s is 400', async (_, body) => {
    const answer = await post(body)
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('"code":"invalid_request"')
  })

  it('any JSON value but the right one is 400', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 4 }), async (json) => {
        expect((await post(json)).status).toBe(400)
      }),
      { numRuns: 150 },
    )
  })

  it('any bytes are 400 or 413', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect((await post(Buffer.from(bytes))).status).toBe(400)
      }),
      { numRuns: 100 },
    )
  })

  it('of another content type is 415', async () => {
    for (const type of [
      'text/plain',
      'application/json; charset=latin1',
      'application/json, text/plain',
      'json',
      '*/*',
      '',
    ]) {
      expect((await post(text(valid), [['Content-Type', type]])).status).toBe(415)
    }
    expect((await post(text(valid), [])).status).toBe(415)
  })
})

describe('a body over 4 KB is 413', () => {
  const padded = (size: number) => text({ ...valid, x: '' }).replace('""', `"${'x'.repeat(size)}"`)

  it('when its length is given', async () => {
    for (const size of [4096, 10_000, 1_000_000]) {
      const answer = await post(padded(size))
      expect(answer.status).toBe(413)
      expect(answer.text).toContain('"code":"payload_too_large"')
    }
  })

  it('when its length is given and it is never sent', async () => {
    const head = buildRequest({
      method: 'POST',
      target: `${BASE}/flows`,
      headers: [...TRUSTED, JSON_TYPE, ['Content-Length', '999999999']],
    })
    expect((await sendText(head)).status).toBe(413)
  })

  it('when it comes in chunks', async () => {
    const chunk = `400\r\n${'x'.repeat(1024)}\r\n`
    for (const count of [5, 200]) {
      const head = buildRequest({
        method: 'POST',
        target: `${BASE}/flows`,
        headers: [...TRUSTED, JSON_TYPE, ['Transfer-Encoding', 'chunked']],
      })
      const answer = await sendText(Buffer.concat([head, Buffer.from(`${chunk.repeat(count)}0\r\n\r\n`)]))
      expect(answer.status).toBe(413)
      expect(answer.text).toContain('"code":"payload_too_large"')
    }
  })

  it('when it comes in chunks and never ends', async () => {
    const head = buildRequest({
      method: 'POST',
      target: `${BASE}/flows`,
      headers: [...TRUSTED, JSON_TYPE, ['Transfer-Encoding', 'chunked']],
    })
    const answer = await sendText(Buffer.concat([head, Buffer.from(`1400\r\n${'x'.repeat(0x1400)}\r\n`)]))
    expect(answer.status).toBe(413)
    expect(answer.durationMs).toBeLessThan(5_000)
  })

  it('on every changing route of a page', async () => {
    // Webhooks are larger, and have tests of their own.
    const ofPages = ROUTES.filter((route) => route.method === 'POST' && route.access !== 'signed')
    for (const { method, path } of ofPages) {
      const bytes = buildRequest({
        method,
        target: BASE + path.replace(':flowId', id),
        headers: [...TRUSTED, JSON_TYPE],
        body: padded(5000),
      })
      expect((await sendBytes(stack.baseUrl, bytes, stack.artefacts)).status).toBe(413)
    }
  })

  it('and exactly 4096 bytes are read', async () => {
    const answer = await post(`${text(valid)}${' '.repeat(4096)}`.slice(0, 4095) + '!')
    expect(answer.status).toBe(400)
  })
})
