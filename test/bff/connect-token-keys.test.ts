// Which keys a connect token may be signed with: secrets and public keys, two of them overlapping, and never one taken for the other.
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { TokenKeySource } from '../../bff/config-connect-token.ts'
import {
  CLAIMS,
  createIdentify,
  createToken,
  encode,
  HEADER,
  outcomeOf,
  SECRET,
  secretKeys,
  signHmac,
} from './connect-token-fixtures.ts'

const OTHER = 'another-secret-of-the-same-backend-0123456789'
const publicKeys = (...keys: readonly KeyObject[]): TokenKeySource => ({ kind: 'public-key', keys })
const sign = (key: KeyObject, alg: string, header: Readonly<Record<string, unknown>> = {}) =>
  new SignJWT({ ...CLAIMS }).setProtectedHeader({ ...HEADER, ...header, alg }).sign(key)

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const otherP256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')

describe('two secrets', () => {
  const both = createIdentify(secretKeys(OTHER, SECRET))

  it('are both accepted while one replaces the other, with a kid and without', async () => {
    for (const secret of [SECRET, OTHER])
      for (const header of [{}, { kid: 'k1' }, { kid: '' }])
        expect(await outcomeOf(both, createToken({}, header, secret))).toBe('accepted')
  })

  it('leave no room for a third, nor for the old one when it is gone', async () => {
    expect(await outcomeOf(both, createToken({}, {}, `${SECRET}x`))).toBe('bad signature')
    expect(await outcomeOf(createIdentify(secretKeys(OTHER)), createToken())).toBe('bad signature')
  })

  it('hold the time and the claims whichever of them has signed', async () => {
    for (const secret of [SECRET, OTHER]) {
      expect(await outcomeOf(both, createToken({ exp: 1 }, {}, secret))).toBe('expired')
      expect(await outcomeOf(both, createToken({ aud: 'x' }, {}, secret))).toBe('other audience')
    }
  })

  it('are taken as their characters, not as base64 of something', async () => {
    const decoded = Buffer.from(SECRET, 'base64url')
    const input = `${encode(HEADER)}.${encode(CLAIMS)}`
    const token = `${input}.${createHmac('sha256', decoded).update(input).digest('base64url')}`
    expect(await outcomeOf(createIdentify(), token)).toBe('bad signature')
  })
})

describe('a public key', () => {
  it.each([
    ['RSA', rsa, 'RS256'],
    ['P-256', p256, 'ES256'],
    ['Ed25519', ed25519, 'EdDSA'],
    ['Ed25519', ed25519, 'Ed25519'],
  ])('of %s accepts its own algorithm', async (_, { privateKey, publicKey }, alg) => {
    const identify = createIdentify(publicKeys(publicKey))
    expect(await outcomeOf(identify, await sign(privateKey, alg))).toBe('accepted')
    expect(await outcomeOf(identify, await sign(privateKey, alg, { kid: 'any' }))).toBe('accepted')
  })

  it.each(['RS384', 'RS512', 'PS256', 'PS384', 'PS512'])('of RSA does not accept %s', async (alg) => {
    expect(await outcomeOf(createIdentify(publicKeys(rsa.publicKey)), await sign(rsa.privateKey, alg))).toBe(
      'algorithm not allowed',
    )
  })

  it.each([
    ['RSA', rsa.publicKey],
    ['P-256', p256.publicKey],
    ['Ed25519', ed25519.publicKey],
  ])('of %s accepts no algorithm of another kind', async (_, key) => {
    const identify = createIdentify(publicKeys(key))
    const tokens = [
      await sign(rsa.privateKey, 'RS256'),
      await sign(p256.privateKey, 'ES256'),
      await sign(ed25519.privateKey, 'EdDSA'),
      createToken(),
    ]
    const outcomes = await Promise.all(tokens.map((token) => outcomeOf(identify, token)))
    expect(outcomes.toSorted()).toEqual([
      'accepted',
      'algorithm not allowed',
      'algorithm not allowed',
      'algorithm not allowed',
    ])
  })

  it.each([
    ['RSA', rsa.publicKey],
    ['P-256', p256.publicKey],
    ['Ed25519', ed25519.publicKey],
  ])('of %s is no secret: HS256 with its PEM, DER or JWK text is refused', async (_, key) => {
    const identify = createIdentify(publicKeys(key))
    const pem = key.export({ type: 'spki', format: 'pem' }).toString()
    const input = `${encode(HEADER)}.${encode(CLAIMS)}`
    const secrets = [
      pem,
      pem.trim(),
      pem.replaceAll('\n', '\\n'),
      key.export({ type: 'spki', format: 'der' }),
      JSON.stringify(key.export({ format: 'jwk' })),
    ]
    for (const secret of secrets) {
      const signature = createHmac('sha256', secret).update(input).digest('base64url')
      expect(await outcomeOf(identify, `${input}.${signature}`)).toBe('algorithm not allowed')
    }
  })

  it('of somebody else is a bad signature', async () => {
    const identify = createIdentify(publicKeys(rsa.publicKey))
    expect(await outcomeOf(identify, await sign(otherRsa.privateKey, 'RS256'))).toBe('bad signature')
  })

  it('that the token brings along is not looked at', async () => {
    const identify = createIdentify(publicKeys(p256.publicKey))
    const jwk = createPublicKey(otherP256.privateKey).export({ format: 'jwk' })
    expect(await outcomeOf(identify, await sign(otherP256.privateKey, 'ES256', { jwk }))).toBe(
      'header parameter not allowed (jwk)',
    )
  })

  it('overlaps with another, of the same kind or not', async () => {
    const sameKind = createIdentify(publicKeys(p256.publicKey, otherP256.publicKey))
    expect(await outcomeOf(sameKind, await sign(p256.privateKey, 'ES256'))).toBe('accepted')
    expect(await outcomeOf(sameKind, await sign(otherP256.privateKey, 'ES256'))).toBe('accepted')
    const twoKinds = createIdentify(publicKeys(ed25519.publicKey, rsa.publicKey))
    expect(await outcomeOf(twoKinds, await sign(ed25519.privateKey, 'EdDSA'))).toBe('accepted')
    expect(await outcomeOf(twoKinds, await sign(rsa.privateKey, 'RS256'))).toBe('accepted')
    expect(await outcomeOf(twoKinds, await sign(otherRsa.privateKey, 'RS256'))).toBe('bad signature')
    expect(await outcomeOf(twoKinds, signHmac(`${encode(HEADER)}.${encode(CLAIMS)}`))).toBe(
      'algorithm not allowed',
    )
  })
})
