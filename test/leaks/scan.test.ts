// The leak scan finds values in every encoding, and takes nothing else for them.
import { gzipSync } from 'node:zlib'
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCanaryKey } from '../stack/artefacts.ts'
import { createScan, type Canary } from './scan.ts'

const key = createCanaryKey()
const state = randomBytes(24).toString('base64url')
const canaries: readonly Canary[] = [
  { kind: 'key', value: key },
  { kind: 'state', value: state },
  { kind: 'installation', value: '61200417' },
]
const scan = createScan(canaries)
const shapesIn = (content: string | Buffer): string[] => scan(Buffer.from(content)).map(({ shape }) => shape)
const everyByte = (prefix: string, text: string): string =>
  [...Buffer.from(text)].map((byte) => prefix + byte.toString(16).padStart(2, '0')).join('')

describe.each(canaries)('a $kind', ({ value }) => {
  it.each<[string, string | Buffer]>([
    ['as it is', `before ${value} behind`],
    ['at the start', `${value} behind`],
    ['at the end', `before ${value}`],
    ['alone', value],
    ['in JSON', JSON.stringify({ deep: [{ value }] })],
    ['with every character escaped for JSON', everyByte('\\u00', value)],
    ['with every character percent-encoded', everyByte('%', value)],
    ['percent-encoded in capitals', everyByte('%', value).toUpperCase()],
    ['in hex', everyByte('', value)],
    ['in hex capitals', everyByte('', value).toUpperCase()],
    ['in base64', Buffer.from(value).toString('base64')],
    ['in base64 of a longer text', Buffer.from(`Bearer ${value}, and more`).toString('base64')],
    ['in base64, one byte further', Buffer.from(`Bearer  ${value}, and more`).toString('base64')],
    ['in base64, two bytes further', Buffer.from(`Bearer   ${value}, and more`).toString('base64')],
    ['in base64url', Buffer.from(`???>>>${value}`).toString('base64url')],
    ['in a buffer as JSON', JSON.stringify(Buffer.from(`x${value}y`))],
    ['in a buffer in hex', `<Buffer ${everyByte(' ', `x${value}y`).trim()}>`],
    ['in UTF-16', Buffer.from(`x${value}y`, 'utf16le')],
    ['in gzip', gzipSync(`some text with ${value}`)],
    ['in gzip within a file', Buffer.concat([randomBytes(100), gzipSync(value), randomBytes(100)])],
    ['in gzip that was cut', gzipSync(`${value} ${randomBytes(500).toString('hex')}`).subarray(0, 300)],
    ['in gzip in gzip', gzipSync(gzipSync(value))],
    ['in base64 in gzip', gzipSync(Buffer.from(value).toString('base64'))],
    [
      'between bytes that are no text',
      Buffer.concat([Buffer.from([0, 255]), Buffer.from(value), Buffer.from([254, 0])]),
    ],
  ])('is found %s', (_, content) => {
    expect(shapesIn(content).length).toBeGreaterThan(0)
  })

  it('is found wherever it stands in a large file', () => {
    fc.assert(
      fc.property(fc.nat({ max: 5000 }), fc.nat({ max: 5000 }), (before, behind) => {
        expect(shapesIn(`${'x'.repeat(before)} ${value} ${'y'.repeat(behind)}`).length).toBeGreaterThan(0)
      }),
      { numRuns: 50 },
    )
  })
})

describe('a key', () => {
  it('is found by any twelve characters of its secret', () => {
    const secret = key.slice(-43)
    for (let start = 0; start + 12 <= secret.length; start += 1) {
      expect(shapesIn(`log: ${secret.slice(start, start + 12)}…`)).toEqual(['a part of the secret'])
    }
  })

  it('is not found by its public beginning, which identifies and opens nothing', () => {
    expect(shapesIn(key.slice(0, -43))).toEqual([])
    expect(shapesIn(key.slice(-11))).toEqual([])
  })
})

describe('an installation id', () => {
  it('is found in a database column that holds it as a number', () => {
    expect(shapesIn(Buffer.from([4, 1, 0x03, 0xa5, 0xd8, 0x21, 9]))).toEqual(['binary integer'])
  })

  it('is found as a whole number only', () => {
    for (const text of ['161200417', '612004170', '6120041', '0061200417', '61200417612', '6 1200417']) {
      expect(shapesIn(text)).toEqual([])
    }
    for (const text of ['x61200417', '61200417.5', '-61200417', 'id=61200417&x', '"61200417"']) {
      expect(shapesIn(text)).toEqual(['raw'])
    }
  })
})

it('nothing is found where nothing is', () => {
  expect(shapesIn(randomBytes(200_000))).toEqual([])
  expect(shapesIn(gzipSync(randomBytes(1000)))).toEqual([])
  expect(shapesIn('')).toEqual([])
  expect(shapesIn(createCanaryKey())).toEqual([])
})

it('says where it found something, and how often', () => {
  const hits = scan(Buffer.from(`${state} and ${state}`)).filter(({ shape }) => shape === 'raw')
  expect(hits).toEqual([
    { kind: 'state', shape: 'raw', offset: 0 },
    { kind: 'state', shape: 'raw', offset: state.length + 5 },
  ])
})
