// Puts a BFF together from options and environment, and hands it out in the forms that hosts mount.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Middleware } from 'koa'
import {
  ConfigError,
  listSecrets,
  readConfig,
  type Config,
  type ConfigOptions,
  type Environment,
} from './config.ts'
import { createTokenIdentify } from './connect-token/verify-token.ts'
import type { RetryPolicy } from './delivery/retry-policy.ts'
import { ConnectError, toWireError } from './errors.ts'
import type { Identify } from './identify.ts'
import type { LimitOptions } from './limits.ts'
import { createLog, type Log, type LogStream } from './log.ts'
import { listSecretFiles } from './config-secret-files.ts'
import type { RetryBudgetSettings } from './delivery/retry-budget.ts'
import { createSecretReload } from './secret-reload.ts'
import type { CircuitBreakerSettings } from './upstream/circuit-breaker.ts'
import { createMetrics } from './metrics/metrics.ts'
import { watchLog } from './metrics/watch-log.ts'
import { createRequestId } from './middleware/request-context.ts'
import { adoptKoaRequest, isMeantForBff } from './mount.ts'
import type { ProveOwnership } from './ownership/prove-by-hook.ts'
import { startBff } from './start-bff.ts'

export interface BffOptions extends ConfigOptions {
  /** Says who is asking, from the host's own session. Required unless connect tokens are configured. See {@link Identify}. */
  readonly identify?: Identify
  /** Says whether an installation is the customer's, before it is recorded. Default: `OWNERSHIP` alone decides. */
  readonly proveOwnership?: ProveOwnership
  /** Read for everything the options leave out. Default `process.env`. */
  readonly env?: Environment
  /** Gets the log, one JSON line a call. Default `process.stdout`. */
  readonly logStream?: LogStream
  readonly limits?: LimitOptions
  /** How bindings are retried. Defaults: 0.5 s doubling to 30 s, full jitter. */
  readonly retryPolicy?: Partial<RetryPolicy>
  /** How much may be retried in a minute. Defaults: 30, and a tenth of what is tried for the first time. */
  readonly retryBudget?: Partial<RetryBudgetSettings>
  /** When Layers counts as down. Defaults: after 5 failures in a row, for 20 s. */
  readonly circuitBreaker?: Partial<CircuitBreakerSettings>
  /** Longest a call to Layers may take, in milliseconds. Default 10 000. */
  readonly upstreamTimeoutMs?: number
  /** The clock, epoch milliseconds. Default `Date.now`; for what is stored in PostgreSQL, the database's. */
  readonly now?: () => number
  /**
   * Called when the store can no longer be trusted (I/O error, corruption). The process has to stop; the next start finishes what was
   * accepted. Default: exit code 1 after the log line.
   */
  readonly onFatal?: (error: unknown) => void
}

export interface Bff {
  /** For node:http, Express, and Next.js API routes. Requests that are not for the BFF go to `next`, when there is one. */
  readonly handler: (
    request: IncomingMessage,
    response: ServerResponse,
    next?: (error?: unknown) => void,
  ) => Promise<void>
  /** For Koa. */
  readonly middleware: Middleware
  /** Resolves when the store is open; rejects when it cannot be. Requests before that wait. */
  readonly ready: Promise<void>
  /**
   * The metrics of this BFF in Prometheus' text format (content type `text/plain; version=0.0.4; charset=utf-8`), for a route of your
   * own that only your monitoring reaches; `METRICS_PORT` does it for `connect-github-bff`. Never rejects, also before `ready` and after
   * `close`. They name no tenant and no person.
   */
  metrics(): Promise<string>
  /**
   * Reads the files again that hold secrets (`LAYERS_API_KEY_FILE` and the like): partner keys, data keys, and the secrets of connect
   * tokens and webhooks are used from then on. Files that change are noticed within some seconds anyway. False when something in them
   * cannot be used: then all stays as it was, and the log says why.
   */
  reload(): Promise<boolean>
  /**
   * `/readyz` says `not_ready` from now on, so that a balancer sends nothing more; everything is served as before. For the seconds
   * before {@link Bff.close}, in which your server should answer with `Connection: close`.
   */
  drain(): void
  /**
   * Refuses new requests with 503, ends waiting ones, lets running calls to Layers end, leaves the rest to the next start or to another
   * process, and closes the store: in ten seconds as a rule. Again is the same as once.
   */
  close(): Promise<void>
}

/**
 * Creates the BFF. Nothing is listened on: mount {@link Bff.handler} or {@link Bff.middleware}, or use `connect-github-bff`.
 *
 * @throws ConfigError at once, naming every problem of the configuration and its cure.
 */
export function createBff(options: BffOptions): Bff {
  const env = options.env ?? process.env
  const config = readConfig(options, env)
  const metrics = createMetrics()
  const written = createLog({
    level: config.logLevel,
    stream: options.logStream ?? process.stdout,
    secrets: listSecrets(config),
  })
  const log = watchLog(written, metrics)
  let identify = selectIdentify(options, config, log)
  const onFatal =
    options.onFatal ??
    ((): void => {
      process.exitCode = 1
      process.exit()
    })
  let isAccepting = true
  let isClosing = false
  let closed: Promise<void> | undefined
  const running = new Set<Promise<void>>()
  const starting = startBff(
    { ...options, identify: (request) => identify(request) },
    config,
    log,
    { isAccepting: () => isAccepting, isClosing: () => isClosing },
    onFatal,
    metrics,
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
  const secrets = createSecretReload({
    files: listSecretFiles(env),
    read: () => readConfig(options, env),
    log,
    async use(next) {
      await (await starting).useSecrets(next)
      // A key set is fetched anew by itself.
      if (next.connectToken !== null && next.connectToken.keys.kind !== 'jwks')
        identify = selectIdentify(options, next, log)
    },
  })
  async function close(): Promise<void> {
    isAccepting = false
    isClosing = true
    await secrets.stop()
    const started = await starting.catch(() => undefined)
    if (started === undefined) return
    // Whoever waits for a flow to change is answered now, and jobs end beside the requests; then the store is nobody's any more.
    started.release()
    await Promise.allSettled(running)
    await started.stop()
  }

  return {
    handler,
    middleware: async (ctx, next) => {
      adoptKoaRequest(ctx)
      if (!isMeantForBff(ctx.req, config.basePath)) return next()
      // Our own Koa application answers on the same socket; the host's must not answer again.
      ctx.respond = false
      await handler(ctx.req, ctx.res)
    },
    ready,
    metrics: () => metrics.render(),
    reload: () => secrets.reload(),
    drain: () => {
      isAccepting = false
    },
    close: () => (closed ??= close()),
  }
}

/** Exactly one says who is asking: with two, a mistake in one would be hidden by the other. */
function selectIdentify(options: BffOptions, config: Config, log: Log): Identify {
  const { identify, now = Date.now } = options
  if (identify !== undefined && typeof identify !== 'function')
    throw new ConfigError([
      'identify must be a function (request) => Identity | null that reads your session',
    ])
  if (identify !== undefined && config.connectToken !== null)
    throw new ConfigError(['identify and CONNECT_TOKEN_* both say who is asking: keep one of them'])
  if (config.connectToken !== null) return createTokenIdentify({ config: config.connectToken, now, log })
  if (identify !== undefined) return identify
  throw new ConfigError([
    'nothing says who is asking: pass identify, a function (request) => Identity | null that reads your session, or configure connect tokens (CONNECT_TOKEN_SECRET, CONNECT_TOKEN_JWKS_URL or CONNECT_TOKEN_PUBLIC_KEY)',
  ])
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
