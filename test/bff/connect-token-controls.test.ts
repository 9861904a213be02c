// The control of the tests beside it: with one check taken out, the token or key set that they see refused is accepted.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTokenIdentify } from '../../bff/connect-token/verify-token.ts'
import { copyBroken } from '../flow/broken-bff.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { createConfig, createRequest, createToken, NOW_SECONDS } from './connect-token-fixtures.ts'
import { answerWith, createKey, signWith, startKeySet, stopClock } from './connect-token-key-set-server.ts'

/** What the copy exports has the type of the original, of which it is a copy. */
const moduleSchema = z.object({
  createTokenIdentify: z.custom<typeof createTokenIdentify>((value) => typeof value === 'function'),
})

/** Loaded by Node itself: the copy lies outside of what the test runner transforms. */
const require = createRequire(import.meta.url)

function loadBroken(breakage: Breakage): typeof createTokenIdentify {
  const loaded: unknown = require(join(copyBroken([breakage]), 'connect-token/verify-token.ts'))
  return moduleSchema.parse(loaded).createTokenIdentify
}

/** By name, because the copy has an error class of its own. */
async function isAccepted(create: typeof createTokenIdentify, token: string): Promise<boolean> {
  const identify = create({ config: createConfig(), now: () => NOW_SECONDS * 1000 })
  return identifies(identify, token)
}

async function identifies(identify: ReturnType<typeof createTokenIdentify>, token: string): Promise<boolean> {
  return Promise.resolve(identify(createRequest(`Bearer ${token}`))).then(
    (identity) => identity !== null,
    () => false,
  )
}

/** The same 32 bytes: of the last character's six bits, two are dropped. */
function respell(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return token.slice(0, -1) + (alphabet[alphabet.indexOf(token.at(-1) ?? '') + 1] ?? '')
}

const VERIFY = 'connect-token/verify-token.ts'
const CLAIMS_FILE = 'connect-token/claims.ts'

describe('without the check of', () => {
  it.each<[string, string, Breakage]>([
    ['the type', createToken({}, { typ: 'JWT' }), { file: VERIFY, from: 'typ: TOKEN_TYPE,', to: '' }],
    ['the issuer', createToken({ iss: 'x' }), { file: VERIFY, from: 'issuer: config.issuer,', to: '' }],
    ['the audience', createToken({ aud: 'x' }), { file: VERIFY, from: 'audience: config.audience,', to: '' }],
    [
      'the clock',
      createToken({ iat: NOW_SECONDS - 600, exp: NOW_SECONDS - 300 }),
      { file: VERIFY, from: 'new Date(now)', to: 'new Date(now - 400_000)' },
    ],
    [
      'the ten minutes',
      createToken({ exp: NOW_SECONDS + 601 }),
      { file: CLAIMS_FILE, from: 'claims.exp - claims.iat > MAX_LIFETIME_SECONDS', to: 'false' },
    ],
    [
      'iat',
      createToken({ iat: NOW_SECONDS + 60 }),
      { file: CLAIMS_FILE, from: 'claims.iat > nowSeconds + CLOCK_TOLERANCE_SECONDS', to: 'false' },
    ],
    [
      'the header parameters',
      createToken({}, { jku: 'https://evil.example' }),
      { file: CLAIMS_FILE, from: 'if (refused !== undefined)', to: 'if (refused === "never")' },
    ],
    [
      'the spelling of the signature',
      respell(createToken()),
      { file: 'connect-token/read-bearer-token.ts', from: '|| !isCanonical(signature)', to: '' },
    ],
    [
      'the length',
      createToken({ note: 'x'.repeat(6_200) }),
      {
        file: 'connect-token/read-bearer-token.ts',
        from: 'token.length > MAX_TOKEN_LENGTH',
        to: 'token.length > 1e6',
      },
    ],
  ])('%s a token is accepted that is refused otherwise', async (_, token, breakage) => {
    expect(await isAccepted(createTokenIdentify, token)).toBe(false)
    expect(await isAccepted(loadBroken(breakage), token)).toBe(true)
  })

  it('the key set for private keys, a token is accepted that anybody could have signed', async () => {
    const key = createKey('leaked')
    const leaky = answerWith(key.jwk, { kty: 'oct', k: 'c2VjcmV0' })
    const server = await startKeySet(leaky)
    const token = await signWith(key)
    expect(await identifies(server.identify, token)).toBe(false)
    const create = loadBroken({
      file: 'connect-token/fetch-key-set.ts',
      from: "key.kty === 'oct' || ['k', 'd', 'priv'].some((name) => name in key)",
      to: 'key.kty === undefined',
    })
    const broken = create({ config: createConfig({ kind: 'jwks', url: server.url }), now: () => Date.now() })
    expect(await identifies(broken, token)).toBe(true)
  })

  it('the time since a failure, a server in trouble is asked for each token', async () => {
    stopClock()
    const server = await startKeySet((response) => response.writeHead(503).end())
    const token = await signWith(createKey('one'))
    for (let step = 0; step < 5; step += 1) expect(await identifies(server.identify, token)).toBe(false)
    expect(server.requests).toHaveLength(1)
    const create = loadBroken({
      file: 'connect-token/key-set.ts',
      from: 'failed !== undefined && now() < failed.at + COOLDOWN_MS',
      to: 'failed?.at === -1',
    })
    const broken = create({ config: createConfig({ kind: 'jwks', url: server.url }), now: () => Date.now() })
    for (let step = 0; step < 5; step += 1) expect(await identifies(broken, token)).toBe(false)
    expect(server.requests).toHaveLength(1 + 5)
  })
})
