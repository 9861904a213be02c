// Which connect tokens are accepted and what they say, and which requests have none or one that cannot be.
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createTokenIdentify } from '../../bff/connect-token/verify-token.ts'
import {
  AUDIENCE,
  CLAIMS,
  createConfig,
  createIdentify,
  createRequest,
  createToken,
  encode,
  HEADER,
  NOW_SECONDS,
  outcomeOf,
  outcomeOfRequest,
  SECRET,
  secretKeys,
  signHmac,
} from './connect-token-fixtures.ts'

const identify = createIdentify()

describe('a good token', () => {
  it('says who is asking, and until when', async () => {
    const token = createToken({ layers_organization: 'org_1', expected_account: 'acme-coffee' })
    expect(await identify(createRequest(`Bearer ${token}`))).toEqual({
      tenantId: 'northwind',
      userId: 'ann',
      canConnect: true,
      layersOrganization: 'org_1',
      expectedAccount: 'acme-coffee',
      validUntil: (NOW_SECONDS + 300) * 1000,
    })
  })

  it('may leave out what is optional, or say null, and may say more than is asked for', async () => {
    const token = createToken({ layers_organization: null, can_connect: false, jti: 'x', role: 'admin' })
    expect(await identify(createRequest(`Bearer ${token}`))).toEqual({
      tenantId: 'northwind',
      userId: 'ann',
      canConnect: false,
      layersOrganization: undefined,
      expectedAccount: undefined,
      validUntil: (NOW_SECONDS + 300) * 1000,
    })
  })

  it.each([
    ['an aud among several', { aud: ['https://other.example', AUDIENCE] }, {}],
    ['an nbf that is over', { nbf: NOW_SECONDS - 1 }, {}],
    ['times with fractions', { iat: NOW_SECONDS - 0.5, exp: NOW_SECONDS + 59.75 }, {}],
    ['ids of 200 characters', { sub: 's'.repeat(200), tenant: 't'.repeat(200) }, {}],
    ['a type with the prefix of a media type', {}, { typ: 'application/connect-github+jwt' }],
    ['a type in capitals', {}, { typ: 'Connect-GitHub+JWT' }],
    ['a kid of its own', {}, { kid: 'whatever-the-library-sets' }],
    ['a header parameter that means nothing to us', {}, { x5t: 'abc' }],
  ])('may have %s', async (_, claims, header) => {
    expect(await outcomeOf(identify, createToken(claims, header))).toBe('accepted')
  })

  it('has as many milliseconds as its exp has, rounded down', async () => {
    const token = createToken({ exp: NOW_SECONDS + 59.9999 })
    expect(await identify(createRequest(`Bearer ${token}`))).toMatchObject({
      validUntil: NOW_SECONDS * 1000 + 59_999,
    })
  })
})

describe('a request', () => {
  it('without a Bearer credential is nobody', async () => {
    const requests = [
      createRequest(),
      createRequest(''),
      createRequest('Basic YW5uOnNlY3JldA=='),
      createRequest('Digest username="ann"'),
      createRequest(createToken()),
      createRequest(`Bearer${createToken()}`),
      createRequest(`Token ${createToken()}`),
      createRequest('Basic a', 'Basic b'),
    ]
    for (const request of requests) expect(await outcomeOfRequest(identify, request)).toBe('nobody')
  })

  it.each(['Bearer', 'bearer', 'BEARER', 'BeArEr'])('may write the scheme as %s', async (scheme) => {
    expect(await outcomeOfRequest(identify, createRequest(`${scheme} ${createToken()}`))).toBe('accepted')
    expect(await outcomeOfRequest(identify, createRequest(`${scheme}   ${createToken()}`))).toBe('accepted')
  })

  it('with several Authorization headers is refused when one is a Bearer', async () => {
    const good = `Bearer ${createToken()}`
    for (const values of [
      [good, good],
      [good, 'Basic a'],
      ['Basic a', good],
      ['Bearer x', good],
    ])
      expect(await outcomeOfRequest(identify, createRequest(...values))).toBe(
        'malformed (several Authorization headers)',
      )
  })

  it('with a token in the URL or a cookie is nobody', async () => {
    const request = createRequest()
    request.url = `/connect/github/connection?access_token=${createToken()}&token=${createToken()}`
    request.headers.cookie = `token=${createToken()}`
    expect(await outcomeOfRequest(identify, request)).toBe('nobody')
  })

  const [header = '', payload = '', signature = ''] = createToken().split('.')
  it.each([
    ['no token', ''],
    ['one part', header],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${header}.${payload}.${signature}.`],
    ['five parts, as an encrypted one', `${header}.${payload}.${payload}.${payload}.${signature}`],
    ['an empty header', `.${payload}.${signature}`],
    ['a detached payload', `${header}..${signature}`],
    ['padding', `${header}.${payload}.${signature}=`],
    ['base64 in place of base64url', `${header}.${payload}.+/${signature.slice(2)}`],
    ['a space inside', `${header}. ${payload}.${signature}`],
    ['something behind', `${header}.${payload}.${signature} x`],
    ['two tokens', `${createToken()}, Bearer ${createToken()}`],
    ['quotes', `"${createToken()}"`],
    ['JSON serialization', JSON.stringify({ protected: header, payload, signature })],
    ['a header that is no JSON', signHmac(`${Buffer.from('{').toString('base64url')}.${payload}`)],
    ['a header that is a list', signHmac(`${encode([HEADER])}.${payload}`)],
    ['a header that is null', signHmac(`${encode(null)}.${payload}`)],
    [
      'a header of bad UTF-8',
      signHmac(`${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.${payload}`),
    ],
    ['claims that are no JSON', signHmac(`${header}.${Buffer.from('{').toString('base64url')}`)],
    ['claims that are a list', signHmac(`${header}.${encode([CLAIMS])}`)],
    ['claims that are a token', signHmac(`${header}.${Buffer.from(createToken()).toString('base64url')}`)],
    ['claims of bad UTF-8', signHmac(`${header}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}`)],
  ])('with %s is refused as malformed', async (_, token) => {
    expect(await outcomeOf(identify, token)).toBe('malformed')
  })

  it('with a token over 8 KB is refused, whatever it says', async () => {
    expect(await outcomeOf(identify, createToken({ note: 'x'.repeat(5_500) }))).toBe('accepted')
    expect(await outcomeOf(identify, createToken({ note: 'x'.repeat(6_200) }))).toBe('malformed (too long)')
  })
})

it('keeps the token, its claims and the secret out of what it throws', async () => {
  const other = createHmac('sha256', 'k').update('x').digest('base64url')
  const tokens = [
    createToken({ exp: 1 }),
    createToken({ aud: 'elsewhere' }),
    createToken({ tenant: { northwind: 1 } }),
    `${createToken().slice(0, -43)}${other}`,
    createToken({}, { kid: ['northwind'] }),
    createToken({}, { alg: 'northwind' }),
  ]
  for (const token of tokens) {
    const failure: unknown = await Promise.resolve(identify(createRequest(`Bearer ${token}`))).catch(
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ code: 'session_required', status: 401, cause: undefined })
    const text = JSON.stringify([failure, failure instanceof Error ? failure.message : ''])
    for (const part of [...token.split('.'), 'northwind', 'ann', 'elsewhere', SECRET])
      expect(text).not.toContain(part)
  }
})

it('asks for a secret that both have: another one is a bad signature', async () => {
  const stranger = createTokenIdentify({
    config: createConfig(secretKeys('x'.repeat(32))),
    now: () => NOW_SECONDS * 1000,
  })
  expect(await outcomeOf(stranger, createToken())).toBe('bad signature')
})
