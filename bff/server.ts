// Runs a BFF as a server of its own: limits against slow and oversized requests, and a shutdown that drops nothing.
import { createServer, type Server } from 'node:http'
import type { Bff } from './create-bff.ts'
import { createGracefulStop } from './graceful-stop.ts'

export interface BffServer {
  /** The port it listens on. */
  readonly port: number
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
}

export async function startServer(bff: Bff, listen: ListenOptions): Promise<BffServer> {
  await bff.ready
  const server = createServer(
    {
      maxHeaderSize: 8 * 1024,
      headersTimeout: 5_000,
      requestTimeout: 10_000,
      connectionsCheckingInterval: 1_000,
      // Longer than the idle time of common balancers, which must be the ones to close first.
      keepAliveTimeout: 65_000,
    },
    (request, response) => {
      graceful.watch(response)
      bff.handler(request, response).catch(() => response.destroy())
    },
  )
  const graceful = createGracefulStop(server, bff, listen.drainMs ?? 0)
  server.maxConnections = 10_000
  server.maxRequestsPerSocket = 10_000
  await listenOn(server, listen)
  return { port: portOf(server), stop: () => graceful.stop() }
}

function listenOn(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}
