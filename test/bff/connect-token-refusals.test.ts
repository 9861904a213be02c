// Headers and claims that are refused although the signature is right, each with its reason.
import { describe, expect, it } from 'vitest'
import {
  AUDIENCE,
  CLAIMS,
  createIdentify,
  createToken,
  encode,
  HEADER,
  NOW_SECONDS,
  outcomeOf,
  SECRET,
  signHmac,
} from './connect-token-fixtures.ts'

const identify = createIdentify()

describe('a header parameter', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['no alg', { alg: undefined }, 'malformed (alg)'],
    ['an alg that is a number', { alg: 256 }, 'malformed (alg)'],
    ['a kid that is an object', { kid: {} }, 'malformed (kid)'],
    ['a kid of 201 characters', { kid: 'k'.repeat(201) }, 'malformed (kid)'],
    ['alg in lower case', { alg: 'hs256' }, 'algorithm not allowed'],
    ['alg with a name of every object', { alg: 'constructor' }, 'algorithm not allowed'],
    ['no type', { typ: undefined }, 'other type'],
    ['the type of any JWT', { typ: 'JWT' }, 'other type'],
    ['the type of an access token', { typ: 'at+jwt' }, 'other type'],
    ['a list of types', { typ: ['connect-github+jwt'] }, 'other type'],
    ['crit', { crit: ['exp'], exp: 1 }, 'header parameter not allowed (crit)'],
    ['an empty crit', { crit: [] }, 'header parameter not allowed (crit)'],
    ['b64', { b64: false, crit: ['b64'] }, 'header parameter not allowed (crit)'],
    ['b64 without crit', { b64: false }, 'header parameter not allowed (b64)'],
    ['zip', { zip: 'DEF' }, 'header parameter not allowed (zip)'],
    ['jwk', { jwk: { kty: 'oct', k: encode('x') } }, 'header parameter not allowed (jwk)'],
    ['jku', { jku: 'https://evil.example/jwks.json' }, 'header parameter not allowed (jku)'],
    ['x5u', { x5u: 'https://evil.example/x.pem' }, 'header parameter not allowed (x5u)'],
    ['x5c', { x5c: ['MIIB'] }, 'header parameter not allowed (x5c)'],
  ])('refuses the token although it is signed: %s', async (_, header, reason) => {
    expect(await outcomeOf(identify, createToken({}, header))).toBe(reason)
  })

  it.each(['HS384', 'HS512'])(
    '%s is not what a secret is for here, also with the right signature',
    async (alg) => {
      const input = `${encode({ ...HEADER, alg })}.${encode(CLAIMS)}`
      expect(await outcomeOf(identify, signHmac(input, SECRET, `sha${alg.slice(2)}`))).toBe(
        'algorithm not allowed',
      )
    },
  )

  it.each(['none', 'None', 'NONE', 'nOnE', ''])(
    'alg %j is refused, with a signature and without',
    async (alg) => {
      const input = `${encode({ ...HEADER, alg })}.${encode(CLAIMS)}`
      expect(await outcomeOf(identify, `${input}.`)).toBe('algorithm not allowed')
      expect(await outcomeOf(identify, signHmac(input))).toBe('algorithm not allowed')
    },
  )

  it.each(['RS256', 'ES256', 'PS256', 'EdDSA', 'Ed25519'])('%s is refused with a secret', async (alg) => {
    expect(await outcomeOf(identify, createToken({}, { alg }))).toBe('algorithm not allowed')
  })
})

describe('a claim', () => {
  const wrong = (claim: string) => `claim missing or of a wrong form (${claim})`

  it.each(['iss', 'aud', 'sub', 'tenant', 'can_connect', 'iat', 'exp'])('%s is required', async (claim) => {
    expect(await outcomeOf(identify, createToken({ [claim]: undefined }))).toBe(wrong(claim))
  })

  it.each<[string, unknown]>([
    ['sub', ''],
    ['sub', 7],
    ['sub', null],
    ['sub', 's'.repeat(201)],
    ['tenant', ''],
    ['tenant', ['northwind']],
    ['tenant', { id: 'northwind' }],
    ['tenant', 't'.repeat(201)],
    ['can_connect', 'true'],
    ['can_connect', 1],
    ['can_connect', null],
    ['iat', `${NOW_SECONDS}`],
    ['iat', null],
    ['exp', `${NOW_SECONDS + 60}`],
    ['exp', null],
    ['nbf', 'now'],
    ['layers_organization', ''],
    ['layers_organization', 'org 1'],
    ['layers_organization', 'org_1\r\nX-Evil: 1'],
    ['layers_organization', 'o'.repeat(101)],
    ['expected_account', 'acme coffee'],
    ['expected_account', '-acme'],
    ['expected_account', 7],
  ])('%s is refused as %j', async (claim, value) => {
    expect(await outcomeOf(identify, createToken({ [claim]: value }))).toBe(wrong(claim))
  })

  it.each<[string, Record<string, unknown>]>([
    ['other issuer', { iss: 'https://evil.example' }],
    ['other issuer', { iss: 'https://app.example.com/' }],
    ['other issuer', { iss: ['https://app.example.com'] }],
    ['other issuer', { iss: null }],
    ['other audience', { aud: 'https://other.example/connect/github' }],
    ['other audience', { aud: [] }],
    ['other audience', { aud: [[AUDIENCE]] }],
    ['other audience', { aud: `${AUDIENCE}/` }],
    ['other audience', { aud: null }],
  ])('%s: %j', async (reason, claims) => {
    expect(await outcomeOf(identify, createToken(claims))).toBe(reason)
  })
})
