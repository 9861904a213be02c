// An account's picture, drawn from its number: a symmetric pattern of squares in one colour, as GitHub gives those who chose none.

import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'

/** What GitHub's redirect leads to; there it is on a host of its own. */
export const PICTURE_PATH = '/u/:accountId'

export function createPicturePath(accountId: number, size: string): string {
  const query = new URLSearchParams({ v: '4', s: size }).toString()
  return `${PICTURE_PATH.replace(':accountId', String(accountId))}?${query}`
}

const SQUARES_IN_A_ROW = 5
const PIXELS_OF_A_SQUARE = 16
/** GitHub takes a size as a wish, too. */
const PIXELS = SQUARES_IN_A_ROW * PIXELS_OF_A_SQUARE
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const PALETTE_BIT_DEPTH = 8
const PALETTE_COLOUR_TYPE = 3

/** PNG (https://www.w3.org/TR/png-3/#5DataRep). */
export function drawPicture(accountId: number): Buffer {
  const hash = createHash('sha256').update(String(accountId)).digest()
  const header = Buffer.alloc(13)
  header.writeUInt32BE(PIXELS, 0)
  header.writeUInt32BE(PIXELS, 4)
  header.set([PALETTE_BIT_DEPTH, PALETTE_COLOUR_TYPE], 8)
  const palette = Buffer.from([240, 240, 240, ...[0, 1, 2].map((part) => 60 + (hash[part] ?? 0) / 2)])
  const rows = Array.from({ length: SQUARES_IN_A_ROW }, (_, y) => {
    const half = [0, 1, 2].map((x) => (hash[3 + y * 3 + x] ?? 0) % 2)
    const squares = [...half, ...half.slice(0, 2).toReversed()]
    // Each row begins with its filter: none.
    const row = [0, ...squares.flatMap((square) => Array<number>(PIXELS_OF_A_SQUARE).fill(square))]
    return Array.from({ length: PIXELS_OF_A_SQUARE }, () => row).flat()
  })
  return Buffer.concat([
    SIGNATURE,
    createChunk('IHDR', header),
    createChunk('PLTE', palette),
    createChunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    createChunk('IEND', Buffer.alloc(0)),
  ])
}

function createChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}
