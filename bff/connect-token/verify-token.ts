// Says who is asking by the connect token in the request: a short-lived JWT that the partner's backend signed.
import type { KeyObject } from 'node:crypto'
import { errors, jwtVerify, type CryptoKey, type JWTPayload, type JWTVerifyOptions } from 'jose'
import type { ConnectTokenConfig } from '../config-connect-token.ts'
import type { ConnectError } from '../errors.ts'
import type { Identify } from '../identify.ts'
import { CLOCK_TOLERANCE_SECONDS, parseClaims, parseHeader } from './claims.ts'
import type { KeySetOptions } from './key-set.ts'
import { readBearerToken } from './read-bearer-token.ts'
import { refuseToken } from './refusals.ts'
import { createTokenKeys } from './token-keys.ts'
import { TOKEN_TYPE } from './token-format.ts'

/**
 * Reads `Authorization: Bearer <token>`. Null without one, so also on GitHub's redirect, which never carries it.
 *
 * The function it returns throws ConnectError `session_required` for a token that is not accepted, with the reason for the log, and
 * `identity_unavailable` when the key set cannot be had.
 */
export function createTokenIdentify({
  config,
  ...options
}: { readonly config: ConnectTokenConfig } & KeySetOptions): Identify {
  const keys = createTokenKeys(config.keys, options)
  return async (request) => {
    const token = readBearerToken(request)
    if (token === null) return null
    const header = parseHeader(token)
    // Before any key is looked for, so that a made-up token cannot make us ask for the key set.
    if (!keys.algorithms.includes(header.alg)) throw refuseToken('algorithm not allowed')

    const candidates = await keys.find(header)
    const now = options.now()
    const payload = await verifyWithAny(token, candidates, {
      algorithms: [header.alg],
      typ: TOKEN_TYPE,
      issuer: config.issuer,
      audience: config.audience,
      requiredClaims: ['iat', 'exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(now),
    })
    return parseClaims(payload, Math.floor(now / 1000))
  }
}

async function verifyWithAny(
  token: string,
  candidates: readonly (KeyObject | CryptoKey)[],
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  let refusal = refuseToken('unknown key')
  for (const key of candidates) {
    try {
      const { payload } = await jwtVerify(token, key, options)
      return payload
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) refusal = refuseToken('bad signature')
      // A key of the set that must not be used, such as RSA with less than 2048 bits, counts as not being there.
      else if (!(error instanceof TypeError)) throw toRefusal(error)
    }
  }
  throw refusal
}

/** Anything that is not known here is no refusal: it goes on as what it is, and nobody is let in. */
function toRefusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return refuseToken('expired')
  if (error instanceof errors.JWTClaimValidationFailed) return toClaimRefusal(error)
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid)
    return refuseToken('malformed')
  return error
}

function toClaimRefusal({ claim, reason }: errors.JWTClaimValidationFailed): ConnectError {
  if (reason === 'check_failed') {
    if (claim === 'typ') return refuseToken('other type')
    if (claim === 'iss') return refuseToken('other issuer')
    if (claim === 'aud') return refuseToken('other audience')
    if (claim === 'nbf') return refuseToken('not yet valid')
  }
  return refuseToken('claim missing or of a wrong form', claim)
}
