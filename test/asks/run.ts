// `npm run test:asks`: for each row, its test passes, and fails once the same mistake is made here. Texts pick rows that hold one of them: `-- telemetry "white"`.
import { asks } from './table.ts'
import type { Ask } from './ask.ts'
import { copyRepository } from './copy-repository.ts'
import { startPlaywright } from './try-in-playwright.ts'
import { startVitest } from './try-in-vitest.ts'
import { isClean, isNoticed, type Trial } from './verdict.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const words = process.argv.slice(2).map((word) => word.toLowerCase())

const chosen = asks.filter((row) => {
  const text = JSON.stringify(row).toLowerCase()
  return words.length === 0 || words.some((word) => text.includes(word))
})
const isInBrowser = ({ test }: Ask): boolean => test.file.endsWith('.spec.ts')
const isInMemory = ({ test }: Ask): boolean => test.runs !== 'copy' && !test.file.endsWith('.spec.ts')

let failures = 0

async function tryRows(rows: readonly Ask[], start: () => Promise<Trial> | Trial): Promise<void> {
  if (rows.length === 0) return
  const trial = await start()
  try {
    const asIs = await trial.run(rows.map(({ test }) => test))
    if (!isClean(asIs)) {
      failures += 1
      process.stdout.write(`without any mistake:\n${JSON.stringify(asIs, null, 2)}\n`)
    }
    for (const { ask, test, mistake, edits, error } of rows) {
      const startedAt = Date.now()
      const verdict = await trial.run([test], edits)
      const noticed = isNoticed(verdict, error)
      if (!noticed) failures += 1
      const [first = 'no error'] = verdict.errors
      process.stdout.write(
        `${noticed ? 'noticed' : 'NOT NOTICED'} | ${ask} | ${test.file}: ${test.name} | ${mistake} | ${Date.now() - startedAt} ms\n` +
          `${noticed ? '' : JSON.stringify(verdict, null, 2)}  ${first.split('\n')[0] ?? ''}\n`,
      )
    }
  } finally {
    await trial.close()
  }
}

const inCopy = chosen.filter((row) => !isInMemory(row))
await tryRows(chosen.filter(isInMemory), () => startVitest(ROOT))
if (inCopy.length > 0) {
  const copy = copyRepository()
  try {
    const write = copy.edit
    await tryRows(
      inCopy.filter((row) => !isInBrowser(row)),
      () => startVitest(`${copy.root}/`, write),
    )
    await tryRows(inCopy.filter(isInBrowser), () => startPlaywright(copy))
  } finally {
    copy.remove()
  }
}
process.stdout.write(`${chosen.length} rows, ${failures} failures\n`)
process.exitCode = failures === 0 && chosen.length > 0 ? 0 : 1
