// Opens the store and puts together what a running BFF is made of; the counterpart stops it again in order.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createApp } from './app.ts'
import type { DatabaseConfig } from './config-database.ts'
import type { Config } from './config.ts'
import { createConnectionRefresh } from './connections/connection-refresh.ts'
import type { BffOptions } from './create-bff.ts'
import { createDispatcher } from './delivery/dispatcher.ts'
import { DEFAULT_RETRY_POLICY } from './delivery/retry-policy.ts'
import { createFlowWatch } from './flows/flow-watch.ts'
import { createSweeper } from './flows/sweeper.ts'
import { createLimits } from './limits.ts'
import type { SharedCounters } from './limits/shared-counters.ts'
import type { Log } from './log.ts'
import { createClientAddress } from './middleware/client-address.ts'
import { createOwnershipProver } from './ownership/create-ownership-prover.ts'
import type { Runtime } from './runtime.ts'
import { openServerKeys } from './server-keys.ts'
import { createJobOwner } from './storage/job-owner.ts'
import { describeDatabase, openStorage } from './storage/open-storage.ts'
import { CALL_TIMEOUT_MS, createLayersClient } from './upstream/layers-client.ts'

type NodeHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export interface RunningBff {
  readonly handle: NodeHandler
  /** Answers the requests that wait for something. */
  release(): void
  stop(): Promise<void>
}

/** Rejects when the store cannot be opened or its keys cannot be read. */
export async function startBff(
  options: BffOptions & Required<Pick<BffOptions, 'identify'>>,
  config: Config,
  log: Log,
  lifecycle: Pick<Runtime, 'isAccepting' | 'isClosing'>,
  onFatal: (error: unknown) => void,
): Promise<RunningBff> {
  const owner = createJobOwner()
  const { database } = config
  const storage = await openStorage({ database, owner, now: options.now })
  const { sealer, secrets } = await openServerKeys(storage, config).catch(async (error: unknown) => {
    await storage.close()
    throw error
  })
  const counters = await openCounters(database, log)
  const callTimeoutMs = options.upstreamTimeoutMs ?? CALL_TIMEOUT_MS
  const layers = createLayersClient({
    baseUrl: config.layersApiUrl,
    key: config.layersApiKey,
    timeoutMs: callTimeoutMs,
  })
  const ownership = createOwnershipProver({
    config: config.ownership,
    githubOrigin: config.githubOrigin,
    githubApiUrl: config.githubApiUrl,
    custom: options.proveOwnership,
    log,
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
    config,
    storage,
    layers,
    ownership,
    sealer,
    secrets,
    log,
    owner,
    callTimeoutMs,
    retryPolicy: { ...DEFAULT_RETRY_POLICY, ...options.retryPolicy },
    onFatal: stopOnFatal,
  })
  const connectionRefresh = createConnectionRefresh({ storage, layers, secrets, log })
  const sweeper = createSweeper({ storage, log, retentionMs: config.retentionMs, onFatal: stopOnFatal })
  const runtime: Runtime = {
    config,
    identify: options.identify,
    usesConnectTokens: config.connectToken !== null,
    ownership,
    storage,
    layers,
    sealer,
    secrets,
    limits: createLimits(options.limits, { secrets, shared: counters }),
    clientAddressOf: createClientAddress(config.trustedProxies),
    log,
    watch,
    dispatcher,
    connectionRefresh,
    asking: new Set(),
    ...lifecycle,
  }
  const handle = createApp(runtime, stopOnFatal).callback()
  // Returns that were accepted before the last stop or crash are finished now.
  dispatcher.wake()
  const store = database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'
  log.info('started', {
    detail: `${store} at ${describeDatabase(database)}; return page ${config.returnUrl}`,
  })

  return {
    handle,
    release: () => watch.close(),
    async stop() {
      await sweeper.stop()
      await dispatcher.stop().catch((error: unknown) => {
        log.error('dispatch_failed', { error, detail: 'jobs could not be given back; their leases run out' })
      })
      await connectionRefresh.drain()
      await ownership?.close()
      await layers.close()
      await counters?.close()
      await storage.close()
      log.info('stopped')
    },
  }
}

/** Where limits are counted for all processes; undefined when there is only one. */
async function openCounters(database: DatabaseConfig, log: Log): Promise<SharedCounters | undefined> {
  if (database.kind === 'sqlite') return undefined
  const { createSharedCounters } = await import('./limits/shared-counters.ts')
  return database.url.reveal((url) => createSharedCounters(url, log))
}
