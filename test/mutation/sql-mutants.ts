// Makes small mistakes in SQL, which to Stryker is text: a condition less, a comparison turned round, an assignment forgotten.

export interface SqlMutant {
  readonly kind: string
  /** Where in the source, as for `slice`. */
  readonly start: number
  readonly end: number
  readonly replacement: string
}

interface Token {
  readonly text: string
  /** In capitals, so that keywords can be compared. */
  readonly word: string
  readonly start: number
  readonly end: number
  readonly depth: number
}

const SQL_TEXT =
  /(['"`])\s*(?:SELECT|INSERT\s+(?:OR|INTO)|REPLACE\s+INTO|UPDATE|DELETE\s+FROM|WITH)\s[\s\S]*?\1/g
const TOKEN = /'(?:[^']|'')*'|\$\{[^}]*\}|[@:]*[A-Za-z_][\w.]*|\d+|<>|<=|>=|\|\||\S/g

/** Where a condition, an expression or a list ends, on its own level. */
const BOUNDARIES = new Set(
  'WHERE ON WHEN THEN ELSE END SELECT SET FROM ORDER LIMIT FOR RETURNING GROUP UNION VALUES DO AS CASE ,'.split(
    ' ',
  ),
)
const CONNECTIVES = new Set(['AND', 'OR'])
const COMPARISONS: Readonly<Record<string, string>> = {
  '=': '<>',
  '<>': '=',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
}
const SWAPS: ReadonlyArray<readonly [kind: string, from: RegExp, to: string]> = [
  ['null', /\bIS NOT NULL\b/g, 'IS NULL'],
  ['null', /\bIS NULL\b/g, 'IS NOT NULL'],
  ['exists', /\bNOT EXISTS\b/g, 'EXISTS'],
  ['exists', /(?<!NOT )\bEXISTS\b/g, 'NOT EXISTS'],
  ['order', /\bORDER BY [^()`']*?(?= LIMIT|\s*\)|\s*$)/g, ''],
  ['order', /\bDESC\b/g, 'ASC'],
  ['limit', /\bLIMIT [@\w]+/g, ''],
  ['distinct', /\bDISTINCT\b/g, ''],
  ['lock', /\bFOR UPDATE( SKIP LOCKED)?/g, ''],
  ['lock', / SKIP LOCKED/g, ''],
  ['join', /\bLEFT JOIN\b/g, 'JOIN'],
  ['aggregate', /\bmin\(/g, 'max('],
  ['count', /\+ 1\b/g, '+ 0'],
  ['conflict', /\bON CONFLICT DO NOTHING\b/g, ''],
  ['conflict', /\bDO UPDATE SET\b[\s\S]*$/g, 'DO NOTHING'],
]

/** Every mistake that can be made in the SQL of a source file, one at a time; and transactions that take no lock at their start. */
export function findSqlMutants(source: string): readonly SqlMutant[] {
  const inSql = [...source.matchAll(SQL_TEXT)].flatMap((match) => {
    const from = match.index + 1
    return mutateSql(match[0].slice(1, -1)).map((mutant) => ({
      ...mutant,
      start: mutant.start + from,
      end: mutant.end + from,
    }))
  })
  return [...inSql, ...swap(source, 'lock', /\.immediate(?=\()/g, '.deferred')]
}

function mutateSql(sql: string): readonly SqlMutant[] {
  const tokens = tokenize(sql)
  return [
    ...dropConditions(tokens),
    ...dropAssignments(tokens),
    ...turnComparisons(tokens),
    ...pickArguments(tokens),
    ...changeTexts(tokens),
    ...SWAPS.flatMap(([kind, from, to]) => swap(sql, kind, from, to)),
  ]
}

function tokenize(sql: string): readonly Token[] {
  let depth = 0
  return [...sql.matchAll(TOKEN)].map(({ 0: text, index }) => {
    if (text === ')') depth -= 1
    const token = { text, word: text.toUpperCase(), start: index, end: index + text.length, depth }
    if (text === '(') depth += 1
    return token
  })
}

function swap(text: string, kind: string, from: RegExp, to: string): readonly SqlMutant[] {
  return [...text.matchAll(from)].map(({ 0: found, index }) => ({
    kind,
    start: index,
    end: index + found.length,
    replacement: to,
  }))
}

/** The tokens from `first` up to what ends their level or begins the next clause. */
function runFrom(
  tokens: readonly Token[],
  first: number,
  isEnd: (word: string) => boolean,
): readonly Token[] {
  const depth = tokens[first]?.depth ?? 0
  const length = tokens
    .slice(first)
    .findIndex((token) => token.depth < depth || (token.depth === depth && isEnd(token.word)))
  return tokens.slice(first, length < 0 ? undefined : first + length)
}

function splitAt(tokens: readonly Token[], isSeparator: (word: string) => boolean): readonly Token[][] {
  const depth = tokens[0]?.depth ?? 0
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (token.depth === depth && isSeparator(token.word)) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

const startOf = (tokens: readonly Token[]): number => tokens[0]?.start ?? 0
const endOf = (tokens: readonly Token[]): number => tokens.at(-1)?.end ?? 0

/** Each part of a list left out, with what joins it to its neighbour. */
function dropEach(kind: string, parts: readonly (readonly Token[])[]): readonly SqlMutant[] {
  return parts.map((part, index) => {
    const next = parts[index + 1]
    const before = parts[index - 1]
    return next === undefined
      ? { kind, start: endOf(before ?? []), end: endOf(part), replacement: '' }
      : { kind, start: startOf(part), end: startOf(next), replacement: '' }
  })
}

function dropConditions(tokens: readonly Token[]): readonly SqlMutant[] {
  return tokens.flatMap((token, index) => {
    const opens = token.text === '(' || (BOUNDARIES.has(token.word) && token.word !== 'SET')
    if (!opens) return []
    const run = runFrom(tokens, index + 1, (word) => BOUNDARIES.has(word))
    const parts = splitAt(run, (word) => CONNECTIVES.has(word))
    if (parts.length > 1) return dropEach('condition', parts)
    return token.word === 'WHERE'
      ? [{ kind: 'condition', start: token.start, end: endOf(run), replacement: '' }]
      : []
  })
}

const endsAssignments = (word: string): boolean => ['WHERE', 'FROM', 'RETURNING'].includes(word)

function assignmentsAfter(tokens: readonly Token[], set: number): readonly Token[][] {
  return splitAt(runFrom(tokens, set + 1, endsAssignments), (word) => word === ',')
}

function dropAssignments(tokens: readonly Token[]): readonly SqlMutant[] {
  return tokens.flatMap(({ word }, index) => {
    const parts = word === 'SET' ? assignmentsAfter(tokens, index) : []
    return parts.length > 1 ? dropEach('assignment', parts) : []
  })
}

function turnComparisons(tokens: readonly Token[]): readonly SqlMutant[] {
  const assigning = new Set(
    tokens.flatMap(({ word }, index) =>
      word === 'SET'
        ? assignmentsAfter(tokens, index).map((part) => part.find(({ text }) => text === '='))
        : [],
    ),
  )
  return tokens.flatMap((token) => {
    const turned = COMPARISONS[token.text]
    if (turned === undefined || assigning.has(token)) return []
    return [{ kind: 'comparison', start: token.start, end: token.end, replacement: turned }]
  })
}

/** `coalesce(a, b)` becomes `a`, `iif(a, b, c)` becomes `b`, and so on; a list of several loses each of them. */
function pickArguments(tokens: readonly Token[]): readonly SqlMutant[] {
  return tokens.flatMap((token, index) => {
    if (tokens[index + 1]?.text !== '(') return []
    const parts = splitAt(
      runFrom(tokens, index + 2, () => false),
      (word) => word === ',',
    )
    if (token.word === 'IN' && parts.length > 1) return dropEach('list', parts)
    const choices = token.word === 'COALESCE' ? parts : token.word === 'IIF' ? parts.slice(1) : []
    return choices.map((part) => ({
      kind: 'argument',
      start: token.start,
      end: endOf(parts.at(-1) ?? []) + 1,
      replacement: part.map(({ text }) => text).join(' '),
    }))
  })
}

function changeTexts(tokens: readonly Token[]): readonly SqlMutant[] {
  return tokens
    .filter(({ text }) => /^'\w+'$/.test(text))
    .map(({ start, end }) => ({ kind: 'text', start, end, replacement: `'mutant'` }))
}
