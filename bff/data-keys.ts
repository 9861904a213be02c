// Where the data keys come from: the configuration, or a 0600 file beside the SQLite database, made when absent.
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { Secret } from './secret.ts'
import { syncDirectory } from './sync-directory.ts'

/** 32 bytes as base64url. */
export const DATA_KEY_PATTERN = /^[A-Za-z0-9_-]{43}$/

export function createDataKey(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * Reads the keys kept beside the database, or makes one. Losing this file means that open flows and stored installation
 * ids cannot be read any more, so it is backed up together with the database, but not in the same place.
 *
 * @throws Error when the file holds something else than keys; the message names the file.
 */
export function readOrCreateDataKeys(file: string): readonly Secret[] {
  createKeyFile(file)
  // Before anything is sealed with the key: a database that outlives its key file cannot be read again.
  syncDirectory(dirname(file))
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  if (lines.length === 0 || !lines.every((line) => DATA_KEY_PATTERN.test(line))) {
    throw new Error(`${file} must hold one data key a line (43 characters of base64url each), newest first`)
  }
  return lines.map((line) => new Secret(line))
}

/** Written aside and then linked, so that of two processes starting at once both read the same, complete file. */
function createKeyFile(file: string): void {
  if (existsSync(file)) return
  const aside = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`
  const descriptor = openSync(aside, 'wx', 0o600)
  try {
    writeSync(descriptor, `${createDataKey()}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    linkSync(aside, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    unlinkSync(aside)
  }
}
