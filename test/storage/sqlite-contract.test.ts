// Runs the storage contract on SQLite, on a real file and in memory.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'
import { describeStorage } from './storage-contract.ts'

const directory = mkdtempSync(join(tmpdir(), 'connect-github-storage-'))
let count = 0
afterAll(() => rmSync(directory, { recursive: true }))

function currentFile(): string {
  return join(directory, `${count}.db`)
}

describeStorage({
  name: 'a SQLite file',
  open(options) {
    count += 1
    return openSqliteStorage({ ...options, file: currentFile() })
  },
  reopen: (options) => openSqliteStorage({ ...options, file: currentFile() }),
})

describeStorage({
  name: 'SQLite in memory',
  open: (options) => openSqliteStorage({ ...options, file: ':memory:' }),
})
