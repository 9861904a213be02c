// A signing backend with a JSON Web Key Set behind real HTTP, and a clock that tests move.
import { generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { SignJWT } from 'jose'
import { vi } from 'vitest'
import { createTokenIdentify } from '../../bff/connect-token/verify-token.ts'
import type { Identify } from '../../bff/identify.ts'
import type { LogFields } from '../../bff/log.ts'
import { CLAIMS, createConfig, HEADER, NOW_SECONDS } from './connect-token-fixtures.ts'
import { listen } from './upstream-server.ts'

export interface TestKey {
  readonly alg: string
  readonly kid: string
  readonly privateKey: KeyObject
  /** As the set publishes it. */
  readonly jwk: JsonWebKey
}

const KINDS = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
}

export function createKey(kid: string, alg: keyof typeof KINDS = 'ES256'): TestKey {
  const { publicKey, privateKey } = KINDS[alg]()
  return { alg, kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } }
}

/** @param header of undefined leaves a parameter out. */
export function signWith(
  { alg, kid, privateKey }: TestKey,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000)
  return new SignJWT({ ...CLAIMS, iat: issuedAt, exp: issuedAt + 300 })
    .setProtectedHeader({ ...HEADER, alg, kid, ...header })
    .sign(privateKey)
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void

export interface KeySetServer {
  readonly url: URL
  readonly identify: Identify
  readonly requests: readonly IncomingMessage[]
  readonly warnings: readonly { readonly event: string; readonly fields: LogFields | undefined }[]
  answer: Answer
}

export const answerWith =
  (...jwks: readonly object[]): Answer =>
  (response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: jwks }))

export async function startKeySet(answer: Answer, timeoutMs = 2_000): Promise<KeySetServer> {
  const requests: IncomingMessage[] = []
  const warnings: { event: string; fields: LogFields | undefined }[] = []
  const origin = await listen(
    createServer((request, response) => {
      requests.push(request)
      server.answer(response, request)
    }),
  )
  const url = new URL('/.well-known/jwks.json', origin)
  const server: KeySetServer = {
    url,
    identify: createTokenIdentify({
      config: createConfig({ kind: 'jwks', url }),
      now: () => Date.now(),
      log: { warn: (event, fields) => void warnings.push({ event, fields }) },
      timeoutMs,
    }),
    requests,
    warnings,
    answer,
  }
  return server
}

/** Stops all clocks of this process; returns what moves them. */
export function stopClock(): { advance(ms: number): void } {
  let now = NOW_SECONDS * 1000
  vi.spyOn(Date, 'now').mockImplementation(() => now)
  return {
    advance(ms) {
      now += ms
    },
  }
}
