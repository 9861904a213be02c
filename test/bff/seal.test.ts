// A sealed value is read back only as it was sealed: same purpose, same tenant, nothing changed, a key still listed.
import { CompactEncrypt } from 'jose'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDataKey } from '../../bff/data-keys.ts'
import { createSealer, UnsealError } from '../../bff/seal.ts'
import { Secret } from '../../bff/secret.ts'

const oldKey = createDataKey()
const newKey = createDataKey()
const sealer = createSealer([new Secret(newKey)])
const VALUE = '61200417'
const sealed = await sealer.seal('installation', 'northwind', VALUE)
const unseal = (text: string) => sealer.unseal('installation', 'northwind', text)

it('is read back, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme' }),
      fc.string({ maxLength: 200 }),
      async (value, tenant) => {
        expect(await sealer.unseal('state', tenant, await sealer.seal('state', tenant, value))).toBe(value)
      },
    ),
    { numRuns: 50 },
  )
})

it('looks different each time and shows nothing of the value', async () => {
  const again = await sealer.seal('installation', 'northwind', VALUE)
  expect(again).not.toBe(sealed)
  expect(again).not.toContain(VALUE)
  expect(Buffer.from(again, 'base64url').toString('latin1')).not.toContain(VALUE)
})

/** The five parts of a compact JWE, with some replaced. */
function withParts(parts: Readonly<Record<number, string>>): string {
  return sealed
    .split('.')
    .map((part, index) => parts[index] ?? part)
    .join('.')
}

const header: Record<string, unknown> = JSON.parse(
  Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString(),
)
const withHeader = (changes: object): string =>
  withParts({ 0: Buffer.from(JSON.stringify({ ...header, ...changes })).toString('base64url') })

function flipped(index: number): string {
  const bytes = Buffer.from(sealed.split('.')[index] ?? '', 'base64url')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  return withParts({ [index]: bytes.toString('base64url') })
}

async function sealAs(changes: object, key = newKey): Promise<string> {
  const protectedHeader = { alg: 'dir', enc: 'A256GCM', ...header, ...changes }
  return new CompactEncrypt(Buffer.from(VALUE))
    .setProtectedHeader(protectedHeader)
    .encrypt(Buffer.from(key, 'base64url'))
}

describe('is refused', () => {
  it.each<[string, () => string | Promise<string>]>([
    ['in another tenant’s row', () => sealer.seal('installation', 'globex', VALUE)],
    ['in another column', () => sealer.seal('state', 'northwind', VALUE)],
    ['with the tenant changed in the header', () => withHeader({ tid: 'globex' })],
    ['with the purpose changed in the header', () => withHeader({ typ: 'state' })],
    ['with something added to the header', () => withHeader({ x: 1 })],
    ['with another algorithm in the header', () => withHeader({ alg: 'A256KW' })],
    ['with no algorithm', () => withHeader({ alg: 'none' })],
    ['with another encryption in the header', () => withHeader({ enc: 'A128CBC-HS256' })],
    ['with a key id that is not known', () => withHeader({ kid: '00000000' })],
    ['with a key id of an object’s own', () => withHeader({ kid: '__proto__' })],
    ['without a key id', () => withHeader({ kid: undefined })],
    ['with a bit of the header flipped', () => flipped(0)],
    ['with a bit of the nonce flipped', () => flipped(2)],
    ['with a bit of the content flipped', () => flipped(3)],
    ['with a bit of the tag flipped', () => flipped(4)],
    ['with a short tag', () => withParts({ 4: 'AAAA' })],
    ['without a tag', () => withParts({ 4: '' })],
    ['with an encrypted key', () => withParts({ 1: 'AAAA' })],
    ['with a part missing', () => sealed.split('.').slice(1).join('.')],
    ['with a part too many', () => `${sealed}.`],
    ['empty', () => ''],
    ['as plain text', () => VALUE],
    // A few bytes could unpack to gigabytes: it is not unpacked to find out.
    ['compressed', () => sealAs({ zip: 'DEF' })],
    ['with an unknown critical header', () => withHeader({ crit: ['x'], x: 1 })],
    ['sealed with another key under the right id', () => sealAs({}, oldKey)],
    ['of more than 8192 characters', () => sealer.seal('installation', 'northwind', 'x'.repeat(8000))],
  ])('%s', async (_, make) => {
    const text = await make()
    const failure = await unseal(text).then(
      (value) => `read: ${value}`,
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(UnsealError)
    expect(String(failure)).not.toContain(VALUE)
  })
})

describe('what an operator reads of a refusal', () => {
  it.each<[string, () => Promise<string>, string]>([
    ['says that it is too long', async () => 'x'.repeat(8193), 'sealed value is too long'],
    [
      'says that it is somebody else’s',
      () => sealer.seal('installation', 'globex', VALUE),
      'sealed for another purpose or tenant',
    ],
    ['says that it cannot be read', async () => flipped(3), 'sealed value cannot be read'],
  ])('%s', async (_, make, message) => {
    await expect(unseal(await make())).rejects.toMatchObject({ name: 'UnsealError', message })
  })

  it('keeps what the cipher said of a changed value, for the log', async () => {
    await expect(unseal(flipped(3))).rejects.toMatchObject({ cause: { code: 'ERR_JWE_DECRYPTION_FAILED' } })
  })
})

it('is read up to a length of 8192 characters', async () => {
  // Not every length can be had with every tenant: base64url has no text of 4n + 1 characters.
  const lengths = await Promise.all(
    ['t', 'tt', 'ttt'].map(async (tenant) => {
      const room = 8192 - (await sealer.seal('state', tenant, '')).length
      const value = 'x'.repeat(Math.floor((room * 3) / 4))
      const text = await sealer.seal('state', tenant, value)
      expect(await sealer.unseal('state', tenant, text)).toBe(value)
      return text.length
    }),
  )
  expect(Math.max(...lengths)).toBe(8192)
})

it('names its key by eight characters that say nothing of it', () => {
  expect(header['kid']).toMatch(/^[0-9a-f]{8}$/)
  expect(newKey).not.toContain(String(header['kid']))
})

describe('while keys are replaced', () => {
  const before = createSealer([new Secret(oldKey)])
  const during = createSealer([new Secret(newKey), new Secret(oldKey)])

  it('old values are read with both keys listed, and new ones are sealed with the newest', async () => {
    const old = await before.seal('state', 't', 'old')
    expect(await during.unseal('state', 't', old)).toBe('old')
    const fresh = await during.seal('state', 't', 'fresh')
    expect(await sealer.unseal('state', 't', fresh)).toBe('fresh')
    await expect(before.unseal('state', 't', fresh)).rejects.toThrow('not listed in DATA_KEYS')
  })

  it('tells what has still to be sealed again', async () => {
    expect(during.isNewest(await before.seal('state', 't', 'old'))).toBe(false)
    expect(during.isNewest(await during.seal('state', 't', 'fresh'))).toBe(true)
  })

  it('old values are not read any more once the old key is gone', async () => {
    const old = await before.seal('state', 't', 'old')
    await expect(sealer.unseal('state', 't', old)).rejects.toThrow('not listed in DATA_KEYS')
  })

  it('at least one key is needed', () => {
    expect(() => createSealer([])).toThrow('at least one data key')
  })
})
