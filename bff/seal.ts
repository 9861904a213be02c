// Encrypts what is stored and must be read again (states, install URLs, installation ids), with the tenant and the
// purpose authenticated, so that a sealed value cannot be moved to another row.
import { createHash } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import type { Secret } from './secret.ts'

export type SealPurpose =
  'state' | 'install-url' | 'installation' | 'authorization' | 'cursor' | 'server-secret'

export interface Sealer {
  seal(purpose: SealPurpose, tenantId: string, value: string): Promise<string>
  /** Throws {@link UnsealError} for a value sealed for something else, with a key no longer listed, or changed since. */
  unseal(purpose: SealPurpose, tenantId: string, sealed: string): Promise<string>
  /** Whether there is a key that only unseals. */
  readonly hasOlderKeys: boolean
  /** True when it was sealed with the newest key. Throws {@link UnsealError} for what was not sealed at all. */
  isNewest(sealed: string): boolean
}

/** The stored value cannot be read with the data keys at hand. */
export class UnsealError extends Error {
  override readonly name = 'UnsealError'
}

/** Longest sealed value, in characters; decrypting anything longer is refused before it costs anything. */
const MAX_SEALED_LENGTH = 8192

/**
 * Seals with the first key and unseals with any of them, so that keys can overlap while they are replaced.
 * JWE compact, `dir` + `A256GCM` (RFC 7516, RFC 7518 §4.5 and §5.3); the header is part of what is authenticated.
 *
 * @param dataKeys base64url of 32 bytes each, newest first, at least one.
 */
export function createSealer(dataKeys: readonly Secret[]): Sealer {
  const keys = new Map(
    dataKeys.map((key) => key.reveal((text) => [keyIdOf(text), Buffer.from(text, 'base64url')])),
  )
  const [newest] = keys
  if (newest === undefined) throw new TypeError('createSealer needs at least one data key')
  const [newestId, newestKey] = newest

  return {
    seal: (purpose, tenantId, value) =>
      new CompactEncrypt(new TextEncoder().encode(value))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: newestId, typ: purpose, tid: tenantId })
        .encrypt(newestKey),

    hasOlderKeys: keys.size > 1,

    isNewest(sealed) {
      try {
        return decodeProtectedHeader(sealed).kid === newestId
      } catch (cause) {
        throw new UnsealError('sealed value cannot be read', { cause })
      }
    },

    async unseal(purpose, tenantId, sealed) {
      if (sealed.length > MAX_SEALED_LENGTH) throw new UnsealError('sealed value is too long')
      try {
        const { plaintext, protectedHeader } = await compactDecrypt(
          sealed,
          ({ kid }) => {
            const key = keys.get(kid ?? '')
            if (key === undefined)
              throw new UnsealError('sealed with a data key that is not listed in DATA_KEYS')
            return key
          },
          // Pinned, and compression refused, so that a changed header cannot choose another algorithm.
          {
            keyManagementAlgorithms: ['dir'],
            contentEncryptionAlgorithms: ['A256GCM'],
            maxDecompressedLength: 0,
          },
        )
        if (protectedHeader.typ !== purpose || protectedHeader['tid'] !== tenantId) {
          throw new UnsealError('sealed for another purpose or tenant')
        }
        return new TextDecoder().decode(plaintext)
      } catch (cause) {
        if (cause instanceof UnsealError) throw cause
        throw new UnsealError('sealed value cannot be read', { cause })
      }
    },
  }
}

/** A data key's public name: enough of its hash to tell keys apart. */
function keyIdOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8)
}
