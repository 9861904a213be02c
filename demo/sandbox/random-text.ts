// Random identifiers in the shapes Layers and GitHub give them.

export type RandomBytes = (size: number) => Uint8Array

/** Crockford's base 32, the alphabet of ULIDs (https://github.com/ulid/spec). */
const BASE32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `req_` and 26 characters. */
export function createRequestId(randomBytes: RandomBytes): string {
  return `req_${Array.from(randomBytes(26), (byte) => BASE32[byte & 31]).join('')}`
}

/** 32 URL-safe characters, like the state in the documentation's sample answer. */
export function createStateText(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(24)).toString('base64url')
}

/** 20 hexadecimal characters, the shape of GitHub's OAuth `code`. */
export function createCode(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(10)).toString('hex')
}
