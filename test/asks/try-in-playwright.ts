// Runs the tests of rows in a browser, from a copy of the repository that has the mistake of a row.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { getChromium } from '../browser/find-chromium.ts'
import type { Proof } from './ask.ts'
import type { Copy } from './copy-repository.ts'
import type { Trial, Verdict } from './verdict.ts'

const errorSchema = z.object({ message: z.string().optional() })
const specSchema = z.object({
  title: z.string(),
  ok: z.boolean(),
  tests: z.array(z.object({ results: z.array(z.object({ errors: z.array(errorSchema) })) })),
})
const suiteSchema = z.object({
  title: z.string(),
  specs: z.array(specSchema),
  get suites() {
    return z.array(suiteSchema).optional()
  },
})
const reportSchema = z.object({ suites: z.array(suiteSchema), errors: z.array(errorSchema) })

type Report = z.infer<typeof reportSchema>
type Suite = z.infer<typeof suiteSchema>

/** As a person who runs the tests has it: Vitest, which was loaded before, leaves `test` behind, and a page would be built for that. */
const ENVIRONMENT = { NODE_ENV: undefined }

export function startPlaywright({ root, edit }: Copy): Trial {
  return {
    async run(tests, edits = []) {
      const takeBack = edit(edits)
      try {
        // One run for each folder, because each has a configuration of its own.
        const rooms = [...new Set(tests.map(({ file }) => dirname(file)))]
        return rooms
          .map((room) =>
            judge(
              play(root, room, tests),
              tests.filter(({ file }) => dirname(file) === room),
            ),
          )
          .reduce(merge, { missing: [], failed: [], errors: [] })
      } finally {
        takeBack()
      }
    },
    async close() {},
  }
}

function play(root: string, room: string, tests: readonly Proof[]): Report {
  const report = join(root, 'report.json')
  rmSync(report, { force: true })
  const own = tests.filter(({ file }) => dirname(file) === room)
  const titles = own.map(({ name }) =>
    name
      .split(' > ')
      .join(' ')
      .replace(/[^\w ]/g, '\\$&'),
  )
  const cli = join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js')
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      cli,
      'test',
      `--config=${room}`,
      '--workers=1',
      '--reporter=json',
      `--grep=(${titles.join('|')})( @\\w+)*$`,
      ...new Set(own.map(({ file }) => file)),
    ],
    {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...ENVIRONMENT,
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
        CHROMIUM_PATH: getChromium(),
      },
    },
  )
  try {
    return reportSchema.parse(JSON.parse(readFileSync(report, 'utf8')))
  } catch {
    return { suites: [], errors: [{ message: stdout + stderr }] }
  }
}

function judge({ suites, errors }: Report, tests: readonly Proof[]): Verdict {
  // The outermost suite is the file.
  const ran = suites.flatMap((file) => listSpecs(file, ''))
  return {
    missing: tests.flatMap(({ name }) => (ran.some((spec) => spec.name === name) ? [] : [name])),
    failed: ran.filter(({ ok }) => !ok).map(({ name }) => name),
    errors: [...errors, ...ran.flatMap((spec) => spec.errors)].map(({ message = '' }) =>
      withoutColours(message),
    ),
  }
}

function listSpecs({ specs, suites = [] }: Suite, prefix: string) {
  const own = specs.map(({ title, ok, tests }) => ({
    name: prefix + title,
    ok,
    errors: tests.flatMap(({ results }) => results.flatMap(({ errors }) => errors)),
  }))
  const inner: typeof own = suites.flatMap((suite) => listSpecs(suite, `${prefix}${suite.title} > `))
  return [...own, ...inner]
}

const merge = (one: Verdict, other: Verdict): Verdict => ({
  missing: [...one.missing, ...other.missing],
  failed: [...one.failed, ...other.failed],
  errors: [...one.errors, ...other.errors],
})

// eslint-disable-next-line no-control-regex -- the control character is what starts a colour
const withoutColours = (text: string): string => text.replace(/\u001B\[[\d;]*m/g, '')
