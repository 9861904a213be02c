// How a value can look in a file when it leaks: as it is, or in one of the encodings that logs, URLs, headers and databases use.
import { gzipSync } from 'node:zlib'

/** Encodings whose bytes are the same wherever the value stands in a file. */
const FIXED: Readonly<Record<string, (value: string) => readonly Buffer[]>> = {
  raw: (value) => [Buffer.from(value)],
  'percent-encoded': (value) =>
    [encodeURIComponent(value), everyByte(value, '%'), everyByte(value, '%').toLowerCase()].map(toBuffer),
  'JSON-escaped': (value) =>
    [
      JSON.stringify(value).slice(1, -1),
      everyByte(value, '\\u00'),
      everyByte(value, '\\u00').toLowerCase(),
    ].map(toBuffer),
  'base64, alignment 0': (value) => [toBuffer(encodeAligned(value, 0))],
  'base64, alignment 1': (value) => [toBuffer(encodeAligned(value, 1))],
  'base64, alignment 2': (value) => [toBuffer(encodeAligned(value, 2))],
  base64url: (value) => [0, 1, 2].map((offset) => toBuffer(toUrlSafe(encodeAligned(value, offset)))),
  hex: (value) => [everyByte(value, ''), everyByte(value, '').toLowerCase()].map(toBuffer),
  // As JSON and Node's inspect write a buffer.
  'list of bytes': (value) => [
    toBuffer([...Buffer.from(value)].join(',')),
    toBuffer(everyByte(value, ' ').toLowerCase()),
  ],
  'UTF-16LE': (value) => [Buffer.from(value, 'utf16le')],
  'binary integer': (value) => asInteger(value),
}

/** What to look for, by the name of the encoding. */
export function encodeFixed(value: string): readonly { readonly shape: string; readonly bytes: Buffer }[] {
  return Object.entries(FIXED).flatMap(([shape, encode]) => encode(value).map((bytes) => ({ shape, bytes })))
}

/** One leak of each shape, as the surroundings would write it: used to prove that the scan finds it. */
export function encodeLeaks(
  value: string,
  isSecret: boolean,
): readonly { readonly shape: string; readonly bytes: Buffer }[] {
  const inBase64 = (before: string) => toBuffer(Buffer.from(`${before}${value} and more`).toString('base64'))
  const leaks = [
    { shape: 'raw', bytes: Buffer.from(value) },
    { shape: 'percent-encoded', bytes: toBuffer(everyByte(value, '%')) },
    { shape: 'JSON-escaped', bytes: toBuffer(everyByte(value, '\\u00').toLowerCase()) },
    { shape: 'base64, alignment 0', bytes: inBase64('abc') },
    { shape: 'base64, alignment 1', bytes: inBase64('abcd') },
    { shape: 'base64, alignment 2', bytes: inBase64('Basic') },
    { shape: 'base64url', bytes: toBuffer(Buffer.from(`>>>???${value}`).toString('base64url')) },
    { shape: 'hex', bytes: toBuffer(Buffer.from(value).toString('hex')) },
    { shape: 'list of bytes', bytes: toBuffer(JSON.stringify(Buffer.from(value))) },
    { shape: 'UTF-16LE', bytes: Buffer.from(value, 'utf16le') },
    { shape: 'gzip', bytes: gzipSync(`{"leak":"${value}"}`) },
  ]
  if (!isSecret) return [...leaks, ...asInteger(value).map((bytes) => ({ shape: 'binary integer', bytes }))]
  return [...leaks, { shape: 'a part of the secret', bytes: Buffer.from(value.slice(-30, -18)) }]
}

/** As SQLite stores a number of this size (https://www.sqlite.org/fileformat2.html#record_format); smaller ones are everywhere. */
function asInteger(value: string): readonly Buffer[] {
  const number = /^[0-9]+$/.test(value) ? Number(value) : 0
  if (number < 2 ** 24 || number >= 2 ** 31) return []
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return [bytes]
}

function toBuffer(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

function everyByte(value: string, prefix: string): string {
  return [...Buffer.from(value)]
    .map((byte) => prefix + byte.toString(16).padStart(2, '0').toUpperCase())
    .join('')
}

/** The characters that do not depend on what stands before or behind the value. */
function encodeAligned(value: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
  const firstOwn = Math.ceil((offset * 8) / 6)
  const lastOwn = Math.floor((bytes.length * 8) / 6)
  return bytes.toString('base64').slice(firstOwn, lastOwn)
}

function toUrlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_')
}
