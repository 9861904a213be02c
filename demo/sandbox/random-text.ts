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

/** 16 hexadecimal digits in groups, the shape of GitHub's `X-GitHub-Request-Id`. */
export function createGithubRequestId(randomBytes: RandomBytes): string {
  const digits = Buffer.from(randomBytes(10)).toString('hex').toUpperCase()
  return digits.replace(/^(.{4})(.{4})(.{6})(.{6})$/, '$1:$2:$3:$4')
}

/** `ghu_` and 36 letters and digits, the shape of GitHub's user access tokens. */
export function createUserToken(randomBytes: RandomBytes): string {
  return `ghu_${createAlphanumeric(randomBytes, 36)}`
}

/** `ghr_` and 76 letters and digits, the shape of GitHub's refresh tokens. */
export function createRefreshToken(randomBytes: RandomBytes): string {
  return `ghr_${createAlphanumeric(randomBytes, 76)}`
}

/** A version 4 UUID, the shape of GitHub's `X-GitHub-Delivery`. */
export function createGuid(randomBytes: RandomBytes): string {
  const bytes = Uint8Array.from(randomBytes(16))
  // Version and variant (https://www.rfc-editor.org/rfc/rfc9562#section-5.4).
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Close to evenly spread, which is all that a stand-in needs. */
function createAlphanumeric(randomBytes: RandomBytes, length: number): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('')
}
