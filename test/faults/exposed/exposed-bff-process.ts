// A BFF in a process of its own for runs that attack it from outside: no limit of ours on how often keeps them from the code behind it,
// and it tells how it fares.
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Identity } from '../../../bff/index.ts'
import { settingsSchema, type Health } from './health.ts'

const WIDE_OPEN = 1_000_000_000
const DELAY_RESOLUTION_MS = 5
const OFTEN_MS = 100

function identify({ headers }: IncomingMessage): Identity | null {
  const userId = /(?:^|; )session=([a-z]{1,20})/.exec(headers.cookie ?? '')?.[1]
  return userId === undefined ? null : { tenantId: `company-of-${userId}`, userId, canConnect: true }
}

const { directory, ...options } = settingsSchema.parse(JSON.parse(process.argv[2] ?? ''))
// A copy has the same exports as the source that it was made from.
const source: typeof import('../../../bff/index.ts') = await import(join(directory, 'index.ts'))
const bff = source.createBff({
  ...(options.connectTokenSecret === undefined ? { identify } : {}),
  logLevel: 'error',
  retryPolicy: { baseMs: 20, capMs: 500 },
  limits: {
    startsPerUser: WIDE_OPEN,
    startsPerTenant: WIDE_OPEN,
    strayReturnsPerAddress: WIDE_OPEN,
    repositoriesPerUser: WIDE_OPEN,
    repositoriesPerTenant: WIDE_OPEN,
    readsPerUser: WIDE_OPEN,
    changesPerUser: WIDE_OPEN,
    launchesPerAddress: WIDE_OPEN,
    refusalsPerAddress: WIDE_OPEN,
    refusedWebhooksPerAddress: WIDE_OPEN,
    webhooksAtOncePerAddress: 8,
    failedBindingsPerTenant: WIDE_OPEN,
  },
  env: {},
  ...options,
})
const server = await source.startServer(bff, { host: '127.0.0.1', port: 0 })

const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
delay.enable()
let mostSockets = 0
let mostRss = 0
setInterval(() => {
  mostSockets = Math.max(
    mostSockets,
    process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
  )
  mostRss = Math.max(mostRss, process.memoryUsage.rss())
}, OFTEN_MS).unref()

/** What is in use after a full collection: only a leak makes this grow, while all of the process grows with what V8 allows itself. */
function measureLiveHeap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const MEGABYTE = 1024 * 1024
const NANOSECONDS = 1e6
function measure(): Health {
  const delayOf = (nanoseconds: number): number =>
    Math.max(0, Math.round(nanoseconds / NANOSECONDS - DELAY_RESOLUTION_MS))
  return {
    port: server.port,
    eventLoopDelayP99Ms: delayOf(delay.percentile(99)),
    eventLoopDelayMaxMs: delayOf(delay.max),
    liveHeapMb: Math.round(measureLiveHeap() / MEGABYTE),
    mostRssMb: Math.round(mostRss / MEGABYTE),
    mostSockets,
  }
}

// Asked for by any message, and once without being asked: then it listens.
process.on('message', () => void process.send?.(measure()))
process.on('disconnect', () => process.exit(0))
process.send?.(measure())
