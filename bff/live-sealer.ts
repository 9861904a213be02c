// A sealer whose data keys can be replaced while the BFF runs.
import type { Sealer } from './seal.ts'

export interface LiveSealer extends Sealer {
  /** Everything after this call is sealed and unsealed by `next`. */
  replace(next: Sealer): void
}

export function createLiveSealer(first: Sealer): LiveSealer {
  let current = first
  return {
    seal: (...what) => current.seal(...what),
    unseal: (...what) => current.unseal(...what),
    get hasOlderKeys() {
      return current.hasOlderKeys
    },
    isNewest: (sealed) => current.isNewest(sealed),
    replace(next) {
      current = next
    },
  }
}
