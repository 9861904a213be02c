// How the SQLite store fails: what passes by itself, what is fatal, and what is the caller's mistake.
import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { describe, expect, test, vi } from 'vitest'
import { openSqliteDatabase } from '../../bff/storage/sqlite-connection.ts'
import { createSqliteStorage, openSqliteStorage } from '../../bff/storage/sqlite.ts'
import { createScenario } from './scenario.ts'
import { createSqliteOpener } from './sqlite-opener.ts'

const { nextFile, openStorage, openBoth, openPlainly } = createSqliteOpener()

describe('failures', () => {
  test('is busy while another process holds the write lock, and serves again afterwards', async () => {
    const file = nextFile()
    const { storage, newFlow, starting } = await openStorage({ file, busyTimeoutMs: 0 })
    const flow = await starting()
    const other = openPlainly(file)
    other.exec('BEGIN IMMEDIATE')
    expect(await kindOf(storage.createFlow(newFlow()))).toBe('busy')
    expect(await kindOf(storage.check())).toBe('busy')
    expect(await storage.findFlow(flow.tenantId, flow.flowId)).toEqual(flow)
    other.exec('ROLLBACK')
    expect(await kindOf(storage.check())).toBe('no error')
    expect(await kindOf(storage.createFlow(newFlow()))).toBe('no error')
  })

  test('says that the disk is full, writes nothing, tells nobody, and serves again afterwards', async () => {
    const { scenario, db } = await openBoth()
    const { storage, newFlow, starting } = scenario
    const heard: string[] = []
    storage.onFlowChanged((flowId) => heard.push(flowId))
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`)
    const large = newFlow({ stateSealed: 'x'.repeat(100_000) })
    expect(await kindOf(storage.createFlow(large))).toBe('full')
    expect(await storage.findFlow(large.tenantId, large.flowId)).toBeUndefined()
    expect(heard).toEqual([])
    db.pragma('max_page_count = 100000')
    expect((await starting()).status).toBe('starting')
  })

  test.each([
    [
      'closes, and keeps everything, although the disk has no room for the checkpoint',
      'SQLITE_FULL',
      'closed',
    ],
    ['does not say that it is closed well when the disk fails', 'SQLITE_IOERR_FSYNC', 'failed'],
  ])('%s', async (_, code, expected) => {
    const db = await openSqliteDatabase(nextFile(), 0)
    const storage = createSqliteStorage(db)
    await createScenario(storage, { now: Date.now() }).starting()
    const pragma = db.pragma.bind(db)
    vi.spyOn(db, 'pragma').mockImplementation((source, options) => {
      if (source.startsWith('wal_checkpoint')) throw Object.assign(new Error('no'), { code })
      return pragma(source, options)
    })
    const outcome = await storage.close().then(
      () => 'closed',
      () => 'failed',
    )
    expect([outcome, db.open]).toEqual([expected, false])
  })

  test('stays failed after a fatal error, and says so once, because later successes could not be trusted', async () => {
    const file = nextFile()
    const first = await openSqliteStorage({ file })
    const flow = await createScenario(first, { now: Date.now() }).starting()
    await first.close()
    const db = openPlainly(file)
    const page = Number(db.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'flows'`).pluck().get())
    const pageSize = Number(db.pragma('page_size', { simple: true }))
    db.close()
    const bytes = readFileSync(file)
    bytes.fill(0xff, (page - 1) * pageSize, page * pageSize)
    writeFileSync(file, bytes)

    const failures: unknown[] = []
    const { storage } = await openStorage({ file, onFatal: (error) => void failures.push(error) })
    expect(await kindOf(storage.check())).toBe('no error')
    expect(failures).toEqual([])
    expect(await kindOf(storage.findFlow(flow.tenantId, flow.flowId))).toBe('fatal')
    expect(await kindOf(storage.check())).toBe('fatal')
    expect(await kindOf(storage.findConnection('tenant-a'))).toBe('fatal')
    expect(failures).toMatchObject([{ kind: 'fatal' }])
  })

  test('says that a file which is no database is fatal, and lets go of it', async () => {
    const file = nextFile()
    writeFileSync(file, 'this is no database, and long enough to be looked at '.repeat(100))
    const close = vi.spyOn(Database.prototype, 'close')
    expect(await kindOf(openSqliteStorage({ file }))).toBe('fatal')
    expect(close).toHaveBeenCalledOnce()
  })

  test('does not say that it can serve when it cannot read', async () => {
    const { scenario, db } = await openBoth()
    await expect(scenario.storage.check()).resolves.toBeUndefined()
    db.exec('DROP TABLE migrations')
    await expect(scenario.storage.check()).rejects.toThrow('no such table: migrations')
  })

  test('passes mistakes of the caller through as they are', async () => {
    const { storage, newFlow } = await openStorage({ file: ':memory:' })
    const flow = newFlow()
    await storage.createFlow(flow)
    const sameState = newFlow({ stateHash: flow.stateHash })
    await expect(storage.createFlow(sameState)).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_UNIQUE' })
    await expect(storage.createFlow(newFlow({ organization: '' }))).rejects.toMatchObject({
      code: 'SQLITE_CONSTRAINT_CHECK',
    })
  })

  test('limits listeners, so that forgotten ones cannot fill the memory', async () => {
    const { storage } = await openStorage({ file: ':memory:' })
    const unsubscribe = Array.from({ length: 10_000 }, () => storage.onFlowChanged(() => {}))
    expect(() => storage.onFlowChanged(() => {})).toThrow(RangeError)
    unsubscribe[0]?.()
    expect(() => storage.onFlowChanged(() => {})).not.toThrow()
  })
})

async function kindOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error && 'kind' in error ? error.kind : error),
  )
}
