// What signer and verifier of connect tokens agree on. Imports nothing at run time, so that the signer stays small.

/**
 * Says what the token is for, so that no other JWT of the same backend passes for one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725#section-3.11
 */
export const TOKEN_TYPE = 'connect-github+jwt'

/** From `iat` to `exp`. */
export const MAX_LIFETIME_SECONDS = 600

export const MAX_ISSUER_LENGTH = 200
export const MAX_AUDIENCE_LENGTH = 500

/**
 * Printable ASCII, which every language turns into the same bytes; no comma, which separates secrets in the configuration.
 * At least as long as the hash of HS256.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.2
 */
export const SHARED_SECRET = /^[\x21-\x2b\x2d-\x7e]{32,512}$/

/** The claims besides `iss`, `aud`, `iat`, `nbf` and `exp`, as they are written in a token. */
export interface IdentityClaims {
  readonly sub: string
  readonly tenant: string
  readonly can_connect: boolean
  readonly layers_organization?: string | null | undefined
  readonly expected_account?: string | null | undefined
}
