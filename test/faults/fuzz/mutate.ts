// Changes requests: so that they stay well framed, to be pipelined; or in any way, one to a connection.
import type { Random } from '../traffic/random.ts'
import type { Template } from './template.ts'

const ALLOWED: Readonly<Record<Template['mutable'][number]['kind'], readonly number[]>> = {
  query: [...Buffer.from('abcXYZ019%&=+[].-_~/?')],
  header: [0x09, ...range(0x20, 0x7f), ...range(0x80, 0x100)],
  body: range(0, 0x100),
}
const MOST_CHANGES = 4

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index)
}

/** The template with up to four bytes replaced where that is allowed. */
export function changeValues({ bytes, mutable }: Template, random: Random): Buffer {
  const changed = Buffer.from(bytes)
  if (mutable.length === 0) return changed
  for (let count = random.below(MOST_CHANGES + 1); count > 0; count -= 1) {
    const { from, to, kind } = random.pick(mutable)
    changed[from + random.below(to - from)] = random.pick(ALLOWED[kind])
  }
  return changed
}

const INSERTS = [
  '\r\n',
  '\n',
  '\0',
  '\r\nTransfer-Encoding: chunked\r\n',
  '\r\nContent-Length: 5\r\n',
  '\r\nExpect: 100-continue\r\n',
  '\r\nUpgrade: websocket\r\nConnection: upgrade\r\n',
  '\r\nHost: evil.example\r\n',
  ' HTTP/9.9',
  '\u00ff\u00fe',
].map((text) => Buffer.from(text, 'latin1'))
const METHODS = ['HEAD', 'TRACE', 'CONNECT', 'PRI', 'G\0T', 'get', ''].map((text) => Buffer.from(text))

/** The template cut, torn, doubled, flipped or with something put in between, anywhere. */
export function breakFraming({ bytes }: Template, random: Random): Buffer {
  const at = random.below(bytes.length)
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return Buffer.concat([bytes.subarray(0, at), random.pick(INSERTS), bytes.subarray(at)])
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.below(bytes.length))])
    case 3:
      return Buffer.concat([random.pick(METHODS), bytes.subarray(bytes.indexOf(' '))])
    default: {
      const flipped = Buffer.from(bytes)
      for (let count = 1 + random.below(MOST_CHANGES); count > 0; count -= 1)
        flipped[random.below(flipped.length)] = random.below(0x100)
      return flipped
    }
  }
}
