// The variables of connect tokens: one source of keys, an issuer, and every mistake with its cure.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { ConnectTokenConfig } from '../../bff/config-connect-token.ts'
import { ConfigError, readConfig, type ConfigOptions, type Environment } from '../../bff/config.ts'
import { createCanaryKey } from '../stack/artefacts.ts'

const KEY = createCanaryKey()
const REQUIRED = { LAYERS_API_KEY: KEY, PUBLIC_URL: 'https://app.example.com/connect/github/' }
const ISSUER = { CONNECT_TOKEN_ISSUER: 'https://app.example.com' }
const SECRET = 'a-secret-of-43-characters-0123456789-abcdef'
const OTHER = 'b-secret-of-43-characters-0123456789-abcdef'

const directory = mkdtempSync(join(tmpdir(), 'connect-github-config-'))
afterAll(() => rmSync(directory, { recursive: true }))

function fileWith(name: string, content: string): string {
  const file = join(directory, name)
  writeFileSync(file, content)
  return file
}

const read = (env: Environment, options: ConfigOptions = {}): ConnectTokenConfig | null =>
  readConfig(options, { ...REQUIRED, ...env }).connectToken

function problemsOf(env: Environment, options: ConfigOptions = {}): readonly string[] {
  try {
    read(env, options)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

/** Keys and secrets as texts that can be compared. */
function describeKeys(config: ConnectTokenConfig | null): unknown {
  switch (config?.keys.kind) {
    case 'secret':
      return config.keys.secrets.map((secret) => secret.reveal((value) => value))
    case 'public-key':
      return config.keys.keys.map((key) => pemOf(key))
    case 'jwks':
      return config.keys.url.href
    case undefined:
      return null
  }
}

const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString().trim()
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')
const RSA = pemOf(rsa.publicKey)
const P256 = pemOf(p256.publicKey)
const ED25519 = pemOf(ed25519.publicKey)

it('is null when nothing of it is set', () => {
  expect(read({})).toBeNull()
  expect(read({ CONNECT_TOKEN_SECRET: '', CONNECT_TOKEN_ISSUER: '' })).toBeNull()
})

it('takes the BFF’s own public URL for the audience, without a slash at its end, unless another is set', () => {
  const token = { ...ISSUER, CONNECT_TOKEN_SECRET: SECRET }
  expect(read(token)).toMatchObject({
    issuer: 'https://app.example.com',
    audience: 'https://app.example.com/connect/github',
  })
  expect(read({ ...token, CONNECT_TOKEN_AUDIENCE: 'connect' })).toMatchObject({ audience: 'connect' })
})

describe('a good source of keys', () => {
  it.each<[string, Environment, string, unknown]>([
    ['one secret', { CONNECT_TOKEN_SECRET: SECRET }, 'secret', [SECRET]],
    ['two secrets', { CONNECT_TOKEN_SECRET: ` ${SECRET} , ${OTHER} ` }, 'secret', [SECRET, OTHER]],
    [
      'a secret of 32 characters',
      { CONNECT_TOKEN_SECRET: SECRET.slice(0, 32) },
      'secret',
      [SECRET.slice(0, 32)],
    ],
    [
      'a key set',
      { CONNECT_TOKEN_JWKS_URL: 'https://app.example.com/.well-known/jwks.json' },
      'jwks',
      'https://app.example.com/.well-known/jwks.json',
    ],
    [
      'a key set on this machine',
      { CONNECT_TOKEN_JWKS_URL: 'http://localhost:3000/jwks' },
      'jwks',
      'http://localhost:3000/jwks',
    ],
    ['an RSA key', { CONNECT_TOKEN_PUBLIC_KEY: RSA }, 'public-key', [RSA]],
    ['a P-256 key', { CONNECT_TOKEN_PUBLIC_KEY: `\n${P256}\n` }, 'public-key', [P256]],
    [
      'a key on one line',
      { CONNECT_TOKEN_PUBLIC_KEY: ED25519.replaceAll('\n', '\\n') },
      'public-key',
      [ED25519],
    ],
    ['two keys', { CONNECT_TOKEN_PUBLIC_KEY: `${ED25519}\n${RSA}\n` }, 'public-key', [ED25519, RSA]],
    ['two keys on one line', { CONNECT_TOKEN_PUBLIC_KEY: `${P256}\\n${RSA}` }, 'public-key', [P256, RSA]],
  ])('is %s', (_, env, kind, keys) => {
    const config = read({ ...ISSUER, ...env })
    expect(config?.keys.kind).toBe(kind)
    expect(describeKeys(config)).toEqual(keys)
  })

  it('is a file', () => {
    const secret = { CONNECT_TOKEN_SECRET_FILE: fileWith('secret', `${SECRET},${OTHER}\n`) }
    expect(describeKeys(read({ ...ISSUER, ...secret }))).toEqual([SECRET, OTHER])
    const key = { CONNECT_TOKEN_PUBLIC_KEY_FILE: fileWith('key.pem', `${P256}\n`) }
    expect(describeKeys(read({ ...ISSUER, ...key }))).toEqual([P256])
  })

  it('is an option, which wins over its variable', () => {
    const env = { ...ISSUER, CONNECT_TOKEN_SECRET: OTHER }
    expect(describeKeys(read(env, { connectTokenSecret: [SECRET] }))).toEqual([SECRET])
    const options = { connectTokenIssuer: 'i', connectTokenAudience: 'a' }
    expect(read({}, { ...options, connectTokenPublicKey: P256 })).toMatchObject({
      issuer: 'i',
      audience: 'a',
    })
    expect(describeKeys(read({}, { ...options, connectTokenJwksUrl: 'https://a.example/jwks' }))).toBe(
      'https://a.example/jwks',
    )
  })
})

describe('a bad value', () => {
  const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'
  const small = pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)
  const p384 = pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)
  const pss = pemOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey)
  const secretKey = p256.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

  it.each<[string, string, string, RegExp]>([
    [
      'a short secret',
      'CONNECT_TOKEN_SECRET',
      SECRET.slice(0, 31),
      /32 random characters or more.*openssl rand/,
    ],
    ['a secret with a space', 'CONNECT_TOKEN_SECRET', `${SECRET} x`, /32 random/],
    ['a secret with letters beyond ASCII', 'CONNECT_TOKEN_SECRET', `${SECRET}é`, /32 random/],
    ['a short second secret', 'CONNECT_TOKEN_SECRET', `${SECRET},short`, /32 random/],
    [
      'three secrets',
      'CONNECT_TOKEN_SECRET',
      `${SECRET},${OTHER},${SECRET}x`,
      /at most two while one replaces/,
    ],
    ['commas alone', 'CONNECT_TOKEN_SECRET', ',,', /32 random/],
    ['a set over http', 'CONNECT_TOKEN_JWKS_URL', 'http://app.example.com/jwks', /loopback host only/],
    ['a set with a query', 'CONNECT_TOKEN_JWKS_URL', 'https://app.example.com/jwks?k=1', /without query/],
    ['a set with a password', 'CONNECT_TOKEN_JWKS_URL', 'https://u:p@app.example.com/jwks', /https URL/],
    ['a set in a file', 'CONNECT_TOKEN_JWKS_URL', 'file:///etc/jwks.json', /https URL/],
    ['no PEM', 'CONNECT_TOKEN_PUBLIC_KEY', 'not-a-pem', /PEM public key/],
    ['a broken PEM', 'CONNECT_TOKEN_PUBLIC_KEY', P256.replace(/\n.{20}/, '\n'), /PEM public key/],
    ['a PEM without an end', 'CONNECT_TOKEN_PUBLIC_KEY', P256.slice(0, -20), /PEM public key/],
    [
      'a second PEM without an end',
      'CONNECT_TOKEN_PUBLIC_KEY',
      `${RSA}\n${P256.slice(0, -20)}`,
      /nothing else/,
    ],
    ['a private key', 'CONNECT_TOKEN_PUBLIC_KEY', secretKey, /PEM public key/],
    ['a private key beside it', 'CONNECT_TOKEN_PUBLIC_KEY', `${P256}\n${secretKey}`, /nothing else/],
    ['a certificate', 'CONNECT_TOKEN_PUBLIC_KEY', certificate, /PEM public key/],
    ['RSA of 1024 bits', 'CONNECT_TOKEN_PUBLIC_KEY', small, /2048 bits or more/],
    ['a good key beside a small one', 'CONNECT_TOKEN_PUBLIC_KEY', `${RSA}\n${small}`, /2048 bits or more/],
    ['RSA-PSS', 'CONNECT_TOKEN_PUBLIC_KEY', pss, /RSA/],
    ['another curve', 'CONNECT_TOKEN_PUBLIC_KEY', p384, /P-256/],
    ['three keys', 'CONNECT_TOKEN_PUBLIC_KEY', [RSA, P256, ED25519].join('\n'), /at most two/],
    ['a long issuer', 'CONNECT_TOKEN_ISSUER', 'x'.repeat(201), /the `iss` of your tokens, at most 200/],
    ['a long audience', 'CONNECT_TOKEN_AUDIENCE', 'x'.repeat(501), /the `aud` of your tokens, at most 500/],
  ])('names the variable and the cure, once: %s', (_, name, value, cure) => {
    const problems = problemsOf({ CONNECT_TOKEN_SECRET: SECRET, ...ISSUER, [name]: value })
    const own = problems.filter((line) => line.startsWith(`${name} must `))
    expect(own).toHaveLength(1)
    expect(own[0]).toMatch(cure)
    expect(problems.join()).not.toContain(value.slice(0, 31))
  })

  it('of a file that is empty or missing is a problem, and so is a file beside the variable', () => {
    for (const name of ['CONNECT_TOKEN_SECRET', 'CONNECT_TOKEN_PUBLIC_KEY']) {
      for (const file of [fileWith('empty', '\n'), join(directory, 'missing')])
        expect(problemsOf({ ...ISSUER, [`${name}_FILE`]: file }).join()).toContain(
          `${name}_FILE names a file`,
        )
      expect(
        problemsOf({ ...ISSUER, [name]: SECRET, [`${name}_FILE`]: fileWith('both', SECRET) }).join(),
      ).toContain(`${name} and ${name}_FILE are both set: keep one of them`)
    }
  })
})

describe('what does not fit together', () => {
  it.each<[string, Environment, RegExp]>([
    [
      'a secret and a public key',
      { ...ISSUER, CONNECT_TOKEN_SECRET: SECRET, CONNECT_TOKEN_PUBLIC_KEY: RSA },
      /^CONNECT_TOKEN_SECRET and CONNECT_TOKEN_PUBLIC_KEY are both set: keep one of them$/,
    ],
    [
      'a key set and a public key',
      { ...ISSUER, CONNECT_TOKEN_JWKS_URL: 'https://a.example/j', CONNECT_TOKEN_PUBLIC_KEY: RSA },
      /^CONNECT_TOKEN_JWKS_URL and CONNECT_TOKEN_PUBLIC_KEY are both set/,
    ],
    ['a key without an issuer', { CONNECT_TOKEN_SECRET: SECRET }, /^CONNECT_TOKEN_ISSUER is required/],
    ['an issuer without a key', ISSUER, /set without a key: set one of CONNECT_TOKEN_SECRET/],
    ['an audience without a key', { CONNECT_TOKEN_AUDIENCE: 'a' }, /set without a key: set one of/],
    [
      'the partner key for a secret',
      { ...ISSUER, CONNECT_TOKEN_SECRET: `${OTHER},${KEY}` },
      /^CONNECT_TOKEN_SECRET is the partner key.*make a secret of its own$/,
    ],
  ])('is one problem: %s', (_, env, problem) => {
    const problems = problemsOf(env)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(problem)
    expect(problems[0]).not.toContain(KEY)
  })

  it('is reported together', () => {
    const env = { CONNECT_TOKEN_SECRET: SECRET, CONNECT_TOKEN_PUBLIC_KEY: RSA, OWNERSHIP: 'own-app' }
    const problems = problemsOf(env)
    expect(problems.join('\n')).toMatch(/are both set[\s\S]*CONNECT_TOKEN_ISSUER is required[\s\S]*GITHUB_/)
  })
})
