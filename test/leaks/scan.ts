// Finds values that must not be in a file, in every encoding of encodings.ts and inside gzip.
import { constants, inflateRawSync } from 'node:zlib'
import { encodeFixed } from './encodings.ts'

/** `token`: connect tokens, GitHub's user tokens and codes, and the secrets behind them. */
const CANARY_KINDS = ['key', 'token', 'state', 'installation'] as const
export type CanaryKind = (typeof CANARY_KINDS)[number]

export function isCanaryKind(value: unknown): value is CanaryKind {
  return CANARY_KINDS.some((kind) => kind === value)
}

export interface Canary {
  readonly kind: CanaryKind
  readonly value: string
}

export interface Hit {
  readonly kind: CanaryKind
  readonly shape: string
  /** In bytes, from the start of the file, or of what was unpacked from it. */
  readonly offset: number
}

/** Looks through one file. */
export type Scan = (bytes: Buffer) => readonly Hit[]

interface Needle {
  readonly kind: CanaryKind
  readonly shape: string
  readonly text: string
}

/** Needles are found by their first characters, so that thousands of them cost one pass. */
const GRAM = 8
/** Any part of a key's secret that is this long gives it away to a search of the logs. */
const WINDOW = 12
/** The random part at the end of a partner key. */
const SECRET_LENGTH = 43
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024
const MAX_DEPTH = 3

export function createScan(canaries: readonly Canary[]): Scan {
  const byGram = new Map<string, Needle[]>()
  const numbers = new Map<string, CanaryKind>()
  const short: Needle[] = []
  for (const canary of canaries) {
    // A short number is part of many longer ones, so it counts as a whole only.
    if (canary.kind === 'installation') numbers.set(canary.value, canary.kind)
    for (const needle of needlesOf(canary)) {
      const gram = needle.text.slice(0, GRAM)
      const others = gram.length < GRAM ? short : byGram.get(gram)
      if (others === undefined) byGram.set(gram, [needle])
      else others.push(needle)
    }
  }

  function scan(bytes: Buffer, depth: number): Hit[] {
    const text = bytes.toString('latin1')
    const hits = [...findNumbers(text, numbers), ...findShort(text, short)]
    for (let offset = 0; offset + GRAM <= text.length; offset += 1) {
      for (const { kind, shape, text: needle } of byGram.get(text.slice(offset, offset + GRAM)) ?? []) {
        if (text.startsWith(needle, offset)) hits.push({ kind, shape, offset })
      }
    }
    if (depth < MAX_DEPTH) {
      for (const member of unpackMembers(bytes)) {
        hits.push(...scan(member, depth + 1).map((hit) => ({ ...hit, shape: 'gzip' })))
      }
    }
    return hits
  }
  return (bytes) => scan(bytes, 0)
}

function needlesOf({ kind, value }: Canary): Needle[] {
  const fixed = encodeFixed(value).map(({ shape, bytes }) => ({
    kind,
    shape,
    text: bytes.toString('latin1'),
  }))
  const parts = kind === 'key' ? windowsOf(value.slice(-SECRET_LENGTH)) : []
  const needles = [...fixed, ...parts.map((text) => ({ kind, shape: 'a part of the secret', text }))]
  // Digits as they are count as a whole number only, and are looked for as such.
  const found = needles.filter(({ text }) => kind !== 'installation' || text !== value)
  // Two encodings of one value can be equal: the first gives the name.
  return found.filter(({ text }, index) => found.findIndex((other) => other.text === text) === index)
}

function windowsOf(secret: string): string[] {
  return Array.from({ length: Math.max(0, secret.length - WINDOW + 1) }, (_, start) =>
    secret.slice(start, start + WINDOW),
  )
}

function* findNumbers(text: string, numbers: ReadonlyMap<string, CanaryKind>): Iterable<Hit> {
  if (numbers.size === 0) return
  for (const match of text.matchAll(/[0-9]+/g)) {
    const kind = numbers.get(match[0])
    if (kind !== undefined) yield { kind, shape: 'raw', offset: match.index }
  }
}

function* findShort(text: string, needles: readonly Needle[]): Iterable<Hit> {
  for (const { kind, shape, text: needle } of needles) {
    for (let offset = text.indexOf(needle); offset >= 0; offset = text.indexOf(needle, offset + 1)) {
      yield { kind, shape, offset }
    }
  }
}

/** What unpacks from each place that starts like gzip (RFC 1952 §2.3.1), also when it is cut or something follows. */
function* unpackMembers(bytes: Buffer): Iterable<Buffer> {
  const magic = Buffer.from([0x1f, 0x8b, 0x08])
  for (let start = bytes.indexOf(magic); start >= 0; start = bytes.indexOf(magic, start + 1)) {
    const member = inflate(bytes.subarray(start + headerLengthOf(bytes, start)))
    if (member.length > 0) yield member
  }
}

/** Fixed fields, then the optional ones in this order: extra field, file name, comment, header check. */
function headerLengthOf(bytes: Buffer, start: number): number {
  const flags = bytes[start + 3] ?? 0
  let end = start + 10
  if ((flags & 4) !== 0 && end + 2 <= bytes.length) end += 2 + bytes.readUInt16LE(end)
  for (const flag of [8, 16]) if ((flags & flag) !== 0) end = Math.max(end, bytes.indexOf(0, end) + 1)
  return end - start + ((flags & 2) === 0 ? 0 : 2)
}

function inflate(bytes: Buffer): Buffer {
  try {
    return inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_UNPACKED_BYTES })
  } catch {
    // It only looked like gzip.
    return Buffer.alloc(0)
  }
}
