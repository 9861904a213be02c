// Starts the two origins in this process and gives back a handle to look at them and to stop them.

import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import Koa from 'koa'
import { addControlApp } from './control/app.ts'
import { createGithubApp } from './github/app.ts'
import { createApps } from './github/apps.ts'
import type { PersonLogin } from './github/catalogue.ts'
import { API_PREFIX } from './github/rest/routes.ts'
import { createLayersApp } from './layers/app.ts'
import type { AppName, SandboxApp, SandboxOptions } from './options.ts'
import type {
  RecordedBinding,
  RecordedInstallation,
  RecordedPendingRequest,
  RecordedRequest,
  RecordedState,
  RecordedUserToken,
} from './records.ts'
import { runScenario } from './scenarios.ts'
import { listBindings, listStates } from './world-records.ts'
import { createWorld } from './world.ts'

/** A running sandbox. The lists are snapshots of the moment they are read, oldest first. */
export interface Sandbox {
  /** E.g. `http://127.0.0.1:4001`, without a trailing slash. */
  readonly layersUrl: string
  readonly githubUrl: string
  /** GitHub's REST API, `/api/v3` of the GitHub origin. */
  readonly githubApiUrl: string
  /** The control page, on the Layers origin. */
  readonly controlUrl: string
  /** The first key. */
  readonly key: string
  /** The two GitHub Apps as they are registered now, with their credentials. */
  readonly apps: Readonly<Record<AppName, SandboxApp>>
  /** Changes what is registered about an App, for values that are known only later. A reset does not undo it. */
  readonly configureApp: (name: AppName, changes: Partial<SandboxApp>) => void
  /** Signs a person in through an App, as if in a browser: an OAuth code, worth one token within ten minutes. */
  readonly issueCode: (request: SandboxCodeRequest) => string
  /** The user access tokens that were given out, also those that work no more; the latest 10,000. */
  readonly userTokens: readonly RecordedUserToken[]
  /** What GitHub's API and token endpoint received; the latest 10,000. */
  readonly githubRequests: readonly RecordedRequest[]
  /** What the Layers origin received below `/v1`; the latest 10,000. */
  readonly requests: readonly RecordedRequest[]
  readonly bindings: readonly RecordedBinding[]
  readonly states: readonly RecordedState[]
  readonly installations: readonly RecordedInstallation[]
  readonly pendingRequests: readonly RecordedPendingRequest[]
  /**
   * Runs a scenario, like the control API.
   * @throws ScenarioError for an unknown name or wrong parameters; its message names the allowed ones
   */
  readonly scenario: (name: string, params?: Readonly<Record<string, unknown>>) => void
  /** Moves the sandbox's clock forward, like the control API. */
  readonly advanceClock: (advanceMs: number) => void
  /** Everything back to how it started, the clock included. */
  readonly reset: () => void
  /** Stops both origins, cutting what is open. May be called more than once. */
  readonly close: () => Promise<void>
}

export interface SandboxCodeRequest {
  readonly app: AppName
  readonly person: PersonLogin
  /** The redirect_uri the exchange has to name if it names one; default none, as with the code of an installation. */
  readonly redirectUrl?: string
  /** PKCE, S256; default none. */
  readonly codeChallenge?: string
}

/**
 * Starts a sandbox. Several in one process do not see each other.
 * @throws Error when a port is taken, or keys and organizations do not fit together
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const apps = createApps(options, options.randomBytes ?? randomBytes)
  let world = createWorld(options, apps)
  const [firstKey] = world.keys.keys()
  if (firstKey === undefined) throw new Error('a sandbox needs at least one key')
  const host = options.host ?? '127.0.0.1'
  const log = options.log ?? (() => {})
  const stop = new AbortController()
  const getWorld = () => world
  const reset = () => {
    world = createWorld(options, apps)
  }

  const githubServer = createServer({ keepAliveTimeout: 5_000 })
  const layersServer = createServer({ keepAliveTimeout: 5_000 })
  const close = createClose([githubServer, layersServer], stop)
  try {
    await listen(githubServer, options.githubPort ?? 0, host)
    await listen(layersServer, options.layersPort ?? 0, host)
  } catch (error) {
    await close()
    throw error
  }
  const layersUrl = getUrl(layersServer, host)
  const githubUrl = getUrl(githubServer, host)

  const layers = new Koa()
  addControlApp(layers, { getWorld, reset, getUrls: () => ({ layersUrl, githubUrl }) })
  layers.use(createLayersApp({ getWorld, githubUrl, log, stopped: stop.signal }))
  serve(layersServer, layers, log)
  serve(githubServer, createGithubApp({ getWorld, githubUrl, log, stopped: stop.signal }), log)

  return {
    layersUrl,
    githubUrl,
    githubApiUrl: `${githubUrl}${API_PREFIX}`,
    controlUrl: `${layersUrl}/sandbox`,
    key: firstKey,
    apps,
    configureApp: (name, changes) => apps.configure(name, changes),
    issueCode: ({ app, person, redirectUrl = null, codeChallenge = null }) =>
      world.grants.issueCode({ app, person, redirectUrl, codeChallenge }),
    get userTokens() {
      return world.grants.listTokens()
    },
    get githubRequests() {
      return world.githubRequests.list()
    },
    get requests() {
      return world.requests.list()
    },
    get bindings() {
      return listBindings(world)
    },
    get states() {
      return listStates(world)
    },
    get installations() {
      return world.installations.list()
    },
    get pendingRequests() {
      return world.installations.listRequests()
    },
    scenario: (name, params = {}) => runScenario(world, name, params),
    advanceClock: (advanceMs) => world.clock.advance(advanceMs),
    reset,
    close,
  }
}

function serve(server: Server, app: Koa, log: (line: string) => void): void {
  // A client that goes away in mid-request lands here too; one line is enough.
  app.on('error', (error: unknown) =>
    log(`sandbox error: ${error instanceof Error ? error.message : 'unknown'}`),
  )
  const handle = app.callback()
  server.on('request', (request, response) => void handle(request, response))
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function createClose(servers: readonly Server[], stop: AbortController): () => Promise<void> {
  let closed: Promise<void> | undefined
  return () => {
    closed ??= (async () => {
      stop.abort()
      await Promise.all(servers.map(closeServer))
    })()
    return closed
  }
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return
  const done = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await done
}

function getUrl(server: Server, host: string): string {
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('the server does not listen on a TCP port')
  // A wildcard address can be listened on but not visited.
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${address.port}`
}
