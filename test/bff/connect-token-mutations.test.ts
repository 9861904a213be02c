// No token but the one that was signed is accepted: whatever is changed, swapped or cut, for each kind of key.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Identify } from '../../bff/identify.ts'
import { CLAIMS, createIdentify, createToken, encode, HEADER, outcomeOf } from './connect-token-fixtures.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Also what is no base64url at all, but other decoders take for the same. */
const CHARACTERS = [...ALPHABET.split(''), '+', '/', '=', '.', ' ', '\t', '%', 'é']

interface Kind {
  readonly name: string
  readonly identify: Identify
  readonly sign: (claims: Readonly<Record<string, unknown>>) => Promise<string>
}

function createKind(name: string, pair: { publicKey: KeyObject; privateKey: KeyObject }): Kind {
  return {
    name,
    identify: createIdentify({ kind: 'public-key', keys: [pair.publicKey] }),
    sign: (claims) =>
      new SignJWT({ ...CLAIMS, ...claims })
        .setProtectedHeader({ ...HEADER, alg: name })
        .sign(pair.privateKey),
  }
}

const KINDS: readonly Kind[] = [
  { name: 'HS256', identify: createIdentify(), sign: async (claims) => createToken(claims) },
  createKind('RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })),
  createKind('ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  createKind('EdDSA', generateKeyPairSync('ed25519')),
]

describe.each(KINDS)('a token signed with $name', ({ name, identify, sign }) => {
  let token: string
  let other: string
  beforeAll(async () => {
    token = await sign({})
    other = await sign({ tenant: 'globex', sub: 'cora', can_connect: false })
    expect(await outcomeOf(identify, token)).toBe('accepted')
    expect(await outcomeOf(identify, other)).toBe('accepted')
  })

  /** Spaces in front only part the token from the scheme. */
  const isForged = async (mutated: string): Promise<boolean> =>
    ![token, other].includes(mutated.replace(/^ +/, '')) &&
    (await outcomeOf(identify, mutated)) === 'accepted'

  it('is refused with any one character changed to any other of its alphabet in the last places', async () => {
    // Where a decoder may drop bits: the end of each part.
    const ends = [...token.matchAll(/.(?=\.|$)/g)].map(({ index }) => index)
    expect(ends).toHaveLength(3)
    for (const at of ends)
      for (const character of CHARACTERS)
        expect(await isForged(token.slice(0, at) + character + token.slice(at + 1))).toBe(false)
  })

  it('is refused with characters changed, added, doubled or taken out anywhere', async () => {
    const place = fc.nat({ max: token.length - 1 })
    await fc.assert(
      fc.asyncProperty(
        place,
        place,
        fc.constantFrom(...CHARACTERS),
        fc.constantFrom('change', 'add', 'cut', 'swap', 'repeat'),
        async (first, second, character, what) => {
          const [from, to] = [Math.min(first, second), Math.max(first, second)]
          const mutated = {
            change: token.slice(0, from) + character + token.slice(from + 1),
            add: token.slice(0, from) + character + token.slice(from),
            cut: token.slice(0, from) + token.slice(to + 1),
            swap:
              token.slice(0, from) +
              token[to] +
              token.slice(from + 1, to) +
              token[from] +
              token.slice(to + 1),
            repeat: token.slice(0, to) + token.slice(from),
          }[what]
          expect(await isForged(mutated)).toBe(false)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('is refused with a part taken from another good token, or in another order', async () => {
    const parts = [...token.split('.'), ...other.split('.')]
    const part = fc.constantFrom(...parts, '')
    await fc.assert(
      fc.asyncProperty(part, part, part, async (a, b, c) => {
        expect(await isForged(`${a}.${b}.${c}`)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  it('is refused with other claims or another header under the same signature', async () => {
    const [header = '', payload = '', signature = ''] = token.split('.')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(CLAIMS)), fc.jsonValue(), async (claim, value) => {
        expect(await isForged(`${header}.${encode({ ...CLAIMS, [claim]: value })}.${signature}`)).toBe(false)
        expect(
          await isForged(`${encode({ ...HEADER, alg: name, [claim]: value })}.${payload}.${signature}`),
        ).toBe(false)
      }),
      { numRuns: 100 },
    )
  })
})

it('any other text is refused, and nothing but a refusal comes of it', async () => {
  const identify = createIdentify()
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 300 }),
    fc
      .tuple(fc.jsonValue(), fc.jsonValue(), fc.base64String())
      .map(
        ([header, payload, signature]) =>
          `${encode(header)}.${encode(payload)}.${signature.replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')}`,
      ),
    fc.jsonValue().map((header) => `${encode({ ...HEADER, extra: header })}.${encode(CLAIMS)}.AAAA`),
  )
  await fc.assert(
    fc.asyncProperty(text, async (token) => {
      expect(await outcomeOf(identify, token)).toMatch(
        /^(malformed|algorithm not allowed|header parameter|bad signature)/,
      )
    }),
    { numRuns: 1000 },
  )
})
