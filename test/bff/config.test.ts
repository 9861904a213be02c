// How the configuration is read as a whole: files, options, and all problems reported together.
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

const dataKey = createDataKey()
const keysOf = (config: Config): string[] => config.dataKeys.map((key) => key.reveal((value) => value))

describe('what is wrong', () => {
  it('is all reported at once', () => {
    const problems = problemsOf({
      LOG_LEVEL: 'x',
      PORT: 'x',
      TRUSTED_PROXIES: 'x',
      DATA_KEYS_FILE: '/nowhere',
      NEXT_PUBLIC_X: KEY,
    })
    expect(new Set(problems.map((line) => line.split(' ')[0]))).toEqual(
      new Set([
        'LAYERS_API_KEY',
        'PUBLIC_URL',
        'LOG_LEVEL',
        'PORT',
        'TRUSTED_PROXIES',
        'DATA_KEYS_FILE',
        'NEXT_PUBLIC_X',
      ]),
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
