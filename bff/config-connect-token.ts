// Reads how connect tokens are verified: which keys, who may have signed, and for whom.
import type { KeyObject } from 'node:crypto'
import type { Variables } from './config-schema.ts'
import type { Secret } from './secret.ts'

/** Where the keys come from decides which algorithms are accepted: never both a shared secret and public keys. */
export type TokenKeySource =
  | { readonly kind: 'secret'; readonly secrets: readonly Secret[] }
  | { readonly kind: 'public-key'; readonly keys: readonly KeyObject[] }
  | { readonly kind: 'jwks'; readonly url: URL }

export interface ConnectTokenConfig {
  readonly keys: TokenKeySource
  readonly issuer: string
  readonly audience: string
}

const KEY_VARIABLES = ['CONNECT_TOKEN_SECRET', 'CONNECT_TOKEN_JWKS_URL', 'CONNECT_TOKEN_PUBLIC_KEY'] as const

/** Null when no connect tokens are configured. What is wrong is added to `problems`, each with its cure. */
export function readConnectToken(
  values: Variables,
  publicUrl: string,
  problems: string[],
): ConnectTokenConfig | null {
  const given = KEY_VARIABLES.filter((name) => values[name] !== undefined)
  const issuer = values.CONNECT_TOKEN_ISSUER
  if (given.length > 1) problems.push(`${given.join(' and ')} are both set: keep one of them`)
  if (given.length === 0 && (issuer ?? values.CONNECT_TOKEN_AUDIENCE) !== undefined)
    problems.push(
      `CONNECT_TOKEN_ISSUER or _AUDIENCE is set without a key: set one of ${KEY_VARIABLES.join(', ')}`,
    )
  if (given.length > 0 && issuer === undefined)
    problems.push(
      'CONNECT_TOKEN_ISSUER is required with connect tokens: set it to the `iss` your backend signs with',
    )
  const { LAYERS_API_KEY: current, LAYERS_API_KEY_PREVIOUS: previous = current } = values
  const partnerKeys = [current, previous].map((key) => key.reveal((value) => value))
  if (values.CONNECT_TOKEN_SECRET?.some((secret) => secret.reveal((value) => partnerKeys.includes(value))))
    problems.push(
      'CONNECT_TOKEN_SECRET is the partner key, which nothing but this server may know: make a secret of its own',
    )

  const keys = findKeySource(values)
  if (keys === undefined || issuer === undefined) return null
  return { keys, issuer, audience: values.CONNECT_TOKEN_AUDIENCE ?? publicUrl }
}

function findKeySource(values: Variables): TokenKeySource | undefined {
  const { CONNECT_TOKEN_SECRET, CONNECT_TOKEN_JWKS_URL, CONNECT_TOKEN_PUBLIC_KEY } = values
  if (CONNECT_TOKEN_SECRET !== undefined) return { kind: 'secret', secrets: CONNECT_TOKEN_SECRET }
  if (CONNECT_TOKEN_JWKS_URL !== undefined) return { kind: 'jwks', url: CONNECT_TOKEN_JWKS_URL }
  if (CONNECT_TOKEN_PUBLIC_KEY !== undefined) return { kind: 'public-key', keys: CONNECT_TOKEN_PUBLIC_KEY }
  return undefined
}
