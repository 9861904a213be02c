// The signer that partners use: what it signs is accepted, what would be refused later is refused where the mistake is made.
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import { createTokenSigner, type TokenSigner, type TokenSubject } from '../../bff/connect-token/signer.ts'
import {
  AUDIENCE,
  createIdentify,
  createRequest,
  ISSUER,
  NOW_SECONDS,
  secretKeys,
} from './connect-token-fixtures.ts'

const SECRET = randomBytes(36).toString('base64')
const COMMON = { issuer: ISSUER, audience: AUDIENCE, now: () => NOW_SECONDS * 1000 + 999 }
const ANN: TokenSubject = { tenantId: 'northwind', userId: 'ann', canConnect: true }
const PAIRS = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
} as const
const pemOf = (alg: keyof typeof PAIRS) =>
  PAIRS[alg].privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** As JavaScript may call it: with anything. */
const createWith = (options: object): TokenSigner =>
  createTokenSigner({ secret: SECRET, ...COMMON, ...options })
const signFor = (change: object): Promise<string> => createWith({}).sign(Object.assign({ ...ANN }, change))

describe('what it signs', () => {
  it('is accepted with the same secret', async () => {
    const token = await createTokenSigner({ secret: SECRET, ...COMMON }).sign({
      ...ANN,
      layersOrganization: 'org_1',
      expectedAccount: 'acme-coffee',
    })
    expect(await createIdentify(secretKeys(SECRET))(createRequest(`Bearer ${token}`))).toEqual({
      ...ANN,
      layersOrganization: 'org_1',
      expectedAccount: 'acme-coffee',
      validUntil: (NOW_SECONDS + 300) * 1000,
    })
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'connect-github+jwt' })
  })

  it.each(['RS256', 'ES256', 'EdDSA'] as const)('is accepted with the public key: %s', async (alg) => {
    const signer = createTokenSigner({ privateKey: pemOf(alg), ...COMMON })
    const token = await signer.sign(ANN)
    const identify = createIdentify({ kind: 'public-key', keys: [PAIRS[alg].publicKey] })
    expect(await identify(createRequest(`Bearer ${token}`))).toMatchObject(ANN)
    expect(decodeProtectedHeader(token)).toEqual({
      alg,
      typ: 'connect-github+jwt',
      kid: await calculateJwkThumbprint(PAIRS[alg].publicKey.export({ format: 'jwk' })),
    })
  })

  it('says no more than it has to', async () => {
    expect(decodeJwt(await createWith({}).sign(ANN))).toEqual({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: 'ann',
      tenant: 'northwind',
      can_connect: true,
      iat: NOW_SECONDS,
      exp: NOW_SECONDS + 300,
    })
    const { layersOrganization: _, ...optional } = {
      ...ANN,
      layersOrganization: '',
      expectedAccount: undefined,
    }
    expect(decodeJwt(await createWith({}).sign(optional))).not.toHaveProperty('expected_account')
  })

  it('leaves out an organization or account of null, as databases say it', async () => {
    const claims = decodeJwt(await signFor({ layersOrganization: null, expectedAccount: null }))
    expect(Object.keys(claims)).not.toContain('layers_organization')
    expect(Object.keys(claims)).not.toContain('expected_account')
  })

  it.each([1, 60, 600])('lives as long as it is told to: %d seconds', async (lifetimeSeconds) => {
    const { iat = 0, exp = 0 } = decodeJwt(await createWith({ lifetimeSeconds }).sign(ANN))
    expect(exp - iat).toBe(lifetimeSeconds)
  })

  it('carries a key id when it is given one', async () => {
    expect(decodeProtectedHeader(await createWith({ keyId: '2031-05' }).sign(ANN))).toMatchObject({
      kid: '2031-05',
    })
  })

  it('takes the time at each signature', async () => {
    let nowMs = NOW_SECONDS * 1000
    const signer = createWith({ now: () => nowMs })
    const first = decodeJwt(await signer.sign(ANN))
    nowMs += 60_000
    expect(decodeJwt(await signer.sign(ANN)).iat).toBe((first.iat ?? 0) + 60)
  })

  it('takes a PEM with `\\n` for its line breaks', async () => {
    const signer = createTokenSigner({ privateKey: pemOf('ES256').replaceAll('\n', '\\n'), ...COMMON })
    expect(await signer.sign(ANN)).toMatch(/^ey/)
  })
})

describe('the key set it publishes', () => {
  it.each(['RS256', 'ES256', 'EdDSA'] as const)('holds the public part only: %s', async (alg) => {
    const signer = createTokenSigner({ privateKey: pemOf(alg), ...COMMON })
    const { keys } = await signer.jwks()
    expect(keys).toHaveLength(1)
    const [jwk = {}] = keys
    expect(jwk).toMatchObject({ alg, use: 'sig', kid: expect.stringMatching(/^[\w-]{43}$/) })
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(jwk).not.toHaveProperty(secret)
    const { kty: _kty, ...named } = createPublicKey(PAIRS[alg].privateKey).export({ format: 'jwk' })
    expect(jwk).toMatchObject(named)
    await jwtVerify(await signer.sign(ANN), await importJWK(jwk, alg), {
      currentDate: new Date(NOW_SECONDS * 1000),
    })
  })

  it('has the key id of the tokens', async () => {
    const signer = createTokenSigner({ privateKey: pemOf('EdDSA'), keyId: 'mine', ...COMMON })
    expect((await signer.jwks()).keys[0]?.kid).toBe('mine')
  })

  it('does not exist for a secret', async () => {
    await expect(createWith({}).jwks()).rejects.toThrow(/A shared secret has no public part/)
    await expect(createWith({ keyId: 'x' }).jwks()).rejects.toThrow(TypeError)
  })
})

/** What is said in place of a token. */
async function signWithout(sign: () => Promise<string>): Promise<string> {
  try {
    return await sign()
  } catch (error) {
    return String(error)
  }
}

describe('wrong use is a TypeError that names the cure', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })

  it.each<[string, object, RegExp]>([
    ['no key', { secret: undefined }, /either secret or privateKey/],
    ['both keys', { privateKey: pemOf('ES256') }, /either secret or privateKey/],
    ['a short secret', { secret: 'x'.repeat(31) }, /32 printable characters.*openssl rand/],
    ['a secret with a space', { secret: `${SECRET} ` }, /without spaces and commas/],
    ['two secrets', { secret: `${SECRET},${SECRET}` }, /one secret/],
    ['a secret that is a buffer', { secret: randomBytes(32) }, /32 printable characters/],
    [
      'a public key',
      { secret: undefined, privateKey: PAIRS.RS256.publicKey.export({ type: 'spki', format: 'pem' }) },
      /PEM private key/,
    ],
    ['no PEM', { secret: undefined, privateKey: 'key' }, /PEM private key without a passphrase/],
    ['a small RSA key', { secret: undefined, privateKey: small }, /2048 bits or more/],
    ['another curve', { secret: undefined, privateKey: p384 }, /P-256/],
    ['no issuer', { issuer: undefined }, /issuer must be a string/],
    ['an empty issuer', { issuer: '' }, /issuer must be a string of 1 to 200/],
    ['a long issuer', { issuer: 'x'.repeat(201) }, /issuer must be/],
    ['no audience', { audience: undefined }, /audience must be a string of 1 to 500/],
    ['a list of audiences', { audience: [AUDIENCE] }, /audience must be a string/],
    ['an empty key id', { keyId: '' }, /keyId must be/],
    ['a long life', { lifetimeSeconds: 601 }, /lifetimeSeconds must be a whole number from 1 to 600/],
    ['no life', { lifetimeSeconds: 0 }, /lifetimeSeconds must be/],
    ['a fraction of a life', { lifetimeSeconds: 1.5 }, /lifetimeSeconds must be/],
    ['a life as a text', { lifetimeSeconds: '300' }, /lifetimeSeconds must be/],
    ['a life that is no number', { lifetimeSeconds: Number.NaN }, /lifetimeSeconds must be/],
  ])('%s', (_, options, cure) => {
    expect(() => createWith(options)).toThrow(TypeError)
    expect(() => createWith(options)).toThrow(cure)
  })

  it.each<[string, object, RegExp]>([
    ['no tenant', { tenantId: undefined }, /tenantId must be a string of 1 to 200/],
    ['an empty tenant', { tenantId: '' }, /tenantId must be/],
    ['a tenant that is a number', { tenantId: 7 }, /tenantId must be/],
    ['a long tenant', { tenantId: 't'.repeat(201) }, /tenantId must be/],
    ['no user', { userId: null }, /userId must be/],
    ['no word on the role', { canConnect: undefined }, /canConnect must be true or false/],
    ['a role as a text', { canConnect: 'true' }, /canConnect must be true or false/],
    ['an organization with a line break', { layersOrganization: 'org_1\n' }, /layersOrganization must match/],
    ['an empty organization', { layersOrganization: '' }, /layersOrganization must match.*or be left out/],
    ['an account that is no login', { expectedAccount: 'acme coffee' }, /expectedAccount must match/],
  ])('%s', async (_, change, cure) => {
    await expect(signFor(change)).rejects.toThrow(TypeError)
    await expect(signFor(change)).rejects.toThrow(cure)
  })

  it('and holds neither the secret nor the ids', async () => {
    const secret = `${SECRET} oops`
    const texts = [
      await signWithout(() => createWith({ secret }).sign(ANN)),
      await signWithout(() => signFor({ userId: 'u'.repeat(201) })),
      await signWithout(() => signFor({ expectedAccount: 'private name' })),
    ]
    for (const text of texts) expect(text).toMatch(/^TypeError: /)
    expect(texts.join()).not.toMatch(
      new RegExp(`${SECRET.slice(0, 12).replaceAll(/\W/g, '.')}|uuuu|private name`),
    )
  })

  it('in a page, where everybody could read the key', () => {
    vi.stubGlobal('window', {})
    expect(() => createWith({})).toThrow(/is for a server/)
  })
})
