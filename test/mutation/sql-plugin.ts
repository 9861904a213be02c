// Puts every mutant of the SQL into the stores when they are loaded, beside the original: which of them runs is chosen for each run.
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vitest/config'
import { findSqlMutants, type SqlMutant } from './sql-mutants.ts'

/** A statement, or call, with its mutants. */
interface Site {
  readonly start: number
  readonly end: number
  readonly mutants: readonly (readonly [index: number, mutant: SqlMutant])[]
}

/** @param files absolute paths. */
export function createSqlPlugin(files: readonly string[]): Plugin {
  return {
    name: 'sql-mutants',
    enforce: 'pre',
    transform(code, id) {
      if (!files.includes(id)) return undefined
      if (code !== readFileSync(id, 'utf8')) throw new Error(`${id} is not loaded as it is written`)
      return { code: withMutants(code, id), map: null }
    },
  }
}

/** Each text that has mutants becomes a choice between them. */
function withMutants(source: string, file: string): string {
  const mutants = findSqlMutants(source)
  return findSites(source, mutants).reduceRight((text, { start, end, mutants: own }) => {
    const original = source.slice(start, end)
    const choices = own.map(([index, mutant]) => {
      const mutated = source.slice(start, mutant.start) + mutant.replacement + source.slice(mutant.end, end)
      return `globalThis.sqlMutant === ${JSON.stringify(`${file}#${index}`)} ? ${mutated} : `
    })
    return `${text.slice(0, start)}(${choices.join('')}${original})${text.slice(end)}`
  }, source)
}

const TEXT_OR_CALL =
  /(['"`])\s*(?:SELECT|INSERT|REPLACE|UPDATE|DELETE|WITH)\s[\s\S]*?\1|db\.transaction\(work\)\.immediate/g

function findSites(source: string, mutants: readonly SqlMutant[]): readonly Site[] {
  return [...source.matchAll(TEXT_OR_CALL)].flatMap(({ 0: text, index }) => {
    const [start, end] = [index, index + text.length]
    const own = mutants
      .map((mutant, number) => [number, mutant] as const)
      .filter(([, mutant]) => mutant.start >= start && mutant.end <= end)
    return own.length === 0 ? [] : [{ start, end, mutants: own }]
  })
}
