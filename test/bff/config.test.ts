// The configuration: each variable's default, its good values and its bad ones, and what the operator is told.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  ConfigError,
  readConfig,
  type Config,
  type ConfigOptions,
  type Environment,
} from '../../bff/config.ts'
import { createDataKey } from '../../bff/data-keys.ts'
import { createCanaryKey } from '../stack/artefacts.ts'

const KEY = createCanaryKey()
const REQUIRED = { LAYERS_API_KEY: KEY, PUBLIC_URL: 'https://app.example.com/connect/github' }
const directory = mkdtempSync(join(tmpdir(), 'connect-github-config-'))
afterAll(() => rmSync(directory, { recursive: true }))

const read = (env: Environment, options: ConfigOptions = {}): Config =>
  readConfig(options, { ...REQUIRED, ...env })

function problemsOf(env: Environment, options: ConfigOptions = {}): readonly string[] {
  try {
    readConfig(options, env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

function fileWith(content: string): string {
  const file = join(directory, Buffer.from(content).toString('hex').slice(0, 32) || 'empty')
  writeFileSync(file, content)
  return file
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
    databaseFile: './connect-github.db',
    dataKeys: [],
    githubOrigin: 'https://github.com',
    githubAppSlug: undefined,
    trustedProxies: [],
    logLevel: 'info',
    retentionMs: 30 * 86_400_000,
    host: '127.0.0.1',
    port: 8787,
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
    ['DATABASE_URL', 'file:/var/lib/x y.db', ({ databaseFile }) => databaseFile, '/var/lib/x y.db'],
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

describe('what is wrong', () => {
  it('is all reported at once', () => {
    const problems = problemsOf({
      LOG_LEVEL: 'x',
      PORT: 'x',
      TRUSTED_PROXIES: 'x',
      DATA_KEYS_FILE: '/nowhere',
      NEXT_PUBLIC_X: KEY,
    })
    expect(problems.map((line) => line.split(' ')[0]).toSorted()).toEqual(
      [
        'LAYERS_API_KEY',
        'PUBLIC_URL',
        'LOG_LEVEL',
        'PORT',
        'TRUSTED_PROXIES',
        'DATA_KEYS_FILE',
        'NEXT_PUBLIC_X',
      ].toSorted(),
    )
  })

  it('says how to set what is missing', () => {
    expect(problemsOf({})).toEqual([
      expect.stringMatching(/^LAYERS_API_KEY is required: set it to the partner key/),
      expect.stringMatching(
        /^PUBLIC_URL is required: set it to where browsers reach this server, e\.g\. https:/,
      ),
    ])
    expect(() => readConfig({}, {})).toThrow(/^The configuration has 2 problem\(s\):\n {2}- LAYERS_API_KEY/)
  })
})

describe('a secret in a file', () => {
  it('is read, without the line break at its end', () => {
    const config = readConfig(
      {},
      {
        PUBLIC_URL: REQUIRED.PUBLIC_URL,
        LAYERS_API_KEY_FILE: fileWith(`${KEY}\n`),
        DATA_KEYS_FILE: fileWith(`${dataKey}\n`),
      },
    )
    expect(config.layersApiKey.reveal((value) => value)).toBe(KEY)
    expect(keysOf(config)).toEqual([dataKey])
  })

  it.each(['LAYERS_API_KEY', 'DATA_KEYS'])(
    'in %s_FILE that is empty or missing is a problem, not a default',
    (name) => {
      for (const file of [fileWith(''), fileWith('\n'), join(directory, 'missing'), directory]) {
        const problems = problemsOf({
          PUBLIC_URL: REQUIRED.PUBLIC_URL,
          ...(name === 'DATA_KEYS' ? REQUIRED : {}),
          [`${name}_FILE`]: file,
        })
        expect(problems.join()).toContain(`${name}_FILE names a file`)
        expect(problems.join()).not.toContain(directory)
      }
    },
  )

  it('beside the same variable is a problem: nobody could tell which one counts', () => {
    const problems = problemsOf({ ...REQUIRED, LAYERS_API_KEY_FILE: fileWith(KEY) })
    expect(problems).toEqual([
      expect.stringMatching(/^LAYERS_API_KEY and LAYERS_API_KEY_FILE are both set: .*one/),
    ])
  })
})

describe('a partner key in a variable that bundlers publish', () => {
  it.each(['VITE_KEY', 'NEXT_PUBLIC_LAYERS', 'REACT_APP_X', 'PUBLIC_LAYERS_KEY'])(
    'stops the start: %s',
    (name) => {
      for (const value of [KEY, 'lp_live_abc', `Bearer ${KEY}`, KEY.replace('lp_test', 'lp_live')]) {
        expect(problemsOf({ ...REQUIRED, [name]: value })).toEqual([
          expect.stringMatching(new RegExp(`^${name} holds a partner key`)),
        ])
      }
      expect(problemsOf({ ...REQUIRED, [name]: 'https://example.com' })).toEqual([])
    },
  )

  it('stops the start also when the key has another form', () => {
    const odd = 'some-other-key-form-123'
    expect(problemsOf({ ...REQUIRED, LAYERS_API_KEY: odd, VITE_X: odd })).toEqual([
      expect.stringMatching(/^VITE_X holds/),
    ])
  })
})

it('options win over the environment, and the result cannot be changed', () => {
  const config = read(
    { PORT: '1', LOG_LEVEL: 'debug' },
    { logLevel: 'warn', retentionDays: 2, trustedProxies: ['10.0.0.1'] },
  )
  expect(config).toMatchObject({
    port: 1,
    logLevel: 'warn',
    retentionMs: 2 * 86_400_000,
    trustedProxies: ['10.0.0.1'],
  })
  expect(Object.isFrozen(config)).toBe(true)
})
