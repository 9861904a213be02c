// Runs the storage contract on SQLite, on a real file and in memory.
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'
import { describeStorage } from './storage-contract.ts'
import { createTemporaryDirectory } from './temporary-directory.ts'

const nextFile = createTemporaryDirectory()
let file = ''

describeStorage({
  name: 'a SQLite file',
  open(options) {
    file = nextFile()
    return openSqliteStorage({ ...options, file })
  },
  reopen: (options) => openSqliteStorage({ ...options, file }),
})

describeStorage({
  name: 'SQLite in memory',
  open: (options) => openSqliteStorage({ ...options, file: ':memory:' }),
})
