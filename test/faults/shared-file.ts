// Shared file: several processes on one SQLite file, each of which reads and then writes in every transaction.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { copyBroken } from '../flow/broken-bff.ts'
import { finish, prepareFlows, startAccepting } from '../storage/sqlite-processes.ts'
import type { Fault } from './fault.ts'

const PROCESSES = 4

export const sharedFile: Fault = {
  name: 'shared-file',
  holds: 'completes every transaction of four processes on one SQLite file',
  unit: 'transactions',
  size: { short: 200, long: 1600 },
  async run({ rounds, broken, report, onFinished }) {
    const home = mkdtempSync(join(tmpdir(), 'connect-github-shared-file-'))
    onFinished(() => rmSync(home, { recursive: true, force: true }))
    const source = broken === undefined ? {} : { directory: copyBroken(broken, onFinished) }
    const file = join(home, 'connect-github.db')
    const stateHashes = await prepareFlows(file, rounds)
    report(`${rounds} flows are waiting`)

    const startedAt = performance.now()
    const results = await Promise.all(
      Array.from({ length: PROCESSES }, (_, turn) => {
        const own = stateHashes.filter((_hash, position) => position % PROCESSES === turn)
        const child = startAccepting({ ...source, file, name: String(turn), stateHashes: own })
        onFinished(() => void child.kill('SIGKILL'))
        return finish(child)
      }),
    )
    const tookMs = performance.now() - startedAt
    const crashed = results.filter(({ code }) => code !== 0)
    const answers = results.flatMap(({ lines }) => lines.map((line) => line.split(' ')[1]))
    const accepted = answers.filter((answer) => answer === 'accepted').length
    const jobs = countJobs(file)
    return {
      figures: {
        processes: PROCESSES,
        transactions: rounds,
        'completed transactions': accepted,
        'failed transactions': rounds - accepted,
        'jobs in the file': jobs,
        'transactions per second, together': Math.round((1000 * accepted) / tookMs),
      },
      misses: [
        ...(accepted === rounds ? [] : [`${rounds - accepted} of ${rounds} transactions failed`]),
        ...(jobs === accepted ? [] : [`${accepted} returns were accepted, and ${jobs} jobs are there`]),
        ...crashed.map(({ errors }) => `a process crashed: ${errors.trim().split('\n').at(-1)}`),
      ],
    }
  },
  controls: [
    {
      takenOut: 'the write lock that a transaction takes before it reads',
      broken: [{ file: 'storage/sqlite-transactions.ts', from: '(work).immediate(', to: '(work).deferred(' }],
      miss: /transactions failed/,
    },
  ],
}

function countJobs(file: string): number {
  const db = new Database(file, { readonly: true })
  try {
    return Number(db.prepare('SELECT count(*) FROM binding_jobs').pluck().get())
  } finally {
    db.close()
  }
}
