// A JSON Web Key Set over real HTTP: which of its keys count, how often it is asked for, and how keys are rotated.
import { createSign, generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { CLAIMS, createToken, HEADER, outcomeOf } from './connect-token-fixtures.ts'
import { answerWith, createKey, signWith, startKeySet, stopClock } from './connect-token-key-set-server.ts'

let clock: ReturnType<typeof stopClock>
beforeEach(() => {
  clock = stopClock()
})

const MINUTE_MS = 60_000
const COOLDOWN_MS = 30_000

describe('a key of the set', () => {
  const keys = [createKey('r', 'RS256'), createKey('e', 'ES256'), createKey('d', 'EdDSA')]

  it.each(keys.map((key) => [key.alg, key] as const))('is used with %s', async (_, key) => {
    const { identify } = await startKeySet(answerWith(...keys.map(({ jwk }) => jwk)))
    expect(await outcomeOf(identify, await signWith(key))).toBe('accepted')
    expect(await outcomeOf(identify, await signWith(key, { kid: undefined }))).toBe('accepted')
  })

  it('is used with the newer name of EdDSA', async () => {
    const key = createKey('d', 'EdDSA')
    const { identify } = await startKeySet(answerWith({ ...key.jwk, alg: 'Ed25519' }))
    expect(await outcomeOf(identify, await signWith({ ...key, alg: 'Ed25519' }))).toBe('accepted')
  })

  it('is found among several of its kind, also when the token names none', async () => {
    const all = [createKey('1'), createKey('2'), createKey('3')]
    const { identify } = await startKeySet(answerWith(...all.map(({ jwk }) => jwk)))
    for (const key of all)
      expect(await outcomeOf(identify, await signWith(key, { kid: undefined }))).toBe('accepted')
    const stranger = await signWith(createKey('4'), { kid: undefined })
    expect(await outcomeOf(identify, stranger)).toBe('bad signature')
  })

  it('of another owner under a name of the set is a bad signature', async () => {
    const { identify } = await startKeySet(answerWith(createKey('e').jwk))
    expect(await outcomeOf(identify, await signWith(createKey('e')))).toBe('bad signature')
  })

  const key = createKey('k')
  it.each<[string, Record<string, unknown>]>([
    ['use of encryption', { use: 'enc' }],
    ['use of something else', { use: 'x' }],
    ['key_ops without verify', { key_ops: ['sign'] }],
    ['empty key_ops', { key_ops: [] }],
    ['another algorithm', { alg: 'ES384' }],
    ['an algorithm of encryption', { alg: 'ECDH-ES' }],
    ['another kid', { kid: 'other' }],
    ['another curve', { crv: 'P-384' }],
    ['another kind', { kty: 'RSA' }],
    ['an unknown kind', { kty: 'constructor' }],
    ['half of its point missing', { y: undefined }],
    ['a point that is not on the curve', { y: key.jwk.x }],
  ])('is not used with %s', async (_, change) => {
    const { identify } = await startKeySet(answerWith({ ...key.jwk, ...change }))
    expect(await outcomeOf(identify, await signWith(key))).toBe('unknown key')
  })

  it('spoils nothing for the others when it cannot be used', async () => {
    const good = createKey('good')
    const { identify } = await startKeySet(
      answerWith({ ...key.jwk, y: 'AA' }, { kty: 'NEW', kid: 'x' }, good.jwk),
    )
    expect(await outcomeOf(identify, await signWith(good))).toBe('accepted')
    expect(await outcomeOf(identify, await signWith(good, { kid: undefined }))).toBe('accepted')
  })

  it('of RSA below 2048 bits is not used', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const { identify } = await startKeySet(
      answerWith({ ...publicKey.export({ format: 'jwk' }), kid: 'small' }),
    )
    // Signed by hand: the library refuses to sign with such a key as well.
    const input = [{ ...HEADER, alg: 'RS256', kid: 'small' }, CLAIMS]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const signature = createSign('sha256').update(input).sign(privateKey, 'base64url')
    expect(await outcomeOf(identify, `${input}.${signature}`)).toBe('unknown key')
  })

  it.each<[string, object]>([
    [
      'a symmetric key',
      { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTAxMjM', kid: 'k', alg: 'HS256' },
    ],
    ['a symmetric key that says it is another', { ...key.jwk, k: 'c2VjcmV0' }],
    ['a private key', { ...key.privateKey.export({ format: 'jwk' }), kid: 'k' }],
  ])('makes the whole set untrusted when it is %s: everybody can sign with it', async (_, secret) => {
    const good = createKey('good')
    const { identify } = await startKeySet(answerWith(good.jwk, secret))
    const unavailable = expect.stringMatching(
      /^identity_unavailable: CONNECT_TOKEN_JWKS_URL publishes a private/,
    )
    expect(await outcomeOf(identify, await signWith(good))).toEqual(unavailable)
    expect(await outcomeOf(identify, await signWith(key))).toEqual(unavailable)
    expect(await outcomeOf(identify, createToken({}, { kid: 'k' }))).toBe('algorithm not allowed')
  })
})

describe('the set is asked for', () => {
  const key = createKey('one')

  it('once for many tokens, also when they come at the same time', async () => {
    const { identify, requests } = await startKeySet(answerWith(key.jwk))
    const token = await signWith(key)
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(identify, token)))
    expect(new Set(outcomes)).toEqual(new Set(['accepted']))
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({ method: 'GET', url: '/.well-known/jwks.json' })
    expect(requests[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' })
    expect(requests[0]?.headers.authorization).toBeUndefined()
  })

  it('never for a token that is refused by its header', async () => {
    const { identify, requests } = await startKeySet(answerWith(key.jwk))
    const tokens = [
      createToken(),
      createToken({}, { alg: 'none' }),
      await signWith(key, { jku: 'https://evil.example' }),
      'x.y.z',
    ]
    for (const token of tokens) expect(await outcomeOf(identify, token)).not.toBe('accepted')
    expect(requests).toHaveLength(0)
  })

  it('again after ten minutes, and a key that was taken out is not used any more', async () => {
    const server = await startKeySet(answerWith(key.jwk))
    expect(await outcomeOf(server.identify, await signWith(key))).toBe('accepted')
    server.answer = answerWith(createKey('two').jwk)
    clock.advance(10 * MINUTE_MS - 1)
    expect(await outcomeOf(server.identify, await signWith(key))).toBe('accepted')
    expect(server.requests).toHaveLength(1)
    clock.advance(1)
    expect(await outcomeOf(server.identify, await signWith(key))).toBe('unknown key')
    expect(server.requests).toHaveLength(2)
  })

  it('again for a kid that is new, so that a rotated key works at once', async () => {
    const server = await startKeySet(answerWith(key.jwk))
    expect(await outcomeOf(server.identify, await signWith(key))).toBe('accepted')
    const next = createKey('next')
    server.answer = answerWith(next.jwk, key.jwk)
    clock.advance(COOLDOWN_MS)
    expect(await outcomeOf(server.identify, await signWith(next))).toBe('accepted')
    expect(await outcomeOf(server.identify, await signWith(key))).toBe('accepted')
    expect(server.requests).toHaveLength(2)
  })

  it('at most once in 30 seconds, however many unknown kids arrive', async () => {
    const { identify, requests } = await startKeySet(answerWith(key.jwk))
    const floodOf = async (count: number): Promise<void> => {
      const tokens = await Promise.all(
        Array.from({ length: count }, (_, index) => signWith(key, { kid: `made-up-${index}` })),
      )
      const outcomes = await Promise.all(tokens.map((token) => outcomeOf(identify, token)))
      expect(new Set(outcomes)).toEqual(new Set(['unknown key']))
    }
    await floodOf(200)
    expect(requests).toHaveLength(1)
    clock.advance(COOLDOWN_MS - 1)
    await floodOf(50)
    expect(requests).toHaveLength(1)
    clock.advance(1)
    await floodOf(200)
    expect(requests).toHaveLength(2)
    expect(await outcomeOf(identify, await signWith(key))).toBe('accepted')
  })

  it('by a fresh token of a stranger without any harm to those who are known', async () => {
    const { identify } = await startKeySet(answerWith(key.jwk))
    const stranger = await new SignJWT({ ...CLAIMS })
      .setProtectedHeader({ ...HEADER, alg: 'ES256', kid: 'stranger' })
      .sign(createKey('stranger').privateKey)
    expect(await outcomeOf(identify, stranger)).toBe('unknown key')
    expect(await outcomeOf(identify, await signWith(key))).toBe('accepted')
  })
})
