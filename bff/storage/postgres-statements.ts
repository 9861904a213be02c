// Lets PostgreSQL's statements name their parameters, as SQLite's do.

/** What a statement is given, by the names that stand in it as `@name`. */
export type Values = Readonly<Record<string, string | number | null | readonly string[]>>

interface Statement {
  readonly text: string
  readonly names: readonly string[]
}

// Statements are constants, so there are few of them.
const statements = new Map<string, Statement>()

/** @throws Error when a name in the statement has no value: the driver would take that for NULL. */
export function toQuery(sql: string, values: Values): { text: string; values: unknown[] } {
  const { text, names } = statements.get(sql) ?? remember(sql)
  return {
    text,
    values: names.map((name) => {
      const value = values[name]
      if (value === undefined) throw new Error(`storage: a statement has no value for @${name}`)
      return value
    }),
  }
}

function remember(sql: string): Statement {
  const names: string[] = []
  const text = sql.replaceAll(/@([A-Za-z]+)/g, (_, name: string) => {
    if (!names.includes(name)) names.push(name)
    return `$${names.indexOf(name) + 1}`
  })
  const statement = { text, names }
  statements.set(sql, statement)
  return statement
}
