// Says what kind of picture some bytes are, by how they begin. Of SVG nothing is known here: it can hold scripts.

export type PictureType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'

/** In hexadecimal; a dot is any digit (https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern). */
const BEGINNINGS: readonly (readonly [RegExp, PictureType])[] = [
  [/^89504e470d0a1a0a/, 'image/png'],
  [/^ffd8ff/, 'image/jpeg'],
  // GIF87a and GIF89a.
  [/^474946383[79]61/, 'image/gif'],
  // RIFF, its length, WEBPVP.
  [/^52494646.{8}574542505650/, 'image/webp'],
]

/** Undefined for anything else, whatever its server called it. */
export function findPictureType(bytes: Buffer): PictureType | undefined {
  const head = bytes.subarray(0, 16).toString('hex')
  return BEGINNINGS.find(([beginning]) => beginning.test(head))?.[1]
}
