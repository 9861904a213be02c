// Finds the SQL in a source file, and the parts of it that reach rows of tenants without being keyed by one.

export interface SqlStatement {
  /** As written, whitespace folded. */
  readonly sql: string
  /** From 1. */
  readonly line: number
  /** The comment right above the property or constant that holds the statement; empty when there is none. */
  readonly comment: string
}

const SQL_TEXT =
  /(['"`])\s*(?:SELECT\s|INSERT\s+(?:OR|INTO)\s|REPLACE\s+INTO\s|UPDATE\s+\w|DELETE\s+FROM\s|WITH\s)[\s\S]*?\1/g
const HOLDER = /^\s*(?:\w+:|(?:const|readonly|return)\s)/

/** Every text of SQL that reads or changes rows. */
export function findStatements(source: string): readonly SqlStatement[] {
  const lines = source.split('\n')
  return [...source.matchAll(SQL_TEXT)].map((match) => {
    const line = source.slice(0, match.index).split('\n').length
    const sql = match[0].slice(1, -1).replace(/\s+/g, ' ').trim()
    return { sql, line, comment: findComment(lines, line) }
  })
}

function findComment(lines: readonly string[], line: number): string {
  let holder = line - 1
  while (holder > 0 && !HOLDER.test(lines[holder] ?? '')) holder -= 1
  const comment: string[] = []
  for (let index = holder - 1; /^\s*\/\//.test(lines[index] ?? ''); index -= 1) {
    comment.unshift((lines[index] ?? '').replace(/^\s*\/\/ ?/, ''))
  }
  return comment.join(' ')
}

/** Statements that are not written out where they are prepared: nobody could check them. */
export function findHiddenStatements(source: string): readonly number[] {
  return [...source.matchAll(/\.(?:prepare|query)\(\s*(?!['"`\s])/g)].map(
    ({ index }) => source.slice(0, index).split('\n').length,
  )
}

const TENANT_TABLES = 'flows|connections|binding_jobs|claims'
const REACHES_ROWS = new RegExp(
  `\\b(?:FROM|JOIN|UPDATE|INTO|,)\\s+(?:OR\\s+\\w+\\s+)?(?:${TENANT_TABLES})\\b`,
  'i',
)

/**
 * The parts (the statement itself, each subselect, each arm of a UNION) that reach rows of tenants and do not say of which tenant.
 * Comparing with `<>` or `<` names a tenant too, but for the sake of the others.
 */
export function findUnkeyedParts(sql: string): readonly string[] {
  return splitSelects(sql).filter((part) => REACHES_ROWS.test(part) && !isKeyed(part))
}

/** Own text of the statement and of each subselect, without what is nested in it. */
function splitSelects(sql: string): readonly string[] {
  const inner = /\(\s*(SELECT\b(?:[^()]|\([^()]*\))*)\)/i.exec(sql)
  if (inner === null) return sql.split(/\bUNION(?: ALL)?\b/i).map((part) => part.trim())
  const outer = sql.slice(0, inner.index) + '(…)' + sql.slice(inner.index + inner[0].length)
  return [...splitSelects(outer), ...splitSelects(inner[1] ?? '')]
}

const IS_TENANT = /\btenant_id\s*(?:=|,[^()]*\)\s*=|\)\s*=)/i

function isKeyed(part: string): boolean {
  const [head = '', conflict] = part.split(/\bON CONFLICT\b/i)
  if (/^(?:INSERT|REPLACE)\b/i.test(part)) {
    // A row that replaces another has to be its tenant's.
    const replaces = /^(?:INSERT OR )?REPLACE\b/i.test(part)
    const isOwn = conflict === undefined || /DO NOTHING|^\s*\(\s*tenant_id\s*\)/i.test(conflict)
    return (
      /\([^)]*\btenant_id\b[^)]*\)/i.test(head) &&
      !replaces &&
      (isOwn || IS_TENANT.test(conditionOf(conflict)))
    )
  }
  const condition = conditionOf(part)
  return IS_TENANT.test(condition) && !/\bOR\b/i.test(condition)
}

/** What follows WHERE; empty when there is none. */
function conditionOf(part: string): string {
  return /\bWHERE\b(.*)$/i.exec(part)?.[1] ?? ''
}
