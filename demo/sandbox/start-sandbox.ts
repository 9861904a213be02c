// Starts the two origins in this process and gives back a handle to look at them and to stop them.

import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import Koa from 'koa'
import { addControlApp } from './control/app.ts'
import { createGithubApp } from './github/app.ts'
import { createApps } from './github/apps.ts'
import { API_PREFIX } from './github/rest/routes.ts'
import { createLayersApp } from './layers/app.ts'
import type { SandboxOptions } from './options.ts'
import type { Sandbox } from './sandbox-handle.ts'
import { runScenario } from './scenarios.ts'
import { listBindings, listStates } from './world-records.ts'
import { createWorld } from './world.ts'

/**
 * Starts a sandbox. Several in one process do not see each other.
 * @throws Error when a port is taken, or keys and organizations do not fit together
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const apps = createApps(options, options.randomBytes ?? randomBytes)
  let githubUrl = ''
  const surroundings = { apps, getGithubUrl: () => githubUrl }
  let world = createWorld(options, surroundings)
  const [firstKey] = world.keys.keys()
  if (firstKey === undefined) throw new Error('a sandbox needs at least one key')
  const host = options.host ?? '127.0.0.1'
  const log = options.log ?? (() => {})
  const stop = new AbortController()
  const getWorld = () => world
  const reset = () => {
    world.webhooks.stop()
    world = createWorld(options, surroundings)
  }

  const githubServer = createServer({ keepAliveTimeout: 5_000 })
  const layersServer = createServer({ keepAliveTimeout: 5_000 })
  const close = createClose([githubServer, layersServer], () => {
    stop.abort()
    world.webhooks.stop()
  })
  try {
    await listen(githubServer, options.githubPort ?? 0, host)
    await listen(layersServer, options.layersPort ?? 0, host)
  } catch (error) {
    await close()
    throw error
  }
  const layersUrl = getUrl(layersServer, host)
  githubUrl = getUrl(githubServer, host)

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
    // The two alone, so that whoever goes through them meets nothing else.
    apps: {
      get connector() {
        return apps.connector
      },
      get partner() {
        return apps.partner
      },
    },
    configureApp: (name, changes) => apps.configure(name, changes),
    issueCode: ({ app, person, redirectUrl = null, codeChallenge = null }) =>
      world.grants.issueCode({ app, person, redirectUrl, codeChallenge }),
    get userTokens() {
      return world.grants.listTokens()
    },
    get githubRequests() {
      return world.githubRequests.list()
    },
    get webhookDeliveries() {
      return world.webhooks.list()
    },
    webhooks: {
      hold: () => world.webhooks.hold(),
      release: (ids) => world.webhooks.release(ids),
      redeliver: (id, { signature = 'valid' } = {}) => world.webhooks.redeliver(id, signature),
      ping: (app) => {
        world.pingWebhook(app)
        return world.webhooks.settled()
      },
      settled: () => world.webhooks.settled(),
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

function createClose(servers: readonly Server[], stop: () => void): () => Promise<void> {
  let closed: Promise<void> | undefined
  return () => {
    closed ??= (async () => {
      stop()
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
