// Runs several processes on one PostgreSQL database at the same moment, and counts what they answer.
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('postgres-accepting-process.ts', import.meta.url))
const BFF_DIRECTORY = fileURLToPath(new URL('../../bff', import.meta.url))

export interface Task {
  readonly url: string
  readonly returns?: readonly { readonly stateHash: string; readonly index: string }[]
  readonly limit?: number
  readonly claimAs?: string
  readonly directory?: string
}

export interface Worker {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>
  readonly lines: AsyncIterableIterator<string>
  /** Resolves with what it wrote to standard error. */
  readonly errors: Promise<string>
}

/** Resolves when the process has opened its store and waits for {@link letGo}. */
export async function startWorker(task: Task): Promise<Worker> {
  const whole = { directory: BFF_DIRECTORY, returns: [], limit: Number.MAX_SAFE_INTEGER, ...task }
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(whole)], { stdio: ['pipe', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  const errors = once(child, 'close').then(() => Buffer.concat(chunks).toString())
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const first = await lines.next()
  if (first.value !== 'ready') throw new Error(`a process did not start: ${await errors}`)
  return { child, lines, errors }
}

export function letGo({ child }: Worker): void {
  child.stdin.write('go\n')
}

/** Starts one process for each task, lets them go together, and collects every line they print. */
export async function runTogether(tasks: readonly Task[]): Promise<readonly string[]> {
  const workers = await Promise.all(tasks.map(startWorker))
  for (const worker of workers) letGo(worker)
  const printed = await Promise.all(workers.map(({ lines }) => collect(lines)))
  const errors = (await Promise.all(workers.map((worker) => worker.errors))).join('')
  if (errors !== '') throw new Error(errors)
  return printed.flat()
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = []
  for await (const line of lines) collected.push(line)
  return collected
}

/** How often each answer was given. */
export function countAnswers(lines: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const line of lines) {
    const answer = line.split(' ')[1] ?? ''
    counts[answer] = (counts[answer] ?? 0) + 1
  }
  return counts
}
