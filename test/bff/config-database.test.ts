// DATABASE_URL: a file or a PostgreSQL server, what the latter needs, and that its password is never shown.
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ConfigError, listSecrets, readConfig, type Config, type Environment } from '../../bff/config.ts'
import { createDataKey } from '../../bff/data-keys.ts'
import { createLog } from '../../bff/log.ts'
import { describeDatabase } from '../../bff/storage/open-storage.ts'
import { createCanaryKey } from '../stack/artefacts.ts'

const PASSWORD = 'p@ss word/4711'
const URL_WITH_PASSWORD = `postgres://ann:${encodeURIComponent(PASSWORD)}@db.example.com:6543/partner?sslmode=verify-full`

function read(env: Environment): Config {
  const required = { LAYERS_API_KEY: createCanaryKey(), PUBLIC_URL: 'https://app.example.com/connect/github' }
  return readConfig({}, { ...required, DATA_KEYS: createDataKey(), ...env })
}

function problemsOf(env: Environment): readonly string[] {
  try {
    read(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('DATABASE_URL', () => {
  it.each(['postgres', 'postgresql'])('takes a %s URL', (scheme) => {
    const { database } = read({ DATABASE_URL: `${scheme}://localhost/partner` })
    if (database.kind !== 'postgres') throw new Error('the database is none of PostgreSQL')
    expect(database.url.reveal((url) => url)).toBe(`${scheme}://localhost/partner`)
  })

  it('needs DATA_KEYS with PostgreSQL, and says how to make one', () => {
    expect(problemsOf({ DATABASE_URL: URL_WITH_PASSWORD, DATA_KEYS: '' })).toEqual([
      expect.stringMatching(
        /^DATA_KEYS is required with PostgreSQL, the same in every process: .*openssl rand/,
      ),
    ])
    expect(problemsOf({ DATA_KEYS: '' })).toEqual([])
  })

  it.each([
    'postgres:',
    'postgres:partner',
    'postgres://ann:100%@localhost/partner',
    'postgres://ann:p@ss/word@localhost:x/p',
  ])('refuses %s, and says what to write instead, but not what was written', (url) => {
    const [problem = '', ...more] = problemsOf({ DATABASE_URL: url })
    expect(more).toEqual([])
    expect(problem).toMatch(/^DATABASE_URL must be file:<path>.* or postgres:\/\/.*percent-encoded$/)
    expect(problem).not.toMatch(/100%|ss\/word/)
  })

  it('names host, port and database, and nothing else, to operators', () => {
    const nameOf = (url: string): string => describeDatabase(read({ DATABASE_URL: url }).database)
    expect(nameOf(URL_WITH_PASSWORD)).toBe('db.example.com:6543/partner')
    expect(nameOf('postgres://db.example.com')).toBe('db.example.com:5432/')
    expect(nameOf('postgresql:///partner?host=/run/postgresql')).toBe('/run/postgresql:5432/partner')
    expect(nameOf('file:./x.db')).toBe('./x.db')
  })

  it('shows its password neither when the configuration is printed nor in a log line', () => {
    const config = read({ DATABASE_URL: URL_WITH_PASSWORD })
    const lines: string[] = []
    const log = createLog({
      level: 'info',
      stream: { write: (line) => void lines.push(line) },
      secrets: listSecrets(config),
    })
    log.info('started', { detail: `${URL_WITH_PASSWORD} and ${PASSWORD}` })
    const shown = [inspect(config, { depth: null, showHidden: true }), JSON.stringify(config), ...lines].join(
      '\n',
    )
    expect(shown).not.toContain('4711')
  })
})
