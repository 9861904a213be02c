// What an operator is told of a PostgreSQL database that cannot be opened, and how statements get their parameters; without a server.
import { describe, expect, test } from 'vitest'
import { checkServerVersion, toOpeningError } from '../../bff/storage/postgres-connection.ts'
import { toQuery } from '../../bff/storage/postgres-statements.ts'

const URL_WITH_SECRETS = 'postgres://ann:very-secret-word@db.example:6432/app'
const AT = 'The database db.example:6432/app cannot be opened'

describe('a database that cannot be opened', () => {
  test.each<[string, RegExp]>([
    ['28P01', /^check the user and the password \(percent-encoded\) in DATABASE_URL, and pg_hba\.conf$/],
    ['28000', /^check the user and the password/],
    ['3D000', /^create the database, or mend its name in DATABASE_URL$/],
    ['42501', /may not create the schema connect_github: let it \(GRANT CREATE/],
    ['53300', /^the server has no connection left: raise max_connections, or run fewer processes/],
    ['55P03', /^something holds its tables, such as a backup \(pg_dump\): start again/],
    ['57P03', /^the server is starting up or shutting down/],
    ['ECONNREFUSED', /^check host and port in DATABASE_URL$/],
    ['ENOTFOUND', /^check host and port/],
    ['EAI_AGAIN', /^check host and port/],
    ['EHOSTUNREACH', /^check host and port/],
    ['ETIMEDOUT', /^check host and port/],
    ['ENOENT', /^check host and port/],
    ['CERT_HAS_EXPIRED', /certificate is not trusted: name its authority with sslrootcert/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /certificate is not trusted/],
    ['SELF_SIGNED_CHAIN', /certificate is not trusted/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /certificate is not trusted/],
    ['ERR_TLS_X', /certificate is not trusted/],
    ['XX000', /^check DATABASE_URL$/],
    ['X28', /^check DATABASE_URL$/],
    ['X3D000', /^check DATABASE_URL$/],
    ['X42501', /^check DATABASE_URL$/],
    ['X53300', /^check DATABASE_URL$/],
    ['X55P03', /^check DATABASE_URL$/],
    ['X57P03', /^check DATABASE_URL$/],
    ['XENOENT', /^check DATABASE_URL$/],
  ])('because of %s has its cure', (code, cure) => {
    const cause = Object.assign(new Error('said very-secret-word'), { code })
    const { message, cause: kept } = toOpeningError(URL_WITH_SECRETS, cause)
    expect(message.startsWith(`${AT} (${code}): `)).toBe(true)
    expect(message.slice(`${AT} (${code}): `.length)).toMatch(cure)
    expect(message).not.toContain('very-secret-word')
    expect(kept).toBe(cause)
  })

  test('for a reason without a code has a cure as well', () => {
    for (const cause of [new Error('odd'), 'odd', undefined])
      expect(toOpeningError(URL_WITH_SECRETS, cause).message).toBe(`${AT}: check DATABASE_URL`)
  })

  test('because the server speaks no TLS says so', () => {
    const { message } = toOpeningError(
      URL_WITH_SECRETS,
      new Error('The server does not support SSL connections'),
    )
    expect(message).toBe(
      `${AT}: the server speaks no TLS: take sslmode out of DATABASE_URL, if the way to it is safe`,
    )
  })

  test('because of a file that is named and cannot be read says so', () => {
    const cause = Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'open' })
    expect(toOpeningError(URL_WITH_SECRETS, cause).message).toBe(
      `${AT} (ENOENT): a file that DATABASE_URL names (sslrootcert, sslcert, sslkey) cannot be read`,
    )
    const other = Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'connect' })
    expect(toOpeningError(URL_WITH_SECRETS, other).message).toContain('check host and port')
  })

  test('because the server is too old says which version is needed', () => {
    expect(() => checkServerVersion('130012')).toThrow(
      new Error('storage: PostgreSQL 13 is too old, 14 or newer is needed.'),
    )
    expect(() => checkServerVersion('140000')).not.toThrow()
  })
})

describe('a statement', () => {
  test('gets its values by name, each name once', () => {
    expect(toQuery('SELECT @one, @two, @one', { one: 1, two: null, three: 3 })).toEqual({
      text: 'SELECT $1, $2, $1',
      values: [1, null],
    })
    // Once more, as it was remembered.
    expect(toQuery('SELECT @one, @two, @one', { one: 2, two: 'b' })).toEqual({
      text: 'SELECT $1, $2, $1',
      values: [2, 'b'],
    })
  })

  test('without a value for a name is refused, which the driver would take for NULL', () => {
    expect(() => toQuery('SELECT @one', {})).toThrow(new Error('storage: a statement has no value for @one'))
  })
})
