// Runs processes that accept returns on one SQLite file.
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { openSqliteStorage } from '../../bff/storage/sqlite.ts'
import { createScenario } from './scenario.ts'

const PROGRAM = fileURLToPath(new URL('accepting-process.ts', import.meta.url))
const BFF_DIRECTORY = fileURLToPath(new URL('../../bff', import.meta.url))

export type AcceptingProcess = ChildProcessByStdio<null, Readable, Readable>

export interface AcceptingTask {
  readonly file: string
  readonly name: string
  /** Default: none. */
  readonly stateHashes?: readonly string[]
  /** Another directory of the BFF's source. */
  readonly directory?: string
}

/** It prints `<state hash> <outcome>` for each return, or `<state hash> <kind of failure>`. */
export function startAccepting(task: AcceptingTask): AcceptingProcess {
  const { file, name, stateHashes = [], directory = BFF_DIRECTORY } = task
  return spawn(process.execPath, [PROGRAM, directory, file, name, ...stateHashes], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

export async function finish(
  child: AcceptingProcess,
): Promise<{ code: unknown; lines: string[]; errors: string }> {
  const chunks: Buffer[] = []
  const errors: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  const [code]: unknown[] = await once(child, 'close')
  const lines = Buffer.concat(chunks).toString().split('\n').filter(Boolean)
  return { code, lines, errors: Buffer.concat(errors).toString() }
}

/** A file with waiting flows, and their state hashes. */
export async function prepareFlows(file: string, count: number): Promise<string[]> {
  const storage = await openSqliteStorage({ file })
  const { waiting } = createScenario(storage, { now: Date.now() })
  const stateHashes: string[] = []
  for (let n = 0; n < count; n += 1) stateHashes.push((await waiting({ userId: `user-${n}` })).stateHash)
  await storage.close()
  return stateHashes
}
