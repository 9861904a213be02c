// Compares pictures of a sheet cell by cell, and makes them small enough to be kept, in the browser that took them.
import { crc32, deflateSync, gunzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'

/** The place of a case on the sheet, in pixels. */
export interface Cell {
  readonly name: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A channel may differ by so much, and so many pixels of a cell by more, before it counts as another look. */
const TOLERANCE = { channel: 24, pixels: 4 }

/** Kept pictures have this many steps a channel; half a step is well within the tolerance. */
const STEPS = 16

export const readCells = (page: Page): Promise<readonly Cell[]> =>
  page.locator('figure').evaluateAll((cards) =>
    cards.map((card) => {
      const { x, y, width, height } = card.getBoundingClientRect()
      return { name: card.dataset['case'] ?? '', x, y: y + scrollY, width, height }
    }),
  )

/** The names of the cells that differ; `size` when the sheets do not have the same. @param before and after as PNG. */
export async function comparePictures(
  page: Page,
  before: Buffer,
  after: Buffer,
  cells: readonly Cell[],
): Promise<readonly string[]> {
  const [was, is] = [await decode(page, before), await decode(page, after)]
  if (was.width !== is.width || was.height !== is.height) return ['size']
  const differs = (at: number) =>
    [0, 1, 2].some(
      (channel) => Math.abs((was.data[at + channel] ?? 0) - (is.data[at + channel] ?? 0)) > TOLERANCE.channel,
    )
  const changed = cells.filter(({ x, y, width, height }) => {
    let pixels = 0
    for (let row = Math.round(y); row < y + height; row += 1)
      for (let column = Math.round(x); column < x + width; column += 1)
        if (differs((row * was.width + column) * 4)) pixels += 1
    return pixels > TOLERANCE.pixels
  })
  return changed.map(({ name }) => name)
}

/**
 * The same picture as a PNG with a palette, at about a third of the size.
 * @throws {Error} when it has more than 256 colours.
 */
export async function reducePicture(page: Page, picture: Buffer): Promise<Buffer> {
  const { width, height, data } = await decode(page, picture)
  const palette = new Map<number, number>()
  // Each row begins with its filter: none, which suits drawn surfaces.
  const rows = Buffer.alloc((width + 1) * height)
  for (let at = 0; at < width * height; at += 1) {
    const [red = 0, green = 0, blue = 0] = [0, 1, 2].map((channel) =>
      Math.round(Math.round(((data[at * 4 + channel] ?? 0) / 255) * (STEPS - 1)) * (255 / (STEPS - 1))),
    )
    const colour = (red << 16) | (green << 8) | blue
    const index = palette.get(colour) ?? palette.size
    palette.set(colour, index)
    rows[at + Math.floor(at / width) + 1] = index
  }
  if (palette.size > 256) throw new Error(`A picture with a palette holds 256 colours, not ${palette.size}.`)
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  size.set([8, 3], 8)
  const colours = Buffer.from(
    [...palette.keys()].flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]),
  )
  // https://www.w3.org/TR/png-3/#4Concepts.FormatChunks
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', size),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

interface Pixels {
  readonly width: number
  readonly height: number
  /** Red, green, blue and alpha of each pixel. */
  readonly data: Buffer
}

async function decode(page: Page, picture: Buffer): Promise<Pixels> {
  const { width, height, data } = await page.evaluate(async (file) => {
    const toBytes = (text: string) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([toBytes(file)], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('no canvas')
    context.drawImage(bitmap, 0, 0)
    const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height).data
    // Packed, because the way to the test is slow: a drawn surface packs to a hundredth.
    const packed = new Response(new Blob([pixels]).stream().pipeThrough(new CompressionStream('gzip')))
    const bytes = new Uint8Array(await packed.arrayBuffer())
    let text = ''
    for (let at = 0; at < bytes.length; at += 32_768)
      text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
    return { width: bitmap.width, height: bitmap.height, data: btoa(text) }
  }, picture.toString('base64'))
  return { width, height, data: gunzipSync(Buffer.from(data, 'base64')) }
}
