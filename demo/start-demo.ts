// Starts the whole demo in this process: the sandbox, the BFF, and Brightline's host with its web app.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createTokenSigner } from '../bff/connect-token/signer.ts'
import { type Bff, type BffOptions, createBff } from '../bff/index.ts'
import { buildWeb, WEB_DIRECTORY } from './build-web.ts'
import { openDataDirectory } from './data-directory.ts'
import { createHostApp } from './host/app.ts'
import { createDescribePerson, createIdentify } from './host/identify.ts'
import { type Certificate, type HostServer, listen } from './host/listen.ts'
import { createSessions } from './host/sessions.ts'
import { readWebFiles } from './host/web-files.ts'
import { openLogFile } from './log-file.ts'
import type { Demo, DemoOptions } from './options.ts'
import { proveOwnershipWith } from './prove-ownership-with.ts'
import { DEFAULT_ORGANIZATIONS, type Sandbox, startSandbox } from './sandbox/index.ts'

export type { Demo, DemoOptions } from './options.ts'

/** How long the BFF may finish what it accepted. */
const GRACE_MS = 2000
const BASE_PATH = '/connect/github'

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

type OnClose = (close: () => void | Promise<void>) => void

async function startParts(options: DemoOptions, onClose: OnClose): Promise<Omit<Demo, 'close'>> {
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

  const { certificate } = options
  const server = await listenUntil(onClose, options.hostPort, certificate)
  // Another port of `localhost` is another origin of the same site, like api.example.com beside app.example.com.
  const bffServer =
    options.bffOrigin === 'other' ? await listenUntil(onClose, options.bffPort, certificate) : server
  const bffUrl = bffServer.url + BASE_PATH

  const { sameSite, findPerson, describePerson } = createPartner(options)
  const sessions = createSessions({ sameSite, ...(findPerson && { findPerson }) })
  const tokens = createTokens(options, server.url, bffUrl)
  const logStream = logFile ?? options.logStream
  const bff = (options.createBff ?? createBff)({
    ...(tokens?.bffOptions ?? { identify: createIdentify(sessions, describePerson) }),
    ...proveOwnershipWith(sandbox, options.ownership, `${bffUrl}/return`),
    layersApiKey: options.layersKey ?? sandbox.key,
    layersApiUrl: sandbox.layersUrl,
    publicUrl: bffUrl,
    allowedOrigins: [server.url],
    githubUrl: sandbox.githubUrl,
    githubAppSlug: appSlug,
    avatars: true,
    databaseUrl: `file:${options.databaseFile ?? join(directory.path, 'connect-github.db')}`,
    logLevel: 'info',
    ...(logStream && { logStream }),
    ...(options.now && { now: options.now }),
    ...options.bffOptions,
  })
  // Requests that wait for news end when the BFF closes; only then are the connections cut.
  onClose(() => closeInTime(bff, sandbox))
  onClose(() => server.stop())
  onClose(() => bffServer.stop())
  await bff.ready

  const githubPageUrl = `${sandbox.githubUrl}/apps/${appSlug}/installations/new`
  const isMounted = bffServer === server
  const app = createHostApp({
    hostUrl: server.url,
    sessions,
    webFiles,
    ...(isMounted
      ? { connectGitHub: bff.middleware, bffBaseURL: BASE_PATH }
      : { bffOrigin: bffServer.url, bffBaseURL: bffUrl }),
    ...(tokens && { signToken: (person) => tokens.signer.sign(describePerson(person)) }),
    sandboxLinks: { controlUrl: sandbox.controlUrl, githubPageUrl },
  })
  const listener = app.callback()
  server.mount((request, response) => void listener(request, response))
  if (!isMounted) bffServer.mount((request, response) => void bff.handler(request, response))
  return {
    hostUrl: server.url,
    bffUrl,
    githubPageUrl,
    sandbox,
    bff,
    dataDirectory: directory.path,
    logFile: logFile?.path,
  }
}

async function listenUntil(onClose: OnClose, port = 0, certificate?: Certificate): Promise<HostServer> {
  const server = await listen(port, certificate)
  onClose(() => server.close())
  return server
}

function createPartner({ sessionSameSite, findPerson, sharedOrganization }: DemoOptions) {
  const { northwind, globex } = DEFAULT_ORGANIZATIONS
  const layersOrganizations = { northwind: northwind.id, globex: globex.id }
  return {
    sameSite: sessionSameSite ?? 'Lax',
    findPerson,
    describePerson: createDescribePerson(sharedOrganization === true ? undefined : layersOrganizations),
  }
}

/** What the host signs with and what the BFF checks with: a secret that lives as long as the demo. */
function createTokens({ identity, tokenLifetimeSeconds, now }: DemoOptions, hostUrl: string, bffUrl: string) {
  if (identity !== 'token') return undefined
  const secret = randomBytes(32).toString('base64url')
  return {
    signer: createTokenSigner({
      secret,
      issuer: hostUrl,
      audience: bffUrl,
      lifetimeSeconds: tokenLifetimeSeconds,
      now,
    }),
    bffOptions: {
      connectTokenSecret: [secret],
      connectTokenIssuer: hostUrl,
    } satisfies Partial<BffOptions>,
  }
}

// A call that Layers does not answer holds the BFF for its whole timeout. Without a sandbox the call ends, and its job
// is kept for the next start.
async function closeInTime(bff: Bff, sandbox: Sandbox): Promise<void> {
  const cut = setTimeout(() => void sandbox.close(), GRACE_MS)
  await bff.close()
  clearTimeout(cut)
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => (running ??= action())
}
