// Why a connect token is refused: fixed words with their cures, for the log. The browser only learns that it has to sign in.
import { ConnectError } from '../errors.ts'

const CURES = {
  malformed: 'the credential has to be one signed JWT in compact form, at most 8192 characters',
  'header parameter not allowed': 'sign with the header parameters alg, typ and kid only',
  'algorithm not allowed': 'sign with the algorithm that belongs to the configured key',
  'other type': 'set the header parameter typ to connect-github+jwt',
  'unknown key': 'the key set has no usable key for this kid and algorithm',
  'bad signature': 'sign with the key or secret that is configured here',
  'other issuer': 'sign with the iss that CONNECT_TOKEN_ISSUER names',
  'other audience': 'sign with the aud that CONNECT_TOKEN_AUDIENCE names (default PUBLIC_URL)',
  expired: 'the page has to ask its backend for a new one; compare the clocks if it just did',
  'not yet valid': 'leave nbf out, or compare the clocks',
  'issued in the future': 'compare the clocks of the signing backend and this server',
  'lives longer than 10 minutes': 'sign with an exp at most 600 seconds after iat',
  'claim missing or of a wrong form': 'see the table of claims in the README',
} as const

export type RefusalReason = keyof typeof CURES

/** @param what name of the claim or header parameter, from a list of ours; never anything of the token's own. */
export function refuseToken(reason: RefusalReason, what?: string): ConnectError {
  const subject = what === undefined ? '' : ` (${what})`
  return new ConnectError('session_required', {
    detail: `connect token refused: ${reason}${subject}; ${CURES[reason]}`,
  })
}
