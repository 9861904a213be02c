// Decides whether pictures of connected accounts are fetched and shown.
import type { OwnershipConfig } from './config-ownership.ts'
import type { Variables } from './config-schema.ts'

/** By default where the BFF has to reach GitHub anyway; never where an <img> cannot say whose page it is on. */
export function readAvatars(
  { AVATARS, PUBLIC_URL, ALLOWED_ORIGINS = [] }: Variables,
  ownership: OwnershipConfig,
  usesConnectTokens: boolean,
): boolean {
  if (usesConnectTokens || ALLOWED_ORIGINS.some((origin) => origin !== PUBLIC_URL.origin)) return false
  return AVATARS === undefined ? ownership.kind !== 'none' : AVATARS === 'on'
}
