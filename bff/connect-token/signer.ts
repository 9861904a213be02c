// @connect-github/bff/token: signs connect tokens in the partner's backend. Needs jose and Node, and nothing else of the BFF.
import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, SignJWT, type JSONWebKeySet, type JWTPayload } from 'jose'
import { GITHUB_LOGIN, isStorableId, LAYERS_ORGANIZATION, MAX_ID_LENGTH } from '../identity-rules.ts'
import type { Identity } from '../identify.ts'
import { findKeyAlgorithm } from './key-algorithm.ts'
import {
  MAX_AUDIENCE_LENGTH,
  MAX_ISSUER_LENGTH,
  MAX_LIFETIME_SECONDS,
  SHARED_SECRET,
  TOKEN_TYPE,
  type IdentityClaims,
} from './token-format.ts'

interface CommonOptions {
  /** The `iss`: what the BFF has as `CONNECT_TOKEN_ISSUER`. 1–200 characters. */
  readonly issuer: string
  /** The `aud`: what the BFF has as `CONNECT_TOKEN_AUDIENCE`, or else its `PUBLIC_URL`. 1–500 characters. */
  readonly audience: string
  /** The `kid`, 1–200 characters. Default: none with a secret, the key's RFC 7638 thumbprint with a private key. */
  readonly keyId?: string | undefined
  /** How long a token holds, in seconds. 1–600, default 300. */
  readonly lifetimeSeconds?: number | undefined
  /** Epoch milliseconds. Default `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** Either the secret shared with the BFF (32 characters or more), or a private key as PEM: RSA, EC on P-256, or Ed25519. */
export type TokenSignerOptions = CommonOptions &
  (
    | { readonly secret: string; readonly privateKey?: undefined }
    | { readonly privateKey: string; readonly secret?: undefined }
  )

/** Who the token is for. See {@link Identity}. */
export type TokenSubject = Omit<Identity, 'validUntil'>

export interface TokenSigner {
  /** A token for this person, for the page that shows the widget. Rejects with TypeError when the subject is not complete. */
  sign(subject: TokenSubject): Promise<string>
  /** The key set to publish for `CONNECT_TOKEN_JWKS_URL`. Rejects with TypeError when signing with a secret. */
  jwks(): Promise<JSONWebKeySet>
}

const DEFAULT_LIFETIME_SECONDS = 300

/** @throws TypeError at once when an option cannot be used, naming its cure. */
export function createTokenSigner(options: TokenSignerOptions): TokenSigner {
  if ('window' in globalThis)
    throw new TypeError('createTokenSigner is for a server: in a page, everybody could read the key')
  const { issuer, audience, now = Date.now, lifetimeSeconds = DEFAULT_LIFETIME_SECONDS } = options
  checkText('issuer', issuer, MAX_ISSUER_LENGTH)
  checkText('audience', audience, MAX_AUDIENCE_LENGTH)
  if (options.keyId !== undefined) checkText('keyId', options.keyId, 200)
  if (!Number.isInteger(lifetimeSeconds) || lifetimeSeconds < 1 || lifetimeSeconds > MAX_LIFETIME_SECONDS)
    throw new TypeError(`lifetimeSeconds must be a whole number from 1 to ${MAX_LIFETIME_SECONDS}`)

  const { key, algorithm } = readKey(options)
  const publicJwk = algorithm === 'HS256' ? undefined : exportJWK(createPublicKey(key))
  // Whoever signs or asks for the set is told; without this, a runtime that lacks the hash would crash on it.
  publicJwk?.catch(() => undefined)
  const findKeyId = async (): Promise<string | undefined> =>
    options.keyId ?? (publicJwk && calculateJwkThumbprint(await publicJwk))

  return {
    async sign(subject) {
      const claims = toClaims(subject)
      const kid = await findKeyId()
      const issuedAt = Math.floor(now() / 1000)
      return new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: TOKEN_TYPE, ...(kid === undefined ? {} : { kid }) })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(key)
    },
    async jwks() {
      const kid = await findKeyId()
      if (publicJwk === undefined || kid === undefined)
        throw new TypeError('A shared secret has no public part: sign with a privateKey to publish a key set')
      return { keys: [{ ...(await publicJwk), kid, alg: algorithm, use: 'sig' }] }
    },
  }
}

function readKey(options: TokenSignerOptions): { readonly key: KeyObject; readonly algorithm: string } {
  const { secret, privateKey } = options
  if ((secret === undefined) === (privateKey === undefined))
    throw new TypeError('Give either secret or privateKey: what the BFF verifies with is its counterpart')
  if (secret !== undefined) {
    if (typeof secret !== 'string' || !SHARED_SECRET.test(secret))
      throw new TypeError(
        'secret must be one secret of 32 printable characters or more, without spaces and commas: make one with `openssl rand -base64 48`',
      )
    return { key: createSecretKey(secret, 'utf8'), algorithm: 'HS256' }
  }
  const key = findPrivateKey(privateKey)
  const algorithm = key && findKeyAlgorithm(key)
  if (key === undefined || algorithm === undefined)
    throw new TypeError(
      'privateKey must be a PEM private key without a passphrase: RSA (2048 bits or more), EC on P-256, or Ed25519',
    )
  return { key, algorithm }
}

/** Environment files often hold a PEM on one line, with `\n` for its line breaks. */
function findPrivateKey(pem: unknown): KeyObject | undefined {
  try {
    return createPrivateKey(String(pem).replaceAll('\\n', '\n'))
  } catch {
    return undefined
  }
}

/** Checked here as the BFF will, so that a mistake shows where it was made and not as a customer who is not signed in. */
function toClaims(subject: TokenSubject): JWTPayload & IdentityClaims {
  const { tenantId, userId, canConnect, layersOrganization, expectedAccount } = subject
  checkId('tenantId', tenantId)
  checkId('userId', userId)
  if (typeof canConnect !== 'boolean')
    throw new TypeError('canConnect must be true or false: whether this person may connect GitHub')
  checkPattern('layersOrganization', layersOrganization, LAYERS_ORGANIZATION)
  checkPattern('expectedAccount', expectedAccount, GITHUB_LOGIN)
  return {
    sub: userId,
    tenant: tenantId,
    can_connect: canConnect,
    layers_organization: layersOrganization ?? undefined,
    expected_account: expectedAccount ?? undefined,
  }
}

function checkText(name: string, value: unknown, maxLength: number): void {
  if (typeof value !== 'string' || value === '' || value.length > maxLength)
    throw new TypeError(`${name} must be a string of 1 to ${maxLength} characters`)
}

function checkId(name: string, value: unknown): void {
  checkText(name, value, MAX_ID_LENGTH)
  if (!isStorableId(String(value)))
    throw new TypeError(
      `${name} must be well-formed Unicode without U+0000: was it cut in the middle of a character?`,
    )
}

/** Absent is fine, and so is null: many databases say it like that. */
function checkPattern(name: string, value: unknown, pattern: RegExp): void {
  if (value === undefined || value === null) return
  if (typeof value !== 'string' || !pattern.test(value))
    throw new TypeError(`${name} must match ${pattern.source}, or be left out`)
}
