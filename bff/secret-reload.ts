// Takes new secrets into use while the BFF runs: when it is told to, and when a file that holds one has changed.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { ConfigError, listSecrets, type Config } from './config.ts'
import type { HidingLog } from './log.ts'
import { StorageError } from './storage/storage.ts'

/** How often the files are looked at. */
export const SECRET_FILES_EVERY_MS = 5_000

export interface SecretReload {
  /** True when what the files hold now is in use; otherwise the former secrets are, and the log says why. */
  reload(): Promise<boolean>
  /**
   * Looks whether a file has changed. What is new has to be the same at two looks before it is used: a file that is being written may
   * hold half a key.
   */
  look(): Promise<void>
  /** Waits for what is under way, and looks no more. */
  stop(): Promise<void>
}

/**
 * The files are read again and again rather than watched: Kubernetes replaces a link two directories above, which watching the file, or
 * its directory, does not show (https://nodejs.org/api/fs.html#caveats).
 *
 * @param options.files none: nothing is looked at.
 * @param options.use takes the secrets into use, all or none of them; rejects with a message that names the cure.
 */
export function createSecretReload(options: {
  readonly files: readonly string[]
  readonly read: () => Config
  readonly use: (config: Config) => Promise<void>
  readonly log: HidingLog
}): SecretReload {
  const { files, read, use, log } = options
  // At once, because what is in use has just been read.
  let inUse: string | undefined = fingerprint(files.map(readNow))
  let lastSeen = inUse
  let isStopped = false
  let work: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => void look(), SECRET_FILES_EVERY_MS)
  timer.unref()
  if (files.length === 0) clearInterval(timer)

  /** One after the other, so that the last word is that of the newest files. */
  function inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    const turn = work.then(step)
    work = turn.catch(() => undefined)
    return turn
  }

  async function take(): Promise<boolean> {
    // Before they are read: what changes in between is noticed at the next looks.
    inUse = await fingerprintAll(files)
    try {
      const config = read()
      log.hide(listSecrets(config))
      await use(config)
      log.info('secrets_reloaded')
      return true
    } catch (error) {
      log.error('secrets_not_reloaded', { error, detail: problemOf(error) })
      // Not the fault of the files: it is tried again at the next look, although they stay as they are.
      if (error instanceof StorageError) inUse = undefined
      return false
    }
  }

  function look(): Promise<void> {
    return inTurn(async () => {
      if (isStopped) return
      const before = lastSeen
      lastSeen = await fingerprintAll(files)
      // What could not be used is not tried again before it changes.
      if (lastSeen !== inUse && lastSeen === before) await take()
    })
  }

  return {
    reload: () => inTurn(async () => !isStopped && (await take())),
    look,
    async stop() {
      isStopped = true
      clearInterval(timer)
      await work
    },
  }
}

async function fingerprintAll(files: readonly string[]): Promise<string> {
  return fingerprint(await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => null))))
}

function readNow(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function fingerprint(texts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64url')
}

/** Messages of other errors may quote what they choked on. */
function problemOf(error: unknown): string {
  if (error instanceof StorageError)
    return 'the former secrets stay in use while the store cannot be asked; files are read again within some seconds'
  if (error instanceof ConfigError) return `the former secrets stay in use: ${error.problems.join('; ')}`
  return 'the former secrets stay in use: the store cannot be read with the data keys in DATA_KEYS_FILE. Put the key it was sealed with at the end of that file'
}
