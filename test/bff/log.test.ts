// Log lines: one line each, in JSON, and without a key in any form.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLog, type Log, type LogFields } from '../../bff/log.ts'
import { Secret } from '../../bff/secret.ts'
import { createCanaryKey } from '../stack/artefacts.ts'
import { createScan } from '../leaks/scan.ts'

const KEY = createCanaryKey()
const ODD_KEY = 'odd"key\\with?signs/and+more=0123456789'

function capture(
  secrets: readonly string[] = [KEY, ODD_KEY],
  level = 'trace',
): { log: Log; text: () => string } {
  const lines: string[] = []
  const log = createLog({
    level,
    stream: { write: (line) => void lines.push(line) },
    secrets: secrets.map((value) => new Secret(value)),
  })
  return { log, text: () => lines.join('') }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const percent = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('')

/** Texts that carry a key, as careless code writes them. */
const FORMS: readonly (readonly [string, (key: string) => string])[] = [
  ['alone', (key) => key],
  ['in a sentence', (key) => `the key ${key}, was refused`],
  ['in an Authorization header', (key) => `authorization: Bearer ${key}`],
  ['in a URL', (key) => `https://api.layers.com/v1?key=${encodeURIComponent(key)}&x=1`],
  ['in JSON in a text', (key) => JSON.stringify({ headers: { authorization: `Bearer ${key}` } })],
  ['in JSON in JSON', (key) => JSON.stringify(JSON.stringify([key]))],
  ['in base64', (key) => base64(key)],
  ['in Basic authentication', (key) => `Basic ${base64(`user:${key}`)}`],
  ['in base64, one byte further', (key) => base64(`a${key}b`)],
  ['in base64, two bytes further', (key) => base64(`ab${key}c`)],
  ['in base64url', (key) => Buffer.from(`???${key}`).toString('base64url')],
  ['in hex', (key) => Buffer.from(key).toString('hex')],
  ['in hex capitals', (key) => Buffer.from(key).toString('hex').toUpperCase()],
  ['percent-encoded', percent],
  ['as the bytes of a Buffer', (key) => JSON.stringify(Buffer.from(key))],
  ['among raw headers', (key) => ['Host', 'x', 'AUTHORIZATION', `Bearer ${key}`].join(', ')],
]

/** Ways a text gets into a line. */
const WAYS: readonly (readonly [string, (text: string) => LogFields])[] = [
  ['detail', (text) => ({ detail: text })],
  ['code', (text) => ({ code: text })],
  ['reason', (text) => ({ reason: text })],
  ['an error’s message', (text) => ({ error: new Error(text) })],
  ['an error’s name', (text) => ({ error: Object.assign(new Error('x'), { name: text }) })],
  ['an error’s code', (text) => ({ error: Object.assign(new Error('x'), { code: text }) })],
  [
    'an error’s own field',
    (text) => ({ error: Object.assign(new Error('x'), { headers: [text], config: { text } }) }),
  ],
  ['an error’s cause', (text) => ({ error: new Error('x', { cause: new Error(text, { cause: text }) }) })],
  [
    'an error’s stack',
    (text) => ({ error: Object.assign(new Error('x'), { stack: `Error: x\n    at ${text}` }) }),
  ],
  ['something thrown that is no error', (text) => ({ error: { text } })],
  ['a text that was thrown', (text) => ({ error: text })],
]

describe.each(FORMS)('a key %s', (_, write) => {
  it.each(WAYS)('is not in the line as %s', (_way, fieldsOf) => {
    for (const key of [KEY, ODD_KEY]) {
      const { log, text } = capture()
      log.error('request_failed', fieldsOf(write(key)))
      expect(createScan([{ kind: 'key', value: key }])(Buffer.from(text()))).toEqual([])
      // The scan does not know this form.
      expect(text()).not.toContain([...Buffer.from(key)].join(','))
      expect(() => JSON.parse(text())).not.toThrow()
    }
  })
})

it('a key that nobody told the log is hidden by its form', () => {
  const { log, text } = capture([])
  log.info('request', {
    detail: `lp_live_ABC_${'x'.repeat(43)} and Bearer abc.def-ghi and ?state=s3cret&installation_id=5&code=c0de`,
  })
  expect(JSON.parse(text()).detail).toBe(
    '[key] and Bearer [hidden] and ?state=[hidden]&installation_id=[hidden]&code=[hidden]',
  )
})

/** What shows that the table above can fail: every form is found where nothing hides it. */
it.each(FORMS)('a key %s is in a text that nobody scrubs', (_, write) => {
  const bytes = [...Buffer.from(KEY)].join(',')
  const text = write(KEY)
  const isFound = createScan([{ kind: 'key', value: KEY }])(Buffer.from(text)).length > 0
  expect(isFound || text.includes(bytes)).toBe(true)
})

describe('a line', () => {
  it('is one line of JSON whatever is in it, and shows no control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (detail, code) => {
        const { log, text } = capture([])
        log.info('request', { detail, reason: detail, code })
        expect(text().endsWith('\n')).toBe(true)
        const line = text().slice(0, -1)
        expect(() => JSON.parse(line)).not.toThrow()
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u)
      }),
      { numRuns: 500 },
    )
  })

  it('cannot be broken or forged by what is in it', () => {
    for (const control of [
      '\n',
      '\r\n',
      '\u0085',
      '\u2028',
      '\u2029',
      '\u0000',
      '\u001b[2J',
      '\u009b2J',
      '\u007f',
      '\u202e',
      '\u2066',
    ]) {
      const { log, text } = capture([])
      log.warn('request_refused', { detail: `a${control}{"level":"info","event":"forged"}` })
      expect(text().split(/[\n\r\u0085\u2028\u2029]/)).toHaveLength(2)
      // Escaped, not lost: it reads back as what it was.
      expect(JSON.parse(text()).detail).toBe(`a${control}{"level":"info","event":"forged"}`)
    }
  })

  it('has time, level and event, and nothing of the machine', () => {
    const { log, text } = capture()
    log.security('return_refused', { tenant: 'abc', count: 2 })
    const { time, ...others } = JSON.parse(text())
    expect(new Date(time).toISOString()).toBe(time)
    expect(others).toEqual({
      level: 'warn',
      event: 'return_refused',
      security: true,
      tenant: 'abc',
      count: 2,
    })
  })

  it('of an error has its name, code, frames and causes, without messages', () => {
    const { log, text } = capture()
    const cause = Object.assign(new TypeError('told in confidence'), { code: 'ECONNRESET' })
    log.error('request_failed', { error: new Error('told in confidence', { cause }) })
    const { error } = JSON.parse(text())
    expect(error).toMatchObject({ name: 'Error', cause: { name: 'TypeError', code: 'ECONNRESET' } })
    expect(error.frames[0]).toMatch(/^at .*log\.test\.ts/)
    expect(text()).not.toContain('confidence')
  })

  it('of an error takes no line of the message for a frame', () => {
    const { log, text } = capture()
    log.error('request_failed', { error: new SyntaxError('unexpected\n    at confidence (told:1:1)\nend') })
    const { error } = JSON.parse(text())
    expect(error.frames[0]).toMatch(/^at .*log\.test\.ts/)
    expect(text()).not.toContain('confidence')
  })

  it('of an error that is its own cause ends', () => {
    const { log, text } = capture()
    const error = new Error('x')
    error.cause = error
    log.error('request_failed', { error })
    expect(text().length).toBeLessThan(20_000)
  })

  it('below the level is not written', () => {
    const { log, text } = capture([], 'warn')
    log.info('started')
    log.warn('response_failed')
    expect(text()).toContain('response_failed')
    expect(text()).not.toContain('started')
  })
})
