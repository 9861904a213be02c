// Runs the BFF's command line as a process of its own, so that it can be killed: on a database file, against a sandbox.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sandbox } from '../../demo/sandbox/index.ts'
import type { Artefacts } from '../stack/artefacts.ts'
import { closeCanarySandbox, startCanarySandbox } from '../stack/canary-sandbox.ts'
import { COMPILE_CACHE } from '../stack/compile-cache.ts'
import { dumpDatabase } from '../stack/dump-database.ts'
import { createTestBrowser, type TestBrowser } from '../stack/test-browser.ts'

const IDENTIFY = fileURLToPath(new URL('identify-by-cookie.ts', import.meta.url))
const BFF_DIRECTORY = fileURLToPath(new URL('../../bff', import.meta.url))
export const PUBLIC_ORIGIN = 'http://localhost:9999'
export const PUBLIC_URL = `${PUBLIC_ORIGIN}/connect/github`

export interface BffProcess {
  /** Where it listens, e.g. `http://127.0.0.1:4711`. */
  readonly url: string
  /** A browser with this person's session cookie, by default ann's; null for none. */
  browser(person?: string | null): TestBrowser
  /** Sends a signal; what became of the process is in `exit`. */
  signal(name: NodeJS.Signals): void
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

/** What is different from a BFF that keeps all of ann's tenant in one database file and asks for no proof of ownership. */
export interface BffProcessChange {
  /** Another directory of the BFF's source. */
  readonly directory?: string
  readonly databaseUrl?: string
  /** Another `--identify` module; null for none, when connect tokens say who is asking. */
  readonly identify?: string | null
  /** Further environment variables. */
  readonly env?: Readonly<Record<string, string>>
}

export interface BffProcesses {
  readonly sandbox: Sandbox
  readonly artefacts: Artefacts
  readonly databaseFile: string
  /** Everything that any of the processes wrote. */
  output(): string
  /** Resolves when one of them has written this, before or after the call. */
  waitForOutput(text: string): Promise<void>
  /** Starts one and resolves when it listens. */
  start(change?: BffProcessChange): Promise<BffProcess>
  /** Kills what still runs. A PostgreSQL server has to be there still: what its databases hold is kept for the leak scan. */
  close(): Promise<void>
}

export async function createBffProcesses(): Promise<BffProcesses> {
  const canary = await startCanarySandbox()
  const { sandbox, key, artefacts } = canary
  const databaseFile = join(artefacts.directory, 'databases', 'connect-github.db')
  const running = new Set<BffProcess>()
  const databaseUrls = new Set<string>()
  let output = ''
  const listeners = new Set<() => void>()

  async function start({
    directory = BFF_DIRECTORY,
    databaseUrl = `file:${databaseFile}`,
    identify = IDENTIFY,
    env = {},
  }: BffProcessChange = {}): Promise<BffProcess> {
    if (databaseUrl.startsWith('postgres')) databaseUrls.add(databaseUrl)
    const identifyArguments = identify === null ? [] : ['--identify', identify]
    const child = spawn(process.execPath, [join(directory, 'cli.ts'), ...identifyArguments], {
      env: {
        LAYERS_API_KEY: key,
        LAYERS_API_URL: sandbox.layersUrl,
        GITHUB_URL: sandbox.githubUrl,
        PUBLIC_URL,
        DATABASE_URL: databaseUrl,
        PORT: '0',
        DRAIN_SECONDS: '0',
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const exit = new Promise<Awaited<BffProcess['exit']>>((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }))
    })
    const url = await new Promise<string>((resolve, reject) => {
      let own = ''
      const read = (text: string): void => {
        own += text
        output += text
        for (const listener of listeners) listener()
        artefacts.record('logs', text)
        const listening = /"event":"listening","url":"([^"]+)"/.exec(own)?.[1]
        if (listening !== undefined) resolve(listening)
      }
      child.stdout.setEncoding('utf8').on('data', read)
      child.stderr.setEncoding('utf8').on('data', read)
      void exit.then(() => reject(new Error(`the BFF ended before it listened:\n${own}`)))
    })
    const stack = {
      baseUrl: `${url}/connect/github`,
      publicOrigin: PUBLIC_ORIGIN,
      publicUrl: PUBLIC_URL,
      artefacts,
    }
    const bff: BffProcess = {
      url,
      browser: (person = 'ann') => createTestBrowser({ stack, person }),
      signal: (name) => void child.kill(name),
      exit: exit.finally(() => running.delete(bff)),
    }
    running.add(bff)
    return bff
  }

  return {
    sandbox,
    artefacts,
    databaseFile,
    output: () => output,
    waitForOutput: (text) =>
      new Promise((resolve) => {
        const listener = (): void => {
          if (!output.includes(text)) return
          listeners.delete(listener)
          resolve()
        }
        listeners.add(listener)
        listener()
      }),
    start,
    async close() {
      const exits = [...running].map((bff) => {
        bff.signal('SIGKILL')
        return bff.exit
      })
      await Promise.all(exits)
      for (const url of databaseUrls) await dumpDatabase(url, artefacts)
      await closeCanarySandbox(canary)
    },
  }
}
