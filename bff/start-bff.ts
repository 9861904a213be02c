// Opens the store and puts together what a running BFF is made of; the counterpart stops it again in order.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createAvatars, type Avatars } from './avatars/avatars.ts'
import { createPictureSource, pictureOriginOf } from './avatars/fetch-picture.ts'
import { createApp } from './app.ts'
import type { DatabaseConfig } from './config-database.ts'
import type { Config } from './config.ts'
import { createConnectionRefresh } from './connections/connection-refresh.ts'
import type { BffOptions } from './create-bff.ts'
import { createDispatcher } from './delivery/dispatcher.ts'
import { createRetryBudget, DEFAULT_RETRY_BUDGET } from './delivery/retry-budget.ts'
import { DEFAULT_RETRY_POLICY } from './delivery/retry-policy.ts'
import { createFlowWatch } from './flows/flow-watch.ts'
import { createSweeper } from './flows/sweeper.ts'
import { createLimits } from './limits.ts'
import type { SharedCounters } from './limits/shared-counters.ts'
import { createLiveSealer } from './live-sealer.ts'
import type { Log } from './log.ts'
import { createClientAddress } from './middleware/client-address.ts'
import { createOwnershipProver } from './ownership/create-ownership-prover.ts'
import type { Metrics } from './metrics/metrics.ts'
import { watchStorage } from './metrics/watch-storage.ts'
import { watchLayers, watchOwnership } from './metrics/watch-upstream.ts'
import { createReadiness } from './readiness.ts'
import type { Runtime } from './runtime.ts'
import { createResealer } from './resealer.ts'
import { openServerKeys } from './server-keys.ts'
import { createJobOwner } from './storage/job-owner.ts'
import { describeDatabase, openStorage } from './storage/open-storage.ts'
import { openLayers } from './upstream/open-layers.ts'

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export interface RunningBff {
  readonly handle: NodeHandler
  /**
   * Takes other partner keys, data keys and webhook secrets into use.
   *
   * @throws Error and changes nothing, when the store cannot be read with these data keys.
   */
  useSecrets(config: Config): Promise<void>
  /** Answers the requests that wait for something, and takes up no more jobs. */
  release(): void
  /** Ends what runs and closes the store. After {@link RunningBff.release}, when no request is being answered any more. */
  stop(): Promise<void>
}

/** Rejects when the store cannot be opened or its keys cannot be read. */
export async function startBff(
  options: BffOptions & Required<Pick<BffOptions, 'identify'>>,
  config: Config,
  log: Log,
  lifecycle: Pick<Runtime, 'isAccepting' | 'isClosing'>,
  onFatal: (error: unknown) => void,
  metrics: Metrics,
): Promise<RunningBff> {
  const owner = createJobOwner()
  const { database } = config
  let isFailed = false
  const stopOnFatal = (error: unknown): void => {
    if (isFailed) return
    isFailed = true
    log.error('storage_failed', {
      error,
      detail: 'the process stops; the next start finishes what was accepted',
    })
    onFatal(error)
  }
  const storage = watchStorage(
    await openStorage({ database, owner, now: options.now, onFatal: stopOnFatal }),
    metrics,
  )
  const serverKeys = await openServerKeys(storage, config).catch(async (error: unknown) => {
    await storage.close()
    throw error
  })
  const { secrets } = serverKeys
  const sealer = createLiveSealer(serverKeys.sealer)
  const counters = await openCounters(database, log)
  // Not the wall clock, unless a test says so: when that is set, neither breaker nor budget may stand still.
  const elapsed = options.now ?? (() => performance.now())
  const { breaker, keys, callTimeoutMs, ...opened } = openLayers(options, { config, secrets, log, elapsed })
  const layers = watchLayers(opened.layers, metrics)
  const retryBudget = createRetryBudget({ ...DEFAULT_RETRY_BUDGET, ...options.retryBudget }, elapsed)
  let webhookSecrets = config.githubWebhookSecrets
  const prover = createOwnershipProver({
    config: config.ownership,
    githubOrigin: config.githubOrigin,
    githubApiUrl: config.githubApiUrl,
    custom: options.proveOwnership,
    log,
  })
  const ownership = watchOwnership(prover, metrics)
  const avatars = config.avatars ? openAvatars(config, log, elapsed) : null
  const watch = createFlowWatch(storage)
  const dispatcher = createDispatcher({
    config,
    storage,
    layers,
    ownership,
    sealer,
    secrets,
    log,
    owner,
    callTimeoutMs,
    breaker,
    retryBudget,
    retryPolicy: { ...DEFAULT_RETRY_POLICY, ...options.retryPolicy },
    onFatal: stopOnFatal,
  })
  const connectionRefresh = createConnectionRefresh({ storage, layers, secrets, log })
  const sweeper = createSweeper({
    storage,
    secrets,
    log,
    retentionMs: config.retentionMs,
    onFatal: stopOnFatal,
  })
  const resealer = createResealer({ storage, sealer, log, onFatal: stopOnFatal })
  const runtime: Runtime = {
    config,
    identify: options.identify,
    usesConnectTokens: config.connectToken !== null,
    ownership,
    avatars,
    storage,
    readiness: createReadiness(storage),
    layers,
    retryBudget,
    sealer,
    secrets,
    webhookSecrets: () => webhookSecrets,
    limits: createLimits(options.limits, { secrets, shared: counters }),
    clientAddressOf: createClientAddress(config.trustedProxies),
    log,
    watch,
    dispatcher,
    connectionRefresh,
    asking: new Set(),
    ...lifecycle,
  }
  let dispatching: Promise<void> | undefined
  const handle = createApp(runtime, stopOnFatal).callback()
  // Returns that were accepted before the last stop or crash are finished now.
  dispatcher.wake()
  const store = database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'
  log.info('started', {
    detail: `${store} at ${describeDatabase(database)}; return page ${config.returnUrl}`,
  })

  return {
    handle,
    async useSecrets(next) {
      // First what can fail; what is kept beside the database stays as it is.
      if (next.dataKeys.length > 0) {
        sealer.replace((await openServerKeys(storage, next)).sealer)
        resealer.wake()
      }
      keys.replace({ current: next.layersApiKey, previous: next.layersApiKeyPrevious })
      webhookSecrets = next.githubWebhookSecrets
    },
    release() {
      watch.close()
      dispatching = dispatcher.stop().catch((error: unknown) => {
        log.error('dispatch_failed', { error, detail: 'jobs could not be given back; their leases run out' })
      })
    },
    async stop() {
      await sweeper.stop()
      await resealer.stop()
      await dispatching
      await ownership?.close()
      await avatars?.close()
      // Cuts checks of connections short: a later one will do.
      await layers.close()
      await connectionRefresh.drain()
      await counters?.close()
      await storage.close()
      log.info('stopped')
    },
  }
}

function openAvatars({ githubOrigin }: Config, log: Log, now: () => number): Avatars {
  const source = createPictureSource({ githubOrigin, pictureOrigin: pictureOriginOf(githubOrigin) })
  return createAvatars({ source, log, now })
}

/** Where limits are counted for all processes; undefined when there is only one. */
async function openCounters(database: DatabaseConfig, log: Log): Promise<SharedCounters | undefined> {
  if (database.kind === 'sqlite') return undefined
  const { createSharedCounters } = await import('./limits/shared-counters.ts')
  return database.url.reveal((url) => createSharedCounters(url, log))
}
