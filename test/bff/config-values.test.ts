// Each variable of the configuration: its default, its good values and its bad ones.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig, type Config, type Environment } from '../../bff/config.ts'
import { variablesSchema } from '../../bff/config-schema.ts'
import { createDataKey } from '../../bff/data-keys.ts'
import { createCanaryKey } from '../stack/artefacts.ts'

const KEY = createCanaryKey()
const REQUIRED = { LAYERS_API_KEY: KEY, PUBLIC_URL: 'https://app.example.com/connect/github' }
const read = (env: Environment): Config => readConfig({}, { ...REQUIRED, ...env })

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig({}, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const keysOf = (config: Config): string[] => config.dataKeys.map((key) => key.reveal((value) => value))

it('needs two variables and has a default for every other', () => {
  const { layersApiKey, layersApiUrl, ...others } = read({})
  expect(layersApiKey.reveal((value) => value)).toBe(KEY)
  expect(layersApiUrl.href).toBe('https://api.layers.com/')
  expect(others).toEqual({
    publicUrl: 'https://app.example.com/connect/github',
    publicOrigin: 'https://app.example.com',
    basePath: '/connect/github',
    returnUrl: 'https://app.example.com/connect/github/return',
    allowedOrigins: ['https://app.example.com'],
    hostUrl: 'https://app.example.com/',
    database: { kind: 'sqlite', file: './connect-github.db' },
    dataKeys: [],
    githubOrigin: 'https://github.com',
    githubAppSlug: undefined,
    githubApiUrl: 'https://api.github.com',
    githubWebhookSecrets: [],
    layersApiKeyPrevious: null,
    connectToken: null,
    ownership: { kind: 'none' },
    avatars: false,
    trustedProxies: [],
    logLevel: 'info',
    retentionMs: 30 * 86_400_000,
    host: '127.0.0.1',
    port: 8787,
    metricsPort: null,
    drainMs: 5000,
  })
})

const dataKey = createDataKey()

describe('a good value', () => {
  it.each<[string, string, (config: Config) => unknown, unknown]>([
    [
      'LAYERS_API_URL',
      'http://127.0.0.1:4001',
      ({ layersApiUrl }) => layersApiUrl.href,
      'http://127.0.0.1:4001/',
    ],
    ['LAYERS_API_URL', 'http://[::1]:4001', ({ layersApiUrl }) => layersApiUrl.origin, 'http://[::1]:4001'],
    [
      'LAYERS_API_URL',
      'https://proxy.example.com/layers',
      ({ layersApiUrl }) => layersApiUrl.pathname,
      '/layers',
    ],
    [
      'PUBLIC_URL',
      'https://app.example.com',
      ({ basePath, returnUrl }) => [basePath, returnUrl],
      ['', 'https://app.example.com/return'],
    ],
    [
      'PUBLIC_URL',
      'https://app.example.com/a/b//',
      ({ publicUrl }) => publicUrl,
      'https://app.example.com/a/b',
    ],
    ['PUBLIC_URL', 'http://localhost:3000/x', ({ publicOrigin }) => publicOrigin, 'http://localhost:3000'],
    [
      'ALLOWED_ORIGINS',
      'https://a.example, https://B.example:8443/',
      ({ allowedOrigins }) => allowedOrigins,
      ['https://a.example', 'https://b.example:8443'],
    ],
    [
      'DATABASE_URL',
      'file:/var/lib/x y.db',
      ({ database }) => database,
      { kind: 'sqlite', file: '/var/lib/x y.db' },
    ],
    ['DATA_KEYS', ` ${dataKey} , ${dataKey} `, keysOf, [dataKey, dataKey]],
    [
      'GITHUB_URL',
      'https://github.example.com/',
      ({ githubOrigin }) => githubOrigin,
      'https://github.example.com',
    ],
    ['GITHUB_APP_SLUG', 'layers-connector', ({ githubAppSlug }) => githubAppSlug, 'layers-connector'],
    [
      'TRUSTED_PROXIES',
      '10.0.0.0/8, 192.0.2.1, 2001:db8::/32, ::1',
      ({ trustedProxies }) => trustedProxies,
      ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1'],
    ],
    ['AVATARS', 'on', ({ avatars }) => avatars, true],
    ['LOG_LEVEL', 'silent', ({ logLevel }) => logLevel, 'silent'],
    ['RETENTION_DAYS', '3650', ({ retentionMs }) => retentionMs, 3650 * 86_400_000],
    ['HOST', '::', ({ host }) => host, '::'],
    ['PORT', '0', ({ port }) => port, 0],
    ['PORT', '65535', ({ port }) => port, 65_535],
  ])('of %s is %s', (name, value, select, expected) => {
    expect(select(read({ [name]: value }))).toEqual(expected)
  })

  it('may be empty, which means not set', () => {
    const empty = Object.fromEntries(
      ['LAYERS_API_URL', 'ALLOWED_ORIGINS', 'DATA_KEYS', 'PORT', 'LOG_LEVEL'].map((name) => [name, '']),
    )
    expect(read(empty)).toMatchObject({ port: 8787, logLevel: 'info', dataKeys: [] })
  })
})

describe('a bad value', () => {
  it.each<[string, string, RegExp]>([
    ['LAYERS_API_KEY', 'short', /the key alone/],
    ['LAYERS_API_KEY', 'lp_live_x y', /the key alone/],
    ['LAYERS_API_KEY', `"${'x'.repeat(20)}"\n`, /the key alone/],
    ['LAYERS_API_KEY', 'x'.repeat(513), /the key alone/],
    ['LAYERS_API_URL', 'api.layers.com', /the https URL of the Layers API/],
    ['LAYERS_API_URL', 'http://api.layers.com', /loopback host only/],
    ['LAYERS_API_URL', 'http://127.0.0.1.evil.example', /loopback host only/],
    ['LAYERS_API_URL', 'https://user:pass@api.layers.com', /https URL/],
    ['LAYERS_API_URL', 'ftp://localhost', /https URL/],
    ['PUBLIC_URL', '/connect/github', /where browsers reach/],
    ['PUBLIC_URL', 'http://app.example.com', /loopback host only/],
    ['PUBLIC_URL', 'https://app.example.com/?x=1', /without query or fragment/],
    ['PUBLIC_URL', 'https://app.example.com/#x', /without query or fragment/],
    ['PUBLIC_URL', 'https://app.example.com/connect%20github', /letters, digits/],
    ['PUBLIC_URL', 'https://app.example.com/a//b', /letters, digits/],
    ['PUBLIC_URL', 'https://app.example.com/é', /letters, digits/],
    ['ALLOWED_ORIGINS', '*', /an origin such as/],
    ['ALLOWED_ORIGINS', 'null', /an origin such as/],
    ['ALLOWED_ORIGINS', 'https://app.example.com/path', /without a path/],
    ['ALLOWED_ORIGINS', 'https://*.example.com', /origin/],
    ['ALLOWED_ORIGINS', 'https://a.example https://b.example', /origin/],
    ['ALLOWED_ORIGINS', 'https://a.example,http://b.example', /loopback host only/],
    ['DATABASE_URL', 'connect-github.db', /must be file:/],
    ['DATABASE_URL', 'file:', /must be file:/],
    ['DATABASE_URL', 'mysql://x', /must be file:/],
    ['DATA_KEYS', 'short', /openssl rand/],
    ['DATA_KEYS', `${dataKey},x`, /openssl rand/],
    ['DATA_KEYS', ',', /openssl rand/],
    ['GITHUB_URL', 'https://github.com/apps', /without a path/],
    ['GITHUB_URL', 'http://github.com', /loopback host only/],
    ['GITHUB_APP_SLUG', 'Layers Connector', /the slug in/],
    ['GITHUB_APP_SLUG', '../x', /the slug in/],
    ['TRUSTED_PROXIES', 'proxy.internal', /CIDR/],
    ['TRUSTED_PROXIES', '10.0.0.0/33', /CIDR/],
    ['TRUSTED_PROXIES', '2001:db8::/129', /CIDR/],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8', /CIDR/],
    ['TRUSTED_PROXIES', '10.0.0', /CIDR/],
    ['TRUSTED_PROXIES', 'true', /CIDR/],
    ['LOG_LEVEL', 'verbose', /fatal, error, warn/],
    ['AVATARS', 'yes', /on or off/],
    ['RETENTION_DAYS', '0', /1 to 3650/],
    ['RETENTION_DAYS', '3651', /1 to 3650/],
    ['RETENTION_DAYS', '1.5', /1 to 3650/],
    ['RETENTION_DAYS', 'forever', /1 to 3650/],
    ['PORT', '65536', /0 to 65535/],
    ['PORT', '-1', /0 to 65535/],
    ['PORT', '0x50', /0 to 65535/],
  ])('of %s is %j: the problem names the variable and the cure, once', (name, value, cure) => {
    const problems = problemsOf({ ...REQUIRED, [name]: value })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name} must `))
    expect(problems[0]).toMatch(cure)
  })

  it('of a secret is not repeated in the message', () => {
    const secrets = { LAYERS_API_KEY: `${KEY} oops`, DATA_KEYS: `${dataKey}x`, VITE_LAYERS_API_KEY: KEY }
    const text = problemsOf({ ...REQUIRED, ...secrets }).join('\n')
    expect(text).toContain('LAYERS_API_KEY must')
    expect(text).not.toContain(KEY.slice(-20))
    expect(text).not.toContain(dataKey.slice(0, 12))
  })
})

it('is described in the README, variable by variable', () => {
  const readme = readFileSync(new URL('../../bff/README.md', import.meta.url), 'utf8')
  const [, section = ''] = /\n## Configuration\n([^]*?)\n## /.exec(readme) ?? []
  const rows = section.split('\n').filter((line) => /^\| `[A-Z_]+`(, `[A-Z_]+`)* +\|/.test(line))
  const names = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map((match) => match[1]),
  )
  expect(names).toHaveLength(new Set(names).size)
  expect(new Set(names)).toEqual(new Set(Object.keys(variablesSchema.shape)))
})

describe('pictures of accounts', () => {
  const proof = {
    OWNERSHIP: 'partner-app',
    GITHUB_CLIENT_ID: 'Iv23liPartner',
    GITHUB_CLIENT_SECRET: 'c11ent5ecretc11ent5ecret',
    GITHUB_APP_SLUG: 'layers-connector',
  }
  const tokens = { CONNECT_TOKEN_SECRET: 's'.repeat(40), CONNECT_TOKEN_ISSUER: 'https://app.example.com' }

  it.each<[string, Environment, boolean]>([
    ['with a proof of ownership, which needs GitHub as well', proof, true],
    ['where that is unwanted', { ...proof, AVATARS: 'off' }, false],
    ['without a proof', {}, false],
    ['with connect tokens, whatever is said', { ...tokens, AVATARS: 'on' }, false],
    [
      'for pages of another origin, whatever is said',
      { ALLOWED_ORIGINS: 'https://app.example.com,https://www.example.com', AVATARS: 'on' },
      false,
    ],
    ['for pages of the same origin', { ALLOWED_ORIGINS: 'https://app.example.com', AVATARS: 'on' }, true],
  ])('are fetched or not %s', (_, env, isOn) => {
    expect(read(env).avatars).toBe(isOn)
  })
})
