// Starts the whole demo in this process: the sandbox, the BFF, and Brightline's host with its web app.
import { join } from 'node:path'
import { type BffOptions, createBff } from '../bff/index.ts'
import { buildWeb, WEB_DIRECTORY } from './build-web.ts'
import { openDataDirectory } from './data-directory.ts'
import { createHostApp } from './host/app.ts'
import { createIdentify } from './host/identify.ts'
import { listen } from './host/listen.ts'
import { createSessions, type SessionSameSite } from './host/sessions.ts'
import { readWebFiles } from './host/web-files.ts'
import { openLogFile } from './log-file.ts'
import { DEFAULT_ORGANIZATIONS, type Sandbox, type SandboxOptions, startSandbox } from './sandbox/index.ts'

/** How long the BFF may finish what it accepted. */
const GRACE_MS = 2000

export interface DemoOptions {
  /** Port of Brightline; default 0, any free one. */
  readonly hostPort?: number
  /** Port of the sandbox's Layers; default 0. */
  readonly layersPort?: number
  /** Port of the sandbox's GitHub; default 0. */
  readonly githubPort?: number
  /** Directory for the database and the log, kept at the end; default a temporary one that is removed. */
  readonly dataDirectory?: string | undefined
  /** The BFF's SQLite file; default `connect-github.db` in the data directory. */
  readonly databaseFile?: string
  /** SameSite of Brightline's session cookie; default `Lax`. */
  readonly sessionSameSite?: SessionSameSite
  /** True gives both companies the partner key's organization, so that only one can be connected; default false. */
  readonly sharedOrganization?: boolean
  /** Takes the BFF's log lines; default a file `bff.log` in the data directory. */
  readonly logStream?: { write(line: string): void }
  /** The partner key the BFF uses; default the sandbox's own. */
  readonly layersKey?: string
  /** More options for the BFF, e.g. a clock. */
  readonly bffOptions?: Partial<BffOptions>
  /** More options for the sandbox. */
  readonly sandboxOptions?: SandboxOptions
  /** False serves demo/dist as it is; default true, build it unless it is up to date. */
  readonly build?: boolean
}

export interface Demo {
  /** E.g. `http://localhost:4000`. */
  readonly hostUrl: string
  /** The page of the sandbox's GitHub that installs the App. */
  readonly githubPageUrl: string
  readonly sandbox: Sandbox
  readonly bff: ReturnType<typeof createBff>
  readonly dataDirectory: string
  /** Undefined when the lines go to `logStream`. */
  readonly logFile: string | undefined
  /** Stops everything; the BFF first finishes what it accepted. Calling it again waits for the same end. */
  close(): Promise<void>
}

/** @throws Node's system error when a port is in use, and everything that had been started is stopped again. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const closers: (() => void | Promise<void>)[] = []
  const closeAll = once(async () => {
    for (const close of closers.toReversed()) await close()
  })
  try {
    const demo = await startParts(options, (close) => closers.push(close))
    return { ...demo, close: closeAll }
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function startParts(
  options: DemoOptions,
  onClose: (close: () => void | Promise<void>) => void,
): Promise<Omit<Demo, 'close'>> {
  if (options.build !== false) await buildWeb()
  const webFiles = await readWebFiles(WEB_DIRECTORY)

  const directory = await openDataDirectory(options.dataDirectory)
  onClose(() => directory.close())
  const logFile = options.logStream ? undefined : await openLogFile(join(directory.path, 'bff.log'))
  if (logFile) onClose(() => logFile.close())

  const appSlug = options.sandboxOptions?.appSlug ?? 'layers-connector'
  const sandbox = await startSandbox({
    appSlug,
    layersPort: options.layersPort ?? 0,
    githubPort: options.githubPort ?? 0,
    allowLoopbackHttpReturnUrls: true,
    ...options.sandboxOptions,
  })
  onClose(() => sandbox.close())

  const server = await listen(options.hostPort ?? 0)
  onClose(() => server.close())

  const sessions = createSessions({ sameSite: options.sessionSameSite ?? 'Lax' })
  const { northwind, globex } = DEFAULT_ORGANIZATIONS
  const layersOrganizations = { northwind: northwind.id, globex: globex.id }
  const logStream = logFile ?? options.logStream
  const bff = createBff({
    identify: createIdentify(sessions, options.sharedOrganization ? undefined : layersOrganizations),
    layersApiKey: options.layersKey ?? sandbox.key,
    layersApiUrl: sandbox.layersUrl,
    publicUrl: `${server.url}/connect/github`,
    allowedOrigins: [server.url],
    githubUrl: sandbox.githubUrl,
    githubAppSlug: appSlug,
    databaseUrl: `file:${options.databaseFile ?? join(directory.path, 'connect-github.db')}`,
    logLevel: 'info',
    ...(logStream && { logStream }),
    ...options.bffOptions,
  })
  // Requests that wait for news end when the BFF closes; only then are the connections cut.
  onClose(() => closeInTime(bff, sandbox))
  onClose(() => server.stop())
  await bff.ready

  const githubPageUrl = `${sandbox.githubUrl}/apps/${appSlug}/installations/new`
  const app = createHostApp({
    hostUrl: server.url,
    sessions,
    webFiles,
    connectGitHub: bff.middleware,
    sandboxLinks: { controlUrl: sandbox.controlUrl, githubPageUrl },
  })
  const listener = app.callback()
  server.mount((request, response) => void listener(request, response))
  return {
    hostUrl: server.url,
    githubPageUrl,
    sandbox,
    bff,
    dataDirectory: directory.path,
    logFile: logFile?.path,
  }
}

// A call that Layers does not answer holds the BFF for its whole timeout. Without a sandbox the call ends, and its job
// is kept for the next start.
async function closeInTime(bff: Demo['bff'], sandbox: Sandbox): Promise<void> {
  const cut = setTimeout(() => void sandbox.close(), GRACE_MS)
  await bff.close()
  clearTimeout(cut)
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => (running ??= action())
}
