// Tries the mutants of a group's SQL: for each of them the group's tests run until one fails.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import util from 'node:util'
import { createVitest, type Vitest } from 'vitest/node'
import type { GroupName } from './groups.ts'
import { fold, type Mutant, type Results } from './results.ts'
import { findSqlMutants } from './sql-mutants.ts'

const ROOT = new URL('../..', import.meta.url).pathname

/**
 * @param files relative to the root.
 * @param known what was noticed before is not tried again.
 * @param keep gets what became of a file's mutants, file by file: it takes long, and what is known is not lost when it is cut off.
 * @throws Error when the tests fail without any mutant: then they prove nothing.
 */
export async function trySqlMutants(
  name: GroupName,
  files: readonly string[],
  known: Results,
  keep: (found: Results) => void,
): Promise<void> {
  process.env['MUTATION_GROUP'] = name
  process.env['MUTATION_FILES'] = files.join(',')
  const vitest = await createVitest('test', {
    config: join(ROOT, 'test/mutation/vitest.config.ts'),
    watch: false,
    bail: 1,
    maxWorkers: 1,
    reporters: [{}],
  })
  try {
    if (!(await passes(vitest, '')))
      throw new Error(`the tests of ${name} fail as it is:\n${errorsOf(vitest)}`)
    for (const file of files) {
      const mutants = await tryFile(vitest, file, known[file] ?? [])
      if (mutants.length > 0) keep({ [file]: mutants })
    }
  } finally {
    await vitest.close()
  }
}

async function tryFile(vitest: Vitest, file: string, known: readonly Mutant[]): Promise<Mutant[]> {
  const path = join(ROOT, file)
  const source = readFileSync(path, 'utf8')
  const tried: Mutant[] = []
  for (const [index, { kind, start, end, replacement }] of findSqlMutants(source).entries()) {
    const line = source.slice(0, start).split('\n').length
    const original = fold(source.slice(start, end))
    const mutant = fold(replacement)
    const isKnown = known.some(
      (one) =>
        one.fate === 'killed' &&
        one.line === line &&
        one.kind === kind &&
        one.original === original &&
        one.mutant === mutant,
    )
    const isNoticed = isKnown || !(await passes(vitest, `${path}#${index}`))
    tried.push({ fate: isNoticed ? 'killed' : 'survived', line, kind, original, mutant })
    if (isKnown) continue
    process.stdout.write(`${file}:${line} ${kind} ${isNoticed ? 'killed' : `SURVIVED: ${original}`}\n`)
  }
  return tried
}

async function passes(vitest: Vitest, sqlMutant: string): Promise<boolean> {
  vitest.provide('sqlMutant', sqlMutant)
  vitest.state.filesMap.clear()
  const specifications = await vitest.globTestSpecifications()
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications, true)
  return testModules.length > 0 && unhandledErrors.length === 0 && testModules.every((module) => module.ok())
}

function errorsOf({ state }: Vitest): string {
  const modules = state.getTestModules()
  const tests = modules.flatMap((module) => [...module.children.allTests('failed')])
  const errors = [
    ...modules.flatMap((module) => module.errors()),
    ...tests.flatMap((test) => test.result().errors ?? []),
  ]
  return [...errors, ...state.getUnhandledErrors()].map((error) => util.inspect(error)).join('\n')
}
