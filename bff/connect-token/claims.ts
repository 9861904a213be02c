// The shape of a connect token: its header, and its claims turned into an identity.
import { decodeProtectedHeader, type JWTPayload } from 'jose'
import { z } from 'zod'
import { GITHUB_LOGIN, isStorableId, LAYERS_ORGANIZATION, MAX_ID_LENGTH } from '../identity-rules.ts'
import type { Identity } from '../identify.ts'
import { refuseToken } from './refusals.ts'
import { MAX_LIFETIME_SECONDS, type IdentityClaims } from './token-format.ts'

/** How far the clocks of the signing backend and this server may be apart. */
export const CLOCK_TOLERANCE_SECONDS = 5

/**
 * Header parameters that change what is signed, or that bring a key along: RFC 7515 lets a token name its own key, and
 * whoever forges one would. Unknown ones are ignored, as §4 of it demands.
 */
const REFUSED_PARAMETERS = ['crit', 'b64', 'zip', 'enc', 'jwk', 'jku', 'x5u', 'x5c'] as const

const headerSchema = z.object({ alg: z.string(), kid: z.string().max(200).exactOptional() })

export type TokenHeader = z.infer<typeof headerSchema>

/** @throws ConnectError `session_required` when it is no header of a connect token. */
export function parseHeader(token: string): TokenHeader {
  const header = decodeHeader(token)
  const refused = REFUSED_PARAMETERS.find((name) => Object.hasOwn(header, name))
  if (refused !== undefined) throw refuseToken('header parameter not allowed', refused)
  const parsed = headerSchema.safeParse(header)
  if (!parsed.success) throw refuseToken('malformed', String(parsed.error.issues[0]?.path[0]))
  return parsed.data
}

function decodeHeader(token: string): object {
  try {
    return decodeProtectedHeader(token)
  } catch {
    throw refuseToken('malformed')
  }
}

const id = z.string().min(1).max(MAX_ID_LENGTH).refine(isStorableId)

const claimsSchema = z.object({
  iat: z.number(),
  exp: z.number(),
  sub: id,
  tenant: id,
  can_connect: z.boolean(),
  layers_organization: z.string().regex(LAYERS_ORGANIZATION).nullish(),
  expected_account: z.string().regex(GITHUB_LOGIN).nullish(),
}) satisfies z.ZodType<IdentityClaims>

/**
 * The identity in claims whose signature, issuer, audience and `exp` were checked already.
 *
 * @param nowSeconds epoch seconds, whole.
 * @throws ConnectError `session_required` naming the claim that is wrong.
 */
export function parseClaims(payload: JWTPayload, nowSeconds: number): Identity {
  const parsed = claimsSchema.safeParse(payload)
  if (!parsed.success)
    throw refuseToken('claim missing or of a wrong form', String(parsed.error.issues[0]?.path[0]))
  const { data: claims } = parsed
  // Together these also keep `exp` from lying more than ten minutes and the tolerance ahead of now.
  if (claims.iat > nowSeconds + CLOCK_TOLERANCE_SECONDS) throw refuseToken('issued in the future')
  if (claims.exp - claims.iat > MAX_LIFETIME_SECONDS) throw refuseToken('lives longer than 10 minutes')
  return {
    tenantId: claims.tenant,
    userId: claims.sub,
    canConnect: claims.can_connect,
    layersOrganization: claims.layers_organization ?? undefined,
    expectedAccount: claims.expected_account ?? undefined,
    validUntil: Math.floor(claims.exp * 1000),
  }
}
