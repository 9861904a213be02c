// Keeps what a test run produced (logs, answers, database files) and which values must not be in it, for the leak scan.
import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where a run's artefacts go; the test command sets it, so that one scan sees all of them. */
const ROOT = process.env['ARTEFACTS_DIR']

/** `errors`: what a caught error looks like in whatever a program does with one. `metrics`: what /metrics answered. */
export type Channel = 'logs' | 'answers' | 'pages' | 'metrics' | 'errors'
export type CanaryKind = 'key' | 'token' | 'state' | 'installation'

export interface Artefacts {
  /** A directory of this stack's own. Files in `databases` and `crashes` below it are scanned too. */
  readonly directory: string
  /** Whether a scan comes to look; else nothing has to be kept. */
  readonly isScanned: boolean
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
  for (const name of ['databases', 'crashes']) mkdirSync(join(directory, name), { recursive: true })
  return {
    directory,
    isScanned: ROOT !== undefined,
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
