// Keeps what a test run produced (logs, answers, database files) and which values must not be in it, for the leak scan.
import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where a run's artefacts go; the test command sets it, so that one scan sees all of them. */
const ROOT = process.env['ARTEFACTS_DIR']

export type Channel = 'logs' | 'answers' | 'databases' | 'pages'
export type CanaryKind = 'key' | 'token' | 'state' | 'installation'

export interface Artefacts {
  /** A directory of this stack's own. */
  readonly directory: string
  record(channel: Channel, text: string): void
  /** Notes a value that none of the channels may hold. */
  addCanary(kind: CanaryKind, value: string): void
  /** Removes the directory, unless a scan comes to look at it. */
  discard(): void
}

export function createArtefacts(): Artefacts {
  const directory =
    ROOT === undefined
      ? mkdtempSync(join(tmpdir(), 'connect-github-test-'))
      : join(ROOT, `stack-${process.pid}-${randomBytes(4).toString('hex')}`)
  mkdirSync(join(directory, 'databases'), { recursive: true })
  return {
    directory,
    record: (channel, text) => {
      if (ROOT !== undefined) appendFileSync(join(directory, `${channel}.txt`), `${text}\n`)
    },
    addCanary: (kind, value) => {
      if (ROOT !== undefined)
        appendFileSync(join(directory, 'canaries.jsonl'), `${JSON.stringify({ kind, value })}\n`)
    },
    discard: () => {
      if (ROOT === undefined) rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** A partner key nobody has used before, in the form of a real one. */
export function createCanaryKey(): string {
  const id = randomBytes(10).toString('hex').slice(0, 14).toUpperCase()
  return `lp_test_CA${id}_${randomBytes(32).toString('base64url')}`
}
