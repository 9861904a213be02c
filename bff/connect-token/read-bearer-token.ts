// Takes the connect token out of a request, as text that is short and of the right characters before a parser sees it.
import type { IncomingMessage } from 'node:http'
import { refuseToken } from './refusals.ts'

/** Longer than any token of ours, and as long as all headers of a request together may be. */
const MAX_TOKEN_LENGTH = 8_192

/** Three parts of base64url. The last is empty for `alg: none`, which is refused by its name. */
const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.([A-Za-z0-9_-]*)$/

/**
 * Null without a `Bearer` credential: nobody is signed in, or a proxy has credentials of its own there.
 *
 * @throws ConnectError `session_required` when there is one that cannot be a token.
 */
export function readBearerToken(request: IncomingMessage): string | null {
  // Node keeps the first of several; another server in between may have looked at the last.
  const values = request.rawHeaders.filter(
    (_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === 'authorization',
  )
  if (values.length > 1 && values.some(isBearer))
    throw refuseToken('malformed', 'several Authorization headers')

  const value = request.headers.authorization
  if (value === undefined || !isBearer(value)) return null
  const token = value.replace(/^bearer */i, '')
  if (token.length > MAX_TOKEN_LENGTH) throw refuseToken('malformed', 'too long')
  const [, signature] = COMPACT_JWS.exec(token) ?? []
  if (signature === undefined || !isCanonical(signature)) throw refuseToken('malformed')
  return token
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-11.1 schemes are case-insensitive */
function isBearer(value: string): boolean {
  return /^bearer(?: |$)/i.test(value)
}

/**
 * The last character can carry bits that decoders drop, so that several texts are the same signature.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-3.5
 */
function isCanonical(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text
}
