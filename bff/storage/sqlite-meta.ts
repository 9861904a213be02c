// Named values in SQLite that belong to the whole store.
import type Database from 'better-sqlite3'
import { parseText } from './rows.ts'
import type { SqliteTransactions } from './sqlite-transactions.ts'
import type { MetaMethods } from './store-parts.ts'

export function createSqliteMeta(db: Database.Database, transactions: SqliteTransactions): MetaMethods {
  const find = db.prepare('SELECT value FROM meta WHERE name = @name').pluck()
  const insert = db.prepare('INSERT INTO meta (name, value) VALUES (@name, @value) ON CONFLICT DO NOTHING')
  const replace = db.prepare('UPDATE meta SET value = @value WHERE name = @name AND value = @known')

  return {
    async findMeta(name) {
      return transactions.read(() => {
        const value = find.get({ name })
        return value === undefined ? undefined : parseText(value)
      })
    },

    async getOrCreateMeta(name, value) {
      return transactions.write(() => {
        insert.run({ name, value })
        return parseText(find.get({ name }))
      })
    },

    async replaceMeta(name, known, value) {
      return transactions.write(() => replace.run({ name, known, value }).changes === 1)
    },
  }
}
