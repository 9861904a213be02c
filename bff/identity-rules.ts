// What the parts of an identity look like. Imports nothing, so that the signer of connect tokens can hold to the same rules.

/** Longest id of a tenant or user, in UTF-16 code units. */
export const MAX_ID_LENGTH = 200

/**
 * Half of a surrogate pair, which cutting a text to length can leave behind, is stored as U+FFFD, as is every other half: two ids could
 * become one. PostgreSQL has no U+0000 in its texts (https://www.postgresql.org/docs/current/datatype-character.html).
 */
export function isStorableId(id: string): boolean {
  return id.isWellFormed() && !id.includes('\0')
}

/** What goes into the `X-Layers-Organization` header. */
export const LAYERS_ORGANIZATION = /^[A-Za-z0-9_-]{1,100}$/

/** Letters, digits and hyphens; managed users have an underscore before the enterprise's short code. */
export const GITHUB_LOGIN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/
