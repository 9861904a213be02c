// The partner keys that overlap while one replaces the other, and which of them a call is made with.
import type { Secret } from '../secret.ts'

export interface PartnerKey {
  /** Names the key in a flow's row; says nothing about it without the server secret. */
  readonly fingerprint: string
  readonly secret: Secret
  readonly role: 'current' | 'previous'
}

export interface PartnerKeyPair {
  readonly current: Secret
  /** Null when no other key is being replaced. */
  readonly previous: Secret | null
}

export interface PartnerKeys {
  /**
   * The key to call with, and the one to try when it is refused. The one with the fingerprint comes first, while it is there: Layers
   * may hold a flow to the key that began it.
   */
  inOrder(fingerprint: string | null): readonly [PartnerKey, PartnerKey?]
  /** From now on calls are made with these. */
  replace(pair: PartnerKeyPair): void
}

export function createPartnerKeys(
  pair: PartnerKeyPair,
  fingerprintOf: (secret: string) => string,
): PartnerKeys {
  function describe(secret: Secret, role: PartnerKey['role']): PartnerKey {
    return { fingerprint: secret.reveal(fingerprintOf), secret, role }
  }
  function describePair({ current, previous }: PartnerKeyPair): readonly [PartnerKey, PartnerKey?] {
    const newer = describe(current, 'current')
    const older = previous === null ? undefined : describe(previous, 'previous')
    // The same key twice is one: a refused one is not asked for again.
    return older === undefined || older.fingerprint === newer.fingerprint ? [newer] : [newer, older]
  }
  let keys = describePair(pair)

  return {
    inOrder(fingerprint) {
      const [newer, older] = keys
      return older !== undefined && older.fingerprint === fingerprint ? [older, newer] : keys
    },
    replace(next) {
      keys = describePair(next)
    },
  }
}
