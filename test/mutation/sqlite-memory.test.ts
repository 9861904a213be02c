// The storage contract on SQLite in memory, without what takes long; for trying mutants alone.
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'
import { describeStorage } from '../storage/storage-contract.ts'

describeStorage(
  { name: 'SQLite in memory', open: (options) => openSqliteStorage({ ...options, file: ':memory:' }) },
  { everyOrder: false },
)
