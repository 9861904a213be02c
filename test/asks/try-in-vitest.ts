// Runs the tests of rows in one Vitest, with the mistake of a row in the sources, so that a row costs little more than its test.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import util from 'node:util'
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node'
import type { Breakage } from '../stack/copied-sources.ts'
import { applyEdits, type Proof } from './ask.ts'
import type { Trial, Verdict } from './verdict.ts'

/**
 * @param root of the sources and their tests, with a slash at its end.
 * @param write makes the mistakes on the disk, and returns what takes them back. Without it they are made while a module is loaded.
 */
export async function startVitest(
  root: string,
  write?: (edits: readonly Breakage[]) => () => void,
): Promise<Trial> {
  let present: readonly Breakage[] = []
  const vitest = await createVitest(
    'test',
    // No configuration file: its plugins are for builds. No cache of modules: a mistake must not survive in it.
    { config: false, root, watch: false, maxWorkers: 1, fsModuleCache: false, reporters: [{}], ...OPTIONS },
    {
      plugins: [
        {
          name: 'mistakes',
          enforce: 'pre',
          transform(code, id) {
            const file = relative(root, id)
            if (write || !present.some((edit) => edit.file === file)) return undefined
            if (code !== readFileSync(id, 'utf8')) throw new Error(`${file} is not loaded as it is written`)
            return { code: applyEdits(file, code, present), map: null }
          },
        },
      ],
    },
  )
  return {
    async run(tests, edits = []) {
      for (const { file } of [...present, ...edits]) vitest.invalidateFile(join(root, file))
      present = edits
      const takeBack = write?.(edits)
      vitest.state.filesMap.clear()
      vitest.state.errorsSet.clear()
      await vitest.runTestSpecifications(specify(vitest, root, tests), false)
      takeBack?.()
      return judge(vitest, tests)
    },
    close: () => vitest.close(),
  }
}

/** As in vite.config.ts. */
const OPTIONS = {
  environment: 'node',
  testTimeout: 20_000,
  hookTimeout: 30_000,
  unstubGlobals: true,
  restoreMocks: true,
}

function specify(vitest: Vitest, root: string, tests: readonly Proof[]): TestSpecification[] {
  const project = vitest.getRootProject()
  return [...new Set(tests.map(({ file }) => file))].map((file) =>
    project.createSpecification(join(root, file), {
      testNames: tests.filter((test) => test.file === file).map(({ name }) => name),
    }),
  )
}

function judge({ state }: Vitest, tests: readonly Proof[]): Verdict {
  const ran = state
    .getTestModules()
    .flatMap((module) => [...module.children.allTests()])
    .filter((test) => test.result().state !== 'skipped')
  const errors = [
    ...state.getTestModules().flatMap((module) => module.errors()),
    ...ran.flatMap((test) => test.result().errors ?? []),
    ...state.getUnhandledErrors(),
  ]
  return {
    missing: tests.flatMap(({ name }) => (ran.some(({ fullName }) => fullName === name) ? [] : [name])),
    failed: ran.filter((test) => test.result().state === 'failed').map(({ fullName }) => fullName),
    errors: errors.map(describeError),
  }
}

/** Kind and message: errors come as objects of other processes. */
function describeError(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return util.inspect(error)
  return `${'name' in error ? String(error.name) : 'Error'}: ${String(error.message)}`
}
