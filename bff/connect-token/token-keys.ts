// The keys that connect tokens may be signed with, and the algorithms that follow from them.
import { createSecretKey, type KeyObject } from 'node:crypto'
import type { CryptoKey } from 'jose'
import type { TokenKeySource } from '../config-connect-token.ts'
import type { TokenHeader } from './claims.ts'
import { findKeyAlgorithm, namesOf, type AsymmetricAlgorithm } from './key-algorithm.ts'
import { createKeySet, type KeySetOptions } from './key-set.ts'

export interface TokenKeys {
  /** What `alg` may be. Never a shared secret's and a public key's: a public key must not pass for a secret. */
  readonly algorithms: readonly string[]
  /**
   * The keys to try, newest first. None: nobody knows the key.
   *
   * @throws ConnectError `identity_unavailable` when the key set cannot be had.
   */
  find(header: TokenHeader): Promise<readonly (KeyObject | CryptoKey)[]>
}

const KEY_SET_ALGORITHMS: readonly AsymmetricAlgorithm[] = ['RS256', 'ES256', 'EdDSA']

export function createTokenKeys(source: TokenKeySource, options: KeySetOptions): TokenKeys {
  switch (source.kind) {
    case 'secret': {
      const keys = source.secrets.map((secret) => secret.reveal((text) => createSecretKey(text, 'utf8')))
      return { algorithms: ['HS256'], find: async () => keys }
    }
    case 'public-key':
      return createPublicKeys(source.keys)
    case 'jwks':
      return { algorithms: KEY_SET_ALGORITHMS.flatMap(namesOf), find: createKeySet(source.url, options) }
  }
}

/** With one or two keys a `kid` has nothing to choose from, so backends need not agree with us on one. */
function createPublicKeys(keys: readonly KeyObject[]): TokenKeys {
  const named = keys.map((key) => {
    const algorithm = findKeyAlgorithm(key)
    return { key, names: algorithm === undefined ? [] : namesOf(algorithm) }
  })
  return {
    algorithms: [...new Set(named.flatMap(({ names }) => names))],
    find: async ({ alg }) => named.filter(({ names }) => names.includes(alg)).map(({ key }) => key),
  }
}
