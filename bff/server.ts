// Runs a BFF as a server of its own: limits against slow and oversized requests, and a shutdown that drops nothing.
import { createServer, type Server } from 'node:http'
import type { Bff } from './create-bff.ts'

/** A stop that hangs is cut after this long, so that a supervisor never has to. */
const HARD_STOP_MS = 20_000

export interface BffServer {
  /** The port it listens on. */
  readonly port: number
  /** Answers what is running, finishes or gives back jobs, closes the store. */
  stop(): Promise<void>
}

export async function startServer(
  bff: Bff,
  listen: { readonly host: string; readonly port: number },
): Promise<BffServer> {
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
      bff.handler(request, response).catch(() => response.destroy())
    },
  )
  server.maxConnections = 10_000
  server.maxRequestsPerSocket = 10_000
  await listenOn(server, listen)
  return { port: portOf(server), stop: () => stop(server, bff) }
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

/** Ends when everything has ended, or when it has had long enough. */
async function stop(server: Server, bff: Bff): Promise<void> {
  const { promise: timeIsUp, resolve } = Promise.withResolvers<void>()
  const hardStop = setTimeout(resolve, HARD_STOP_MS)
  await Promise.race([stopGently(server, bff), timeIsUp])
  clearTimeout(hardStop)
  server.closeAllConnections()
}

async function stopGently(server: Server, bff: Bff): Promise<void> {
  bff.drain()
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeIdleConnections()
  // Waiting requests are answered by close(); their connections become idle only after that.
  await bff.close()
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await closed
  clearInterval(sweep)
}
