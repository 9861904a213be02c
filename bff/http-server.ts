// What every server of the BFF has in common: limits against slow and oversized requests, and how it begins to listen.
import type { Server } from 'node:http'

/** For `createServer`, in milliseconds. Node’s own limits are 60 s for the head and 300 s for the request, looked at every 30 s. */
export const REQUEST_LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 250,
} as const

/** Rejects when the port is taken or may not be used. */
export function listenOn(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

export function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port')
  return address.port
}
