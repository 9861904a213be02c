// Which one algorithm a key is used with: the key decides, never the token.
import type { KeyObject } from 'node:crypto'

export type AsymmetricAlgorithm = 'RS256' | 'ES256' | 'EdDSA'

/** Undefined for keys that are not accepted: RSA below 2048 bits, other curves, RSA-PSS, secrets. */
export function findKeyAlgorithm(key: KeyObject): AsymmetricAlgorithm | undefined {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa' && (modulusLength ?? 0) >= 2048) return 'RS256'
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256'
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA'
  return undefined
}

/**
 * The names a token may give the algorithm: Ed25519 has two, of which RFC 9864 deprecates the older.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9864#section-2.2
 */
export function namesOf(algorithm: AsymmetricAlgorithm): readonly string[] {
  return algorithm === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [algorithm]
}
