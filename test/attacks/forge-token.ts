// Connect tokens as a partner's backend signs them, and with anything in them that it would not.
import { createHmac, sign, type KeyObject } from 'node:crypto'
import type { Identity } from '../../bff/index.ts'
import { PUBLIC_URL } from '../flow/bff-process.ts'

export const ISSUER = 'https://app.example.com'

export interface TokenChange {
  /** Epoch seconds. */
  readonly expiresAt?: number
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

/** How the last part is made: with a shared secret, with a private RSA key, or not at all. */
export type TokenKey = { readonly secret: string } | { readonly privateKey: KeyObject } | null

/** Undefined in `claims` or `header` leaves the entry out. */
export function forgeToken(person: Identity, key: TokenKey, change: TokenChange = {}): string {
  const now = nowSeconds()
  const header = { alg: 'HS256', typ: 'connect-github+jwt', ...change.header }
  const claims = {
    iss: ISSUER,
    aud: PUBLIC_URL,
    iat: Math.min(now, (change.expiresAt ?? now + 300) - 1),
    exp: change.expiresAt ?? now + 300,
    sub: person.userId,
    tenant: person.tenantId,
    can_connect: person.canConnect,
    layers_organization: person.layersOrganization,
    ...change.claims,
  }
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${signed}.${signatureOf(signed, key)}`
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

function signatureOf(text: string, key: TokenKey): string {
  if (key === null) return ''
  if ('secret' in key) return createHmac('sha256', key.secret).update(text).digest('base64url')
  return sign('sha256', Buffer.from(text), key.privateKey).toString('base64url')
}
