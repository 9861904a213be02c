// Tries the mutants of a group's SQL: for each of them the group's tests run until one fails.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import util from 'node:util'
import { createVitest, type TestCase, type TestSpecification, type Vitest } from 'vitest/node'
import type { GroupName } from './groups.ts'
import { fold, isLackOfTime, type Mutant, type Results } from './results.ts'
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
    await expectToPass(vitest, await vitest.globTestSpecifications())
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
  const noticing: Noticing = new Map()
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
    const fate = isKnown ? 'killed' : await tryMutant(vitest, `${path}#${index}`, noticing)
    tried.push({ fate, line, kind, original, mutant })
    if (isKnown) continue
    process.stdout.write(
      `${file}:${line} ${kind} ${fate === 'killed' ? fate : `${fate.toUpperCase()}: ${original}`}\n`,
    )
  }
  await expectToPass(vitest, specify(await vitest.globTestSpecifications(), noticing))
  return tried
}

/** The tests that have noticed a mutant of the same file, by test file. */
type Noticing = Map<string, Set<string>>

/** These tests alone first: what has noticed one mutant of a file notices most of the others. */
async function tryMutant(vitest: Vitest, sqlMutant: string, noticing: Noticing): Promise<Mutant['fate']> {
  const all = await vitest.globTestSpecifications()
  for (const specifications of [specify(all, noticing), all]) {
    if (specifications.length === 0 || (await passes(vitest, specifications, sqlMutant))) continue
    const failed = findFailed(vitest)
    for (const test of failed) {
      const { moduleId } = test.module
      noticing.set(moduleId, (noticing.get(moduleId) ?? new Set()).add(test.fullName))
    }
    return failed.length > 0 && failed.every(hadNoTime) ? 'timeout' : 'killed'
  }
  return 'survived'
}

function specify(all: readonly TestSpecification[], noticing: Noticing): readonly TestSpecification[] {
  return all.flatMap(({ project, moduleId }) => {
    const names = noticing.get(moduleId)
    return names === undefined
      ? []
      : [project.createSpecification(moduleId, { testNames: Array.from(names) })]
  })
}

async function passes(
  vitest: Vitest,
  specifications: readonly TestSpecification[],
  sqlMutant: string,
): Promise<boolean> {
  vitest.provide('sqlMutant', sqlMutant)
  vitest.state.filesMap.clear()
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([...specifications], true)
  return testModules.length > 0 && unhandledErrors.length === 0 && testModules.every((module) => module.ok())
}

/** @throws Error when they fail without any mutant: then they prove nothing. */
async function expectToPass(vitest: Vitest, specifications: readonly TestSpecification[]): Promise<void> {
  if (specifications.length === 0 || (await passes(vitest, specifications, ''))) return
  throw new Error(`the tests fail as it is:\n${errorsOf(vitest)}`)
}

function findFailed({ state }: Vitest): readonly TestCase[] {
  return state.getTestModules().flatMap((module) => [...module.children.allTests('failed')])
}

function hadNoTime(test: TestCase): boolean {
  return (test.result().errors ?? []).every(({ message }) => isLackOfTime(message))
}

function errorsOf(vitest: Vitest): string {
  const errors = [
    ...vitest.state.getTestModules().flatMap((module) => module.errors()),
    ...findFailed(vitest).flatMap((test) => test.result().errors ?? []),
  ]
  return [...errors, ...vitest.state.getUnhandledErrors()].map((error) => util.inspect(error)).join('\n')
}
