// What the SQLite store insists on when it opens: durable settings, private files, known versions.
import { chmodSync, existsSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkDurability, checkNodeApi, checkSqliteVersion } from '../../bff/storage/sqlite-connection.ts'
import { createSqliteStorage, openSqliteStorage } from '../../bff/storage/sqlite.ts'
import { createSqliteOpener } from './sqlite-opener.ts'

const { nextFile, openStorage, openBoth, openPlainly } = createSqliteOpener()

describe('durability', () => {
  test('has its settings in force after the first write', async () => {
    const { scenario, db } = await openBoth()
    await scenario.starting()
    const names = [
      'journal_mode',
      'synchronous',
      'busy_timeout',
      'foreign_keys',
      'trusted_schema',
      'secure_delete',
      'wal_autocheckpoint',
    ]
    const settings = names.map((name) => db.pragma(name, { simple: true }))
    expect(settings).toEqual(['wal', 2, 5000, 1, 0, 1, 4000])
  })

  test('refuses the default of better-sqlite3, which a power cut defeats', () => {
    const db = openPlainly(nextFile())
    db.pragma('journal_mode = WAL')
    expect(() => createSqliteStorage(db)).toThrow(/synchronous is 1/)
  })

  test('refuses a journal that is not write-ahead', () => {
    const db = openPlainly(nextFile())
    db.exec('CREATE TABLE written (id INTEGER)')
    expect(() => checkDurability(db)).toThrow(/journal mode is delete/)
  })
})

describe('versions', () => {
  test.each(['3.51.2', '3.7.0', '2.99.99', '3.51', '', undefined])('refuses SQLite %s', (version) => {
    expect(() => checkSqliteVersion(version)).toThrow(/3\.51\.3 is needed/)
  })

  test.each(['3.51.3', '3.51.10', '3.60.0', '4.0.0'])('accepts SQLite %s', (version) => {
    expect(() => checkSqliteVersion(version)).not.toThrow()
  })

  test.each(['9', '', undefined])('refuses Node-API %s and names the Node that is wanted', (nodeApi) => {
    expect(() => checkNodeApi(nodeApi, 'v20.20.2')).toThrow(/Node >=22\.18, this is v20\.20\.2/)
  })

  test('accepts Node-API 10 and later', () => {
    expect(() => checkNodeApi('10', 'v22.18.0')).not.toThrow()
    expect(() => checkNodeApi('11', 'v26.0.0')).not.toThrow()
  })

  test('refuses a database that a newer version wrote, and leaves it alone', async () => {
    const file = nextFile()
    await (await openSqliteStorage({ file })).close()
    const db = openPlainly(file)
    db.exec('INSERT INTO migrations (id, applied_at) VALUES (999, 0)')
    await expect(openSqliteStorage({ file })).rejects.toThrow(
      /has schema 999, this version knows \d+ at most/,
    )
    expect(db.prepare('SELECT max(id) FROM migrations').pluck().get()).toBe(999)
  })

  test('applies each migration once', async () => {
    const file = nextFile()
    for (let start = 0; start < 3; start += 1) await (await openSqliteStorage({ file })).close()
    const applied = openPlainly(file).prepare('SELECT id FROM migrations').pluck().all()
    expect(applied).toEqual(applied.map((_id, position) => position + 1))
    expect(applied.length).toBeGreaterThan(1)
  })

  test('refuses a file without a name', async () => {
    await expect(openSqliteStorage({ file: '' })).rejects.toThrow(/empty/)
  })
})

describe('file modes', () => {
  test('creates the directory and all files for their owner alone', async () => {
    const file = join(dirname(nextFile()), 'made', 'deeper', 'connect-github.db')
    const { starting } = await openStorage({ file })
    await starting()
    expect([dirname(file), dirname(dirname(file))].map(modeOf)).toEqual(['700', '700'])
    expect([file, `${file}-wal`, `${file}-shm`].map(modeOf)).toEqual(['600', '600', '600'])
  })

  test('takes a database that others can read away from them', async () => {
    const file = nextFile()
    await (await openSqliteStorage({ file })).close()
    chmodSync(file, 0o644)
    const { starting } = await openStorage({ file })
    await starting()
    expect([file, `${file}-wal`, `${file}-shm`].map(modeOf)).toEqual(['600', '600', '600'])
  })

  test('takes the log of a database in use away from others, too', async () => {
    const file = nextFile()
    const { starting } = await openStorage({ file })
    await starting()
    const files = [file, `${file}-wal`, `${file}-shm`]
    for (const path of files) chmodSync(path, 0o644)
    await openStorage({ file })
    expect(files.map(modeOf)).toEqual(['600', '600', '600'])
  })

  test('refuses a database whose log it cannot take away from others', async () => {
    const file = nextFile()
    symlinkSync(`${file}-wal`, `${file}-wal`)
    await expect(openSqliteStorage({ file })).rejects.toMatchObject({ code: 'ELOOP' })
  })

  test('makes no file of a database in memory', async () => {
    const { starting } = await openStorage({ file: ':memory:' })
    expect((await starting()).status).toBe('starting')
    expect(existsSync(':memory:')).toBe(false)
  })
})

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8)
}
