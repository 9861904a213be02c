// Starts the two origins in this process and gives back a handle to look at them and to stop them.

import { createServer, type Server } from 'node:http'
import Koa from 'koa'
import { addControlApp } from './control/app.ts'
import { createGithubApp } from './github/app.ts'
import { createLayersApp } from './layers/app.ts'
import type { SandboxOptions } from './options.ts'
import type {
  RecordedBinding,
  RecordedInstallation,
  RecordedPendingRequest,
  RecordedRequest,
  RecordedState,
} from './records.ts'
import { runScenario } from './scenarios.ts'
import { listBindings, listStates } from './world-records.ts'
import { createWorld } from './world.ts'

/** A running sandbox. The lists are snapshots of the moment they are read, oldest first. */
export interface Sandbox {
  /** E.g. `http://127.0.0.1:4001`, without a trailing slash. */
  readonly layersUrl: string
  readonly githubUrl: string
  /** The control page, on the Layers origin. */
  readonly controlUrl: string
  /** The first key. */
  readonly key: string
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

/**
 * Starts a sandbox. Several in one process do not see each other.
 * @throws Error when a port is taken, or keys and organizations do not fit together
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  let world = createWorld(options)
  const [firstKey] = world.keys.keys()
  if (firstKey === undefined) throw new Error('a sandbox needs at least one key')
  const host = options.host ?? '127.0.0.1'
  const log = options.log ?? (() => {})
  const stop = new AbortController()
  const getWorld = () => world
  const reset = () => {
    world = createWorld(options)
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
  serve(githubServer, createGithubApp({ getWorld, log, stopped: stop.signal }), log)

  return {
    layersUrl,
    githubUrl,
    controlUrl: `${layersUrl}/sandbox`,
    key: firstKey,
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
