// Connect tokens made by hand, without the library that verifies them, and a verifier with a clock that stands still.
import { createHmac, randomBytes } from 'node:crypto'
import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { ConnectTokenConfig, TokenKeySource } from '../../bff/config-connect-token.ts'
import { createTokenIdentify } from '../../bff/connect-token/verify-token.ts'
import { ConnectError } from '../../bff/errors.ts'
import type { Identify } from '../../bff/identify.ts'
import { Secret } from '../../bff/secret.ts'

export const ISSUER = 'https://app.example.com'
export const AUDIENCE = 'https://app.example.com/connect/github'
export const NOW_SECONDS = 1_900_000_000
export const SECRET = randomBytes(36).toString('base64url')

type Json = Readonly<Record<string, unknown>>

export const HEADER: Json = { alg: 'HS256', typ: 'connect-github+jwt' }
export const CLAIMS: Json = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'ann',
  tenant: 'northwind',
  can_connect: true,
  iat: NOW_SECONDS,
  exp: NOW_SECONDS + 300,
}

export const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export function signHmac(input: string, secret = SECRET, hash = 'sha256'): string {
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`
}

/** Signed as it should be, whatever header and claims say. A value of undefined takes a claim out. */
export function createToken(claims: Json = {}, header: Json = {}, secret = SECRET): string {
  return signHmac(`${encode({ ...HEADER, ...header })}.${encode({ ...CLAIMS, ...claims })}`, secret)
}

export function createRequest(...authorizations: readonly string[]): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  request.rawHeaders = authorizations.flatMap((value) => ['Authorization', value])
  // As Node does it: the first counts.
  request.headers = authorizations[0] === undefined ? {} : { authorization: authorizations[0] }
  return request
}

export const secretKeys = (...secrets: readonly string[]): TokenKeySource => ({
  kind: 'secret',
  secrets: secrets.map((secret) => new Secret(secret)),
})

export function createConfig(keys: TokenKeySource = secretKeys(SECRET)): ConnectTokenConfig {
  return { keys, issuer: ISSUER, audience: AUDIENCE }
}

export function createIdentify(keys?: TokenKeySource, nowMs = NOW_SECONDS * 1000): Identify {
  return createTokenIdentify({ config: createConfig(keys), now: () => nowMs })
}

/** `accepted`, `nobody`, or why not: the words the log gets, without the cure. */
export async function outcomeOf(identify: Identify, token: string): Promise<string> {
  return outcomeOfRequest(identify, createRequest(`Bearer ${token}`))
}

export async function outcomeOfRequest(identify: Identify, request: IncomingMessage): Promise<string> {
  try {
    return (await identify(request)) === null ? 'nobody' : 'accepted'
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error
    if (error.code !== 'session_required') return `${error.code}: ${error.detail}`
    const reason = /^connect token refused: ([^;]+); \S/.exec(error.detail ?? '')?.[1]
    if (reason === undefined) throw new Error('a refusal without reason and cure', { cause: error })
    return reason
  }
}
