// State, flow cookie, index and pseudonym: random or keyed, and each good for its one purpose only.
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { codeChallengeOf, createFlowSecrets, createState, hashState } from '../../bff/flow-secrets.ts'

const key = randomBytes(32)
const secrets = createFlowSecrets(key)
const owner = { flowId: 'A'.repeat(22), tenantId: 'northwind', userId: 'ann' }

describe('a state', () => {
  it('is 192 random bits as 32 characters that are safe in a URL', () => {
    const states = new Set(Array.from({ length: 20_000 }, () => createState()))
    expect(states.size).toBe(20_000)
    for (const state of states) expect(state).toMatch(/^[A-Za-z0-9_-]{32}$/)
    expect(createState((size) => Buffer.alloc(size, 0xff))).toBe('_'.repeat(32))
    let asked = 0
    createState((size) => Buffer.alloc((asked = size)))
    expect(asked).toBe(24)
  })

  it('is looked up by its SHA-256', () => {
    expect(hashState('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0')
  })
})

describe('a flow’s cookie', () => {
  it('is the same for the same flow and person, and another for any other', () => {
    expect(secrets.cookieFor(owner)).toBe(secrets.cookieFor({ ...owner }))
    const others = [
      { ...owner, flowId: 'B'.repeat(22) },
      { ...owner, tenantId: 'globex' },
      { ...owner, userId: 'bob' },
      // Shifting a boundary between two fields must not give the same text to sign.
      { ...owner, tenantId: 'northwin', userId: 'dann' },
      { ...owner, tenantId: 'northwind","ann', userId: '' },
    ]
    const cookies = new Set([owner, ...others].map((one) => secrets.cookieFor(one)))
    expect(cookies.size).toBe(others.length + 1)
    expect(createFlowSecrets(randomBytes(32)).cookieFor(owner)).not.toBe(secrets.cookieFor(owner))
  })

  it('is accepted only as it is', () => {
    const cookie = secrets.cookieFor(owner)
    expect(cookie).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(secrets.isCookieOf(owner, cookie)).toBe(true)
    for (const presented of [
      undefined,
      '',
      'x',
      cookie.slice(1),
      `${cookie}A`,
      ` ${cookie}`,
      `"${cookie}"`,
      cookie.toLowerCase(),
      '\u{1f600}'.repeat(11),
    ]) {
      expect(secrets.isCookieOf(owner, presented)).toBe(false)
    }
    expect(secrets.isCookieOf({ ...owner, userId: 'bob' }, cookie)).toBe(false)
  })
})

describe('what GitHub’s authorize page is given', () => {
  it('is the SHA-256 of the verifier, as in RFC 7636, appendix B', () => {
    expect(codeChallengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    )
  })

  it('is a state and a verifier of the flow’s own, of 43 characters each', () => {
    const other = { ...owner, flowId: 'B'.repeat(22) }
    const values = [owner, other].flatMap((one) => [
      secrets.authorizeStateFor(one),
      secrets.codeVerifierFor(one),
    ])
    for (const value of values) expect(value).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(new Set(values).size).toBe(4)
    expect(secrets.authorizeStateFor({ ...owner })).toBe(secrets.authorizeStateFor(owner))
  })
})

describe('what is derived', () => {
  it('is the same in every version, so that flows and bindings outlive an upgrade', () => {
    const fixed = createFlowSecrets(new Uint8Array(32))
    expect({
      cookie: fixed.cookieFor(owner),
      authorizeState: fixed.authorizeStateFor(owner),
      codeVerifier: fixed.codeVerifierFor(owner),
      index: fixed.indexOf(61200417),
      pseudonym: fixed.pseudonymOf('northwind'),
    }).toEqual({
      cookie: 'wswE5_rqmic_yPYIWu8JAv9llJaJDSyd9GHYxe3DTbU',
      authorizeState: 'DzWgBveOFY-z-JsxbLef_uirs_TXJlwisEGtoRzI_30',
      codeVerifier: 'lfyVVYlorYR4cXobzLqYaEe_lNKRvw4eeBqp8DhJgTY',
      index: 'nqQRnP0LFB1DMvhH-VyUMGutbF26vDhrigZr0oI06zw',
      pseudonym: '1426eb37d4c5',
    })
  })

  it('has one purpose: equal inputs give different values for another one', () => {
    const ones = { flowId: '1', tenantId: '1', userId: '1' }
    const values = [
      secrets.indexOf(1),
      secrets.pseudonymOf('1'),
      hashState('1'),
      secrets.cookieFor(ones),
      secrets.authorizeStateFor(ones),
      secrets.codeVerifierFor(ones),
    ]
    expect(new Set(values.map((value) => value.slice(0, 12))).size).toBe(values.length)
  })

  it('tells installation ids apart without showing them', () => {
    const indexes = new Set(Array.from({ length: 5000 }, (_, id) => secrets.indexOf(id + 1)))
    expect(indexes.size).toBe(5000)
    expect(secrets.indexOf(7)).toBe(createFlowSecrets(key).indexOf(7))
    expect(secrets.indexOf(7)).not.toBe(createFlowSecrets(randomBytes(32)).indexOf(7))
  })

  it('names things in the log by twelve characters that need the key to be made', () => {
    expect(secrets.pseudonymOf('northwind')).toMatch(/^[0-9a-f]{12}$/)
    expect(secrets.pseudonymOf('northwind')).not.toBe(
      createFlowSecrets(randomBytes(32)).pseudonymOf('northwind'),
    )
  })
})
