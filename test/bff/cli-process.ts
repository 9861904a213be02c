// Starts `connect-github-bff` as a process of its own, for tests of the command itself.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { createCanaryKey } from '../stack/artefacts.ts'
import { COMPILE_CACHE } from '../stack/compile-cache.ts'

const BFF_DIRECTORY = fileURLToPath(new URL('../../bff', import.meta.url))
export const PUBLIC_URL = 'http://localhost:9999/connect/github'

export interface CliEnded {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Another directory of the BFF's source. */
  readonly directory?: string
}

/** Starts the command on a database file of its own; `listening` rejects when it ends before it listens. Gone with the test. */
export function startCli({ args = [], env = {}, directory = BFF_DIRECTORY }: CliOptions) {
  const data = mkdtempSync(join(tmpdir(), 'connect-github-cli-'))
  const child = spawn(process.execPath, [join(directory, 'cli.ts'), ...args], {
    env: {
      LAYERS_API_KEY: createCanaryKey(),
      // The discard port: nothing here asks Layers for anything that has to be answered.
      LAYERS_API_URL: 'http://127.0.0.1:9',
      PUBLIC_URL,
      DATABASE_URL: `file:${join(data, 'connect-github.db')}`,
      PORT: '0',
      DRAIN_SECONDS: '0',
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<CliEnded>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(data, { recursive: true })
  })
  const listening = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const url = /"event":"listening","url":"([^"]+)"/.exec(stdout)?.[1]
      if (url !== undefined) resolve(url)
    })
    void ended.then(() => reject(new Error(`it ended before it listened: ${stderr}`)))
  })
  // Tests of a start that fails only wait for its end.
  listening.catch(() => undefined)
  return { listening, ended, stop: () => child.kill('SIGTERM'), closeStdout: () => child.stdout.destroy() }
}
