// What the errors of both databases and their drivers mean to whoever calls a store.
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import {
  isConnectionLost,
  isGivingWay,
  toStorageError as fromPostgres,
} from '../../bff/storage/postgres-errors.ts'
import { toStorageError as fromSqlite } from '../../bff/storage/sqlite-errors.ts'
import { StorageError } from '../../bff/storage/storage.ts'

function withCode(code: unknown): Error {
  return Object.assign(new Error('driver'), { code })
}

function fromServer(code: string | undefined): pg.DatabaseError {
  const error = new pg.DatabaseError('server', 6, 'error')
  error.code = code
  return error
}

const kindOf = (error: unknown): unknown => (error instanceof StorageError ? error.kind : 'passed through')

test('a storage error says what it is, and keeps its cause', () => {
  const cause = new Error('why')
  expect(new StorageError('full', { cause })).toMatchObject({
    name: 'StorageError',
    message: 'storage: full',
    kind: 'full',
    cause,
  })
  expect(new StorageError('busy').cause).toBeUndefined()
})

describe('SQLite’s', () => {
  test.each([
    ['SQLITE_BUSY', 'busy'],
    ['SQLITE_BUSY_SNAPSHOT', 'busy'],
    ['SQLITE_PROTOCOL', 'busy'],
    ['SQLITE_FULL', 'full'],
    ['SQLITE_IOERR', 'fatal'],
    ['SQLITE_IOERR_FSYNC', 'fatal'],
    ['SQLITE_CORRUPT', 'fatal'],
    ['SQLITE_CORRUPT_INDEX', 'fatal'],
    ['SQLITE_NOTADB', 'fatal'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'passed through'],
    ['SQLITE_ERROR', 'passed through'],
    ['X_SQLITE_BUSY', 'passed through'],
  ])('%s is %s', (code, kind) => {
    const error = withCode(code)
    const translated = fromSqlite(error)
    expect(kindOf(translated)).toBe(kind)
    expect(translated instanceof StorageError ? translated.cause : translated).toBe(error)
  })

  test.each([new Error('no code'), withCode(5), 'SQLITE_BUSY', { code: 'SQLITE_BUSY' }, undefined, null])(
    'what is none passes through: %o',
    (error) => {
      expect(fromSqlite(error)).toBe(error)
    },
  )
})

describe('PostgreSQL’s', () => {
  test.each([
    ['53100', 'full'],
    ['53200', 'full'],
    ['53300', 'busy'],
    ['08006', 'busy'],
    ['25006', 'busy'],
    ['25P03', 'busy'],
    ['25P04', 'busy'],
    ['28P01', 'busy'],
    ['3D000', 'busy'],
    ['40001', 'busy'],
    ['40P01', 'busy'],
    ['55P03', 'busy'],
    ['57014', 'busy'],
    ['57P01', 'busy'],
    ['23505', 'passed through'],
    ['42P01', 'passed through'],
    ['25001', 'passed through'],
    ['55006', 'passed through'],
    ['3F000', 'passed through'],
    [undefined, 'passed through'],
  ])('%s is %s', (code, kind) => {
    const error = fromServer(code)
    const translated = fromPostgres(error)
    expect(kindOf(translated)).toBe(kind)
    expect(translated instanceof StorageError ? translated.cause : translated).toBe(error)
  })

  test.each([
    ['08006', true, false],
    ['57P01', true, false],
    ['57P03', true, false],
    ['57014', false, false],
    ['40001', false, true],
    ['40P01', false, true],
    ['40002', false, false],
    ['22008', false, false],
    [undefined, false, false],
  ])('%s: connection lost %s, giving way %s', (code, isLost, givesWay) => {
    expect(isConnectionLost(fromServer(code))).toBe(isLost)
    expect(isGivingWay(fromServer(code))).toBe(givesWay)
  })

  test('codes of others’ errors are none of PostgreSQL’s', () => {
    expect(isGivingWay(withCode('40001'))).toBe(false)
    expect(isConnectionLost(withCode('08006'))).toBe(false)
    expect(fromPostgres(withCode('53100'))).not.toBeInstanceOf(StorageError)
  })

  test.each([
    'Connection terminated unexpectedly',
    'Connection terminated',
    'Query read timeout',
    'timeout exceeded when trying to connect',
    'timeout expired',
    'Client was closed and is not queryable',
    'Client has encountered a connection error and is not queryable',
    'Cannot use a pool after calling end on the pool',
  ])('what the driver says of a connection is busy: %s', (message) => {
    const error = new Error(message)
    expect(isConnectionLost(error)).toBe(true)
    expect(fromPostgres(error)).toMatchObject({ kind: 'busy', cause: error })
  })

  test('an error of a socket is busy, and one of a file name or of ours is not', () => {
    const socket = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' })
    expect(isConnectionLost(socket)).toBe(true)
    expect(kindOf(fromPostgres(socket))).toBe('busy')
    for (const other of [
      withCode('ERR_INVALID_ARG_TYPE'),
      Object.assign(new Error('x'), { syscall: 'connect' }),
      new Error('said: Connection terminated'),
      'Connection terminated',
      undefined,
    ]) {
      expect(isConnectionLost(other)).toBe(false)
      expect(fromPostgres(other)).toBe(other)
    }
  })

  test('what is translated already stays as it is', () => {
    const error = new StorageError('full')
    expect(fromPostgres(error)).toBe(error)
  })
})
