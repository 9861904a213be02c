// Whether GitHub signed a webhook: the documented example, either of two secrets, and nothing that differs in a bit.
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Secret } from '../../bff/secret.ts'
import { findSignedText, isSignature } from '../../bff/webhooks/check-signature.ts'

const NEW = 'the-newer-secret-of-two'
const OLD = 'the-older-secret-of-two'
const secrets = [new Secret(NEW), new Secret(OLD)]
const sign = (body: string | Buffer, secret = NEW): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
const check = (body: string | Buffer, signature: string, known = secrets) =>
  findSignedText(Buffer.from(body), signature, known)

it('accepts the example of GitHub’s documentation', async () => {
  const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
  expect(isSignature(signature)).toBe(true)
  expect(await check('Hello, World!', signature, [new Secret("It's a Secret to Everybody")])).toBe(
    'Hello, World!',
  )
})

it('accepts what either secret signed, so that one can replace the other', async () => {
  const body = '{"zen":"Ä ☕ \\u0000"}'
  expect(await check(body, sign(body, NEW))).toBe(body)
  expect(await check(body, sign(body, OLD))).toBe(body)
  expect(await check(body, sign(body, 'some-third-secret-of-two'))).toBeUndefined()
  expect(await check(body, sign(body), [])).toBeUndefined()
})

it('accepts any text as it is, and no text with a bit changed', async () => {
  const bodies = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => text.isWellFormed())
  await fc.assert(
    fc.asyncProperty(bodies, fc.nat(), fc.integer({ min: 0, max: 7 }), async (text, position, bit) => {
      const bytes = Buffer.from(text)
      expect(await check(bytes, sign(bytes))).toBe(text)
      const changed = Buffer.from(bytes)
      const index = position % changed.length
      changed.writeUInt8((changed[index] ?? 0) ^ (1 << bit), index)
      expect(await check(changed, sign(bytes))).toBeUndefined()
    }),
  )
})

it('accepts a byte order mark as a part of what was signed', async () => {
  expect(await check('\uFEFF{}', sign('\uFEFF{}'))).toBe('\uFEFF{}')
  expect(await check('\uFEFF{}', sign('{}'))).toBeUndefined()
})

it('refuses bytes that are no text, and no bytes at all, although they are signed', async () => {
  const bytes = Buffer.from([123, 255, 125])
  expect(await check(bytes, sign(bytes))).toBeUndefined()
  expect(await check('', sign(''))).toBeUndefined()
})

it.each<[string, string | string[] | undefined]>([
  ['missing', undefined],
  ['empty', ''],
  ['of SHA-1', `sha1=${'a'.repeat(40)}`],
  ['of SHA-1 at the length of SHA-256', `sha1=${'a'.repeat(64)}`],
  ['without a scheme', 'a'.repeat(64)],
  ['too short', `sha256=${'a'.repeat(63)}`],
  ['too long', `sha256=${'a'.repeat(65)}`],
  ['of capitals', `sha256=${'A'.repeat(64)}`],
  ['not hexadecimal', `sha256=${'g'.repeat(64)}`],
  ['with a line break behind it', `sha256=${'a'.repeat(64)}\n`],
  ['given twice', `sha256=${'a'.repeat(64)}, sha256=${'a'.repeat(64)}`],
  ['a list', [`sha256=${'a'.repeat(64)}`]],
])('a header that is %s is no signature', (_, header) => {
  expect(isSignature(header)).toBe(false)
})
