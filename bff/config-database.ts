// Where the database is: a SQLite file, or a PostgreSQL server.
import type { Variables } from './config-schema.ts'
import { Secret } from './secret.ts'

export type DatabaseConfig =
  /** A path, or `:memory:`. */
  | { readonly kind: 'sqlite'; readonly file: string }
  /** Secret as a whole, because it holds a password. */
  | { readonly kind: 'postgres'; readonly url: Secret }

const FILE = 'file:'

/** @param problems gets what is missing, with its cure. */
export function readDatabase(values: Variables, problems: string[]): DatabaseConfig {
  const { DATABASE_URL: url, DATA_KEYS: dataKeys } = values
  if (url.startsWith(FILE)) return { kind: 'sqlite', file: url.slice(FILE.length) }
  if (dataKeys.length === 0) {
    problems.push(
      'DATA_KEYS is required with PostgreSQL, the same in every process: make one with `openssl rand -base64 32 | tr +/ -_ | tr -d =`',
    )
  }
  return { kind: 'postgres', url: new Secret(url) }
}

/** The URL, and the password in it when it is long enough to be told from other words. */
export function listDatabaseSecrets(database: DatabaseConfig): readonly Secret[] {
  if (database.kind === 'sqlite') return []
  const password = database.url.reveal((url) => decodeURIComponent(new URL(url).password))
  return password.length < 8 ? [database.url] : [database.url, new Secret(password)]
}
