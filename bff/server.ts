// Runs a BFF as a server of its own: limits against slow and oversized requests, and a shutdown that drops nothing.
import { createServer } from 'node:http'
import { CONNECTION_LIMITS, limitConnections, type ConnectionLimits } from './connection-limits.ts'
import type { Bff } from './create-bff.ts'
import { createGracefulStop } from './graceful-stop.ts'
import { listenOn, portOf, REQUEST_LIMITS } from './http-server.ts'
import { startMetricsServer } from './metrics/metrics-server.ts'

export interface BffServer {
  /** The port it listens on. */
  readonly port: number
  /** The port that serves `GET /metrics`; null when none does. */
  readonly metricsPort: number | null
  /**
   * Says `not_ready` and serves on for `drainMs`, with `Connection: close` on every answer; then answers what is running, finishes or
   * gives back jobs, and closes the store. Again is the same as once, except that it ends the delay.
   *
   * @throws Error when that took longer than 20 seconds after the delay, and was cut. What was accepted is kept.
   */
  stop(): Promise<void>
}

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** How long {@link BffServer.stop} goes on serving, so that balancers notice, in milliseconds. Default 0. */
  readonly drainMs?: number
  /** Where `GET /metrics` is served, on the same host, until the stop has ended. Keep it from customers. Default null: nowhere. */
  readonly metricsPort?: number | null
  /** Addresses or CIDR ranges of proxies, as in `TRUSTED_PROXIES`: any number of connections may come from them. Default none. */
  readonly trustedProxies?: readonly string[]
  /** What clients may hold, where it is other than {@link CONNECTION_LIMITS}. */
  readonly connectionLimits?: Partial<ConnectionLimits>
}

export async function startServer(bff: Bff, listen: ListenOptions): Promise<BffServer> {
  await bff.ready
  const server = createServer(
    {
      ...REQUEST_LIMITS,
      // Longer than the idle time of common balancers, which must be the ones to close first.
      keepAliveTimeout: 65_000,
    },
    (request, response) => {
      graceful.watch(response)
      bff.handler(request, response).catch(() => response.destroy())
    },
  )
  const graceful = createGracefulStop(server, bff, listen.drainMs ?? 0)
  limitConnections(server, { ...CONNECTION_LIMITS, ...listen.connectionLimits }, listen.trustedProxies ?? [])
  const { host, metricsPort = null } = listen
  const metrics = metricsPort === null ? null : await startMetricsServer(bff, { host, port: metricsPort })
  await listenOn(server, listen).catch(async (error: unknown) => {
    await metrics?.close()
    throw error
  })
  return {
    port: portOf(server),
    metricsPort: metrics?.port ?? null,
    async stop() {
      try {
        await graceful.stop()
      } finally {
        await metrics?.close()
      }
    },
  }
}
