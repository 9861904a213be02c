// Named values in PostgreSQL that belong to the whole store.
import type { PostgresTransactions } from './postgres-transactions.ts'
import { createRowReader } from './rows.ts'
import type { MetaMethods } from './store-parts.ts'

export function createPostgresMeta(transactions: PostgresTransactions): MetaMethods {
  return {
    findMeta(name) {
      return transactions.read(async (queries) => {
        const row = await queries.get(FIND, { name })
        return row === undefined ? undefined : parseValue(row)
      })
    },

    getOrCreateMeta(name, value) {
      return transactions.write(async (tx) => {
        await tx.run(INSERT, { name, value })
        return parseValue(await tx.get(FIND, { name }))
      })
    },

    replaceMeta(name, known, value) {
      return transactions.write(async (tx) => (await tx.run(REPLACE, { name, known, value })) === 1)
    },
  }
}

function parseValue(row: unknown): string {
  return createRowReader('meta', row).getText('value')
}

const FIND = 'SELECT value FROM meta WHERE name = @name'
const INSERT = 'INSERT INTO meta (name, value) VALUES (@name, @value) ON CONFLICT DO NOTHING'
const REPLACE = 'UPDATE meta SET value = @value WHERE name = @name AND value = @known'
