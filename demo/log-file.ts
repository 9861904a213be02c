// A file that takes the BFF's log lines, so that the terminal stays readable.
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

export interface LogFile {
  readonly path: string
  write(line: string): void
  /** Resolves when everything written is in the file. */
  close(): Promise<void>
}

/** @throws the file system's error when the file cannot be opened. */
export async function openLogFile(path: string): Promise<LogFile> {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
  await once(stream, 'open')
  return {
    path,
    write: (line) => void stream.write(line),
    async close() {
      stream.end()
      await once(stream, 'close')
    },
  }
}
