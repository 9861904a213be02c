// What the parts of an identity look like. Imports nothing, so that the signer of connect tokens can hold to the same rules.

/** Longest id of a tenant or user, in UTF-16 code units. */
export const MAX_ID_LENGTH = 200

/** What goes into the `X-Layers-Organization` header. */
export const LAYERS_ORGANIZATION = /^[A-Za-z0-9_-]{1,100}$/

/** Letters, digits and hyphens; managed users have an underscore before the enterprise's short code. */
export const GITHUB_LOGIN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/
