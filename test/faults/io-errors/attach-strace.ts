// Attaches strace to a process that runs: lets calls of it fail, and tells in which order things happened.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the process's main thread did, by strace's clock. */
export interface Observation {
  /** How many calls were made to fail or to wait. */
  readonly injected: number
  /** The first of these calls was about a directory. */
  readonly isDirectory: boolean
  /** HTTP answers with 2xx or 3xx that were written to a connection after the first of these calls. */
  readonly answeredAfter: number
  /** Undefined while it runs, or when a signal ended it. */
  readonly exitCode: number | undefined
  /** From the first of these calls to the end of the process, in milliseconds. */
  readonly exitAfterMs: number | undefined
}

export interface Attached {
  /** Tells what was seen, and lets go of the process, unless that is gone: then strace ends by itself, when it has written how it ended. */
  detach(isGone: boolean): Promise<Observation>
}

/** Enough of a text to tell an HTTP status. */
const TEXT_LENGTH = 16

/** @param injection as strace's `-e inject=` wants it. Resolves when every call is seen. */
export async function attachStrace(pid: number, injection: string): Promise<Attached> {
  const directory = mkdtempSync(join(tmpdir(), 'connect-github-strace-'))
  const trace = join(directory, 'trace')
  const watched = ['-f', '-ff', '-y', '-ttt', '-s', String(TEXT_LENGTH), '-o', trace, '-p', String(pid)]
  const calls = ['-e', 'trace=fsync,fdatasync,pwrite64,write,writev', '-e', `inject=${injection}`]
  const child = spawn('strace', [...watched, ...calls], { stdio: ['ignore', 'ignore', 'pipe'] })
  const closed = once(child, 'close')
  await new Promise<void>((resolve, reject) => {
    let text = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      if (/ attached/.test(text)) resolve()
    })
    void closed.then(() => reject(new Error(`strace could not attach:\n${text}`)))
  })
  return {
    async detach(isGone) {
      if (!isGone) child.kill('SIGTERM')
      await closed
      const observation = observe(readFileSync(`${trace}.${pid}`, 'utf8'))
      rmSync(directory, { recursive: true })
      return observation
    },
  }
}

function isDirectory(path: string | undefined): boolean {
  return path !== undefined && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

const GOOD_ANSWER = /^\S+ writev?\(\d+<[^>]*>, (?:\[\{iov_base=)?"HTTP\/1\.1 [23]/
const INJECTED = /\((?:INJECTED|DELAYED)\)$/
const EXITED = /^(\S+) \+\+\+ (?:exited with (\d+)|killed)/

function observe(trace: string): Observation {
  const lines = trace.split('\n')
  const first = lines.findIndex((line) => INJECTED.test(line))
  const ended = lines.map((line) => EXITED.exec(line)).find((match) => match !== null)
  const secondsAt = (line: string | undefined): number => Number(line?.split(' ')[0])
  return {
    isDirectory: isDirectory(/\(\d+<([^>]*)>/.exec(lines[first] ?? '')?.[1]),
    injected: lines.filter((line) => INJECTED.test(line)).length,
    answeredAfter: first < 0 ? 0 : lines.slice(first).filter((line) => GOOD_ANSWER.test(line)).length,
    exitCode: ended?.[2] === undefined ? undefined : Number(ended[2]),
    exitAfterMs:
      first < 0 || ended === undefined ? undefined : (secondsAt(ended?.[1]) - secondsAt(lines[first])) * 1000,
  }
}
