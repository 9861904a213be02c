// Puts a BFF together from options and environment, and hands it out in the forms that hosts mount.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Middleware } from 'koa'
import { createApp } from './app.ts'
import { readConfig, type Config, type ConfigOptions, type Environment } from './config.ts'
import { createConnectionRefresh } from './connections/connection-refresh.ts'
import { createDataKey, readOrCreateDataKeys } from './data-keys.ts'
import { createDispatcher } from './delivery/dispatcher.ts'
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from './delivery/retry-policy.ts'
import { ConnectError, toWireError } from './errors.ts'
import { createFlowSecrets } from './flow-secrets.ts'
import { createFlowWatch } from './flows/flow-watch.ts'
import { createSweeper } from './flows/sweeper.ts'
import type { Identify } from './identify.ts'
import { createLimits, type LimitOptions } from './limits.ts'
import { createLog, type Log, type LogStream } from './log.ts'
import { createClientAddress } from './middleware/client-address.ts'
import { createRequestId } from './middleware/request-context.ts'
import { isMeantForBff } from './mount.ts'
import type { Runtime } from './runtime.ts'
import { createSealer, type Sealer } from './seal.ts'
import { Secret } from './secret.ts'
import { createJobOwner, isOwnerGone } from './storage/job-owner.ts'
import { openSqliteStorage } from './storage/sqlite.ts'
import type { Storage } from './storage/storage.ts'
import { CALL_TIMEOUT_MS, createLayersClient } from './upstream/layers-client.ts'

export interface BffOptions extends ConfigOptions {
  /** Says who is asking, from the host's own session. Required. See {@link Identify}. */
  readonly identify: Identify
  /** Read for everything the options leave out. Default `process.env`. */
  readonly env?: Environment
  /** Gets the log, one JSON line a call. Default `process.stdout`. */
  readonly logStream?: LogStream
  readonly limits?: LimitOptions
  /** How bindings are retried. Defaults: 0.5 s doubling to 30 s, full jitter. */
  readonly retryPolicy?: Partial<RetryPolicy>
  /** Longest a call to Layers may take, in milliseconds. Default 10 000. */
  readonly upstreamTimeoutMs?: number
  /** The store's clock, epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number
  /**
   * Called when the store can no longer be trusted (I/O error, corruption). The process has to stop; the next start finishes what was
   * accepted. Default: exit code 1 after the log line.
   */
  readonly onFatal?: (error: unknown) => void
}

export interface Bff {
  /** For node:http, Express, and Next.js API routes. Requests that are not for the BFF go to `next`, when there is one. */
  handler(request: IncomingMessage, response: ServerResponse, next?: (error?: unknown) => void): Promise<void>
  /** For Koa. */
  readonly middleware: Middleware
  /** Resolves when the store is open; rejects when it cannot be. Requests before that wait. */
  readonly ready: Promise<void>
  /** Says `not_ready` from now on, so that a balancer sends nothing more. For the time before {@link Bff.close}. */
  drain(): void
  /** Ends waiting requests, lets running bindings end, and closes the store. */
  close(): Promise<void>
}

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

interface Started {
  readonly handle: NodeHandler
  /** Answers the requests that wait for something. */
  release(): void
  stop(): Promise<void>
}

/**
 * Creates the BFF. Nothing is listened on: mount {@link Bff.handler} or {@link Bff.middleware}, or use `connect-github-bff`.
 *
 * @throws ConfigError at once, naming every problem of the configuration and its cure.
 */
export function createBff(options: BffOptions): Bff {
  if (typeof options.identify !== 'function') {
    throw new TypeError(
      'createBff needs identify: a function (request) => Identity | null that reads your session',
    )
  }
  const config = readConfig(options, options.env ?? process.env)
  const log = createLog({
    level: config.logLevel,
    stream: options.logStream ?? process.stdout,
    secrets: [config.layersApiKey, ...config.dataKeys],
  })
  const onFatal =
    options.onFatal ??
    ((): void => {
      process.exitCode = 1
      process.exit()
    })
  let isAccepting = true
  let isClosing = false
  const running = new Set<Promise<void>>()
  const starting = start(
    options,
    config,
    log,
    { isAccepting: () => isAccepting, isClosing: () => isClosing },
    onFatal,
  )
  const ready = starting.then(() => undefined)
  // Whoever awaits `ready` hears of it as well; without this, a host that does not would crash on it.
  ready.catch((error: unknown) => log.error('start_failed', { error, detail: startProblem(error) }))

  const handler: Bff['handler'] = async (request, response, next) => {
    if (next !== undefined && !isMeantForBff(request, config.basePath)) return next()
    const started = await starting.catch(() => undefined)
    if (started === undefined) return refuseUnstarted(response)
    const answered = started.handle(request, response).finally(() => running.delete(answered))
    running.add(answered)
    await answered
  }
  return {
    handler,
    middleware: async (ctx, next) => {
      if (!isMeantForBff(ctx.req, config.basePath)) return next()
      // Our own Koa application answers on the same socket; the host's must not answer again.
      ctx.respond = false
      await handler(ctx.req, ctx.res)
    },
    ready,
    drain: () => {
      isAccepting = false
    },
    async close() {
      isAccepting = false
      isClosing = true
      const started = await starting
      // Whoever waits for a flow to change is answered now; then the store is nobody's any more.
      started.release()
      await Promise.allSettled(running)
      await started.stop()
    },
  }
}

async function start(
  options: BffOptions,
  config: Config,
  log: Log,
  lifecycle: Pick<Runtime, 'isAccepting' | 'isClosing'>,
  onFatal: (error: unknown) => void,
): Promise<Started> {
  const owner = createJobOwner()
  const storage = await openSqliteStorage({
    file: config.databaseFile,
    now: options.now ?? Date.now,
    isOwnerGone: isOwnerGone(owner),
  })
  const sealer = createSealer(dataKeysOf(config))
  const secrets = createFlowSecrets(await readServerSecret(storage, sealer))
  const layers = createLayersClient({
    baseUrl: config.layersApiUrl,
    key: config.layersApiKey,
    timeoutMs: options.upstreamTimeoutMs ?? CALL_TIMEOUT_MS,
  })
  const watch = createFlowWatch(storage)
  const stopOnFatal = (error: unknown): void => {
    log.error('storage_failed', {
      error,
      detail: 'the process stops; the next start finishes what was accepted',
    })
    onFatal(error)
  }
  const dispatcher = createDispatcher({
    storage,
    layers,
    sealer,
    secrets,
    log,
    owner,
    retryPolicy: { ...DEFAULT_RETRY_POLICY, ...options.retryPolicy },
    onFatal: stopOnFatal,
  })
  const connectionRefresh = createConnectionRefresh({ storage, layers, secrets, log })
  const sweeper = createSweeper({ storage, log, retentionMs: config.retentionMs, onFatal: stopOnFatal })
  const runtime: Runtime = {
    config,
    identify: options.identify,
    storage,
    layers,
    sealer,
    secrets,
    limits: createLimits(options.limits),
    clientAddressOf: createClientAddress(config.trustedProxies),
    log,
    watch,
    dispatcher,
    connectionRefresh,
    ...lifecycle,
  }
  const handle = createApp(runtime, stopOnFatal).callback()
  // Returns that were accepted before the last stop or crash are finished now.
  dispatcher.wake()
  log.info('started', { detail: `SQLite at ${config.databaseFile}; return page ${config.returnUrl}` })

  return {
    handle,
    release: () => watch.close(),
    async stop() {
      sweeper.stop()
      await dispatcher.stop()
      await connectionRefresh.drain()
      await layers.close()
      await storage.close()
      log.info('stopped')
    },
  }
}

function dataKeysOf(config: Config): readonly Secret[] {
  if (config.dataKeys.length > 0) return config.dataKeys
  if (config.databaseFile === ':memory:') return [new Secret(createDataKey())]
  return readOrCreateDataKeys(`${config.databaseFile}.keys`)
}

/** The key behind flow cookies and installation indexes. It outlives data keys, so it is stored, sealed with them. */
async function readServerSecret(storage: Storage, sealer: Sealer): Promise<Uint8Array> {
  const fresh = await sealer.seal('server-secret', '', randomBytes(32).toString('base64url'))
  const sealed = await storage.getOrCreateMeta('server-secret', fresh)
  return Buffer.from(await sealer.unseal('server-secret', '', sealed), 'base64url')
}

/** The BFF could not start, so nothing of it can answer; the log says why. */
function refuseUnstarted(response: ServerResponse): void {
  const error = new ConnectError('storage_unavailable')
  response.writeHead(error.status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  })
  response.end(JSON.stringify(toWireError(error, createRequestId())))
}

function startProblem(error: unknown): string {
  return error instanceof Error ? error.message : 'the BFF could not start'
}
