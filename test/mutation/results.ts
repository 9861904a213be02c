// What became of the mutants: kept by file between runs, and told as a table.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { findReason } from './survivors.ts'

/** The parts of Stryker's report that are used: https://github.com/stryker-mutator/mutation-testing-elements */
const placeSchema = z.object({ line: z.int(), column: z.int() })
const reportSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          status: z.string(),
          statusReason: z.string().default(''),
          mutatorName: z.string(),
          replacement: z.string().default(''),
          location: z.object({ start: placeSchema, end: placeSchema }),
        }),
      ),
    }),
  ),
})

const mutantSchema = z.object({
  /**
   * `killed`: a test failed. `timeout`: the tests did not end, or failed for lack of time. `survived`: they passed, or none ran the code. `unloadable`: the test
   * file could not even be loaded, which counts for nothing.
   */
  fate: z.enum(['killed', 'timeout', 'survived', 'unloadable']),
  line: z.int(),
  kind: z.string(),
  original: z.string(),
  mutant: z.string(),
})
export type Mutant = z.infer<typeof mutantSchema>

const resultsSchema = z.record(z.string(), z.array(mutantSchema))
/** By file, relative to the root. */
export type Results = z.infer<typeof resultsSchema>

const FATES: Readonly<Record<string, Mutant['fate']>> = {
  Killed: 'killed',
  Timeout: 'timeout',
  Survived: 'survived',
  NoCoverage: 'survived',
  RuntimeError: 'unloadable',
}

/** @throws Error when Stryker's report says something of a mutant that this does not know. */
export function readStrykerReport(file: string): Results {
  const { files } = reportSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return Object.fromEntries(
    Object.entries(files).map(([path, { source, mutants }]) => [
      path,
      // Ignored: see `leavesConstants`.
      mutants
        .filter(({ status }) => status !== 'Ignored')
        .map(({ status, statusReason, mutatorName, replacement, location: { start, end } }) => {
          const fate = status === 'Killed' && isLackOfTime(statusReason) ? 'timeout' : FATES[status]
          if (fate === undefined) throw new Error(`${path}:${start.line} a mutant has the status ${status}`)
          const original = textBetween(source, start, end)
          return { fate, line: start.line, kind: mutatorName, original, mutant: fold(replacement) }
        }),
    ]),
  )
}

/** A machine that is busy can fail a test in these ways as well: such a mutant is tried again before it is believed to be noticed. */
export function isLackOfTime(message: string): boolean {
  return message.includes('timed out in') || message.includes('storage: busy')
}

type Place = z.infer<typeof placeSchema>

function textBetween(source: string, start: Place, end: Place): string {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const last = (lines.pop() ?? '').slice(0, end.column - 1)
  return fold([...lines, last].join('\n').slice(start.column - 1))
}

export function fold(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

export function loadResults(file: string): Results {
  try {
    return resultsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}

export function saveResults(file: string, results: Results): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(results))
}

export interface Score {
  readonly killed: number
  readonly timeouts: number
  readonly survived: number
  /** Undefined when nothing was tried. */
  readonly percent: number | undefined
}

function scoreOf(mutants: readonly Mutant[]): Score {
  const count = (fate: Mutant['fate']): number => mutants.filter((mutant) => mutant.fate === fate).length
  const [killed, timeouts, survived] = [count('killed'), count('timeout'), count('survived')]
  const all = killed + timeouts + survived
  return { killed, timeouts, survived, percent: all === 0 ? undefined : (100 * (killed + timeouts)) / all }
}

/** A row of a table. */
export function toRow(name: string, { killed, timeouts, survived, percent }: Score): string {
  const score = percent === undefined ? 'not run' : `${percent.toFixed(1)} %`
  return `| ${name} | ${killed} | ${timeouts} | ${survived} | ${score} |`
}

export const toHead = (first: string): string =>
  `| ${first} | killed | timeouts | survived | score |\n| --- | --- | --- | --- | --- |`

/** A row for each file and one for all of them, then the survivors with their reasons. */
export function report(title: string, results: Results, write: (line: string) => void): Score {
  write(`\n### ${title}\n`)
  write(toHead('file'))
  for (const [path, mutants] of inOrder(results)) write(toRow(path, scoreOf(mutants)))
  const all = scoreOf(Object.values(results).flat())
  write(toRow('all', all))
  for (const [path, mutants] of inOrder(results)) {
    for (const mutant of mutants) {
      if (mutant.fate !== 'survived') continue
      const { line, kind, original } = mutant
      write(`\n${path}:${line} ${kind}: ${cut(original)} → ${cut(mutant.mutant)}`)
      write(`  ${findReason(path, mutant) ?? 'NO REASON GIVEN'}`)
    }
  }
  return all
}

function inOrder(results: Results): readonly (readonly [path: string, mutants: readonly Mutant[]])[] {
  return Object.entries(results).toSorted(([one], [other]) => one.localeCompare(other))
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text
}
