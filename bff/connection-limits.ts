// What connections of one address, and clients that do not read, can hold of a server that others need as well.
import type { Server, ServerResponse } from 'node:http'
import { countedAddressOf, createIsProxy } from './middleware/client-address.ts'

export interface ConnectionLimits {
  /** Connections at the same time; further ones are closed unread. When there is no room, those on which nothing goes on are closed. */
  readonly maxConnections: number
  /** Of these, of one address (IPv6: one /64). Listed proxies are not counted: theirs are everybody's. */
  readonly maxConnectionsPerAddress: number
  /** Requests on one connection before it is closed. */
  readonly maxRequestsPerSocket: number
  /** How long the client may take to read an answer, in milliseconds. Longer than any answer before it on the same connection waits. */
  readonly readingTimeoutMs: number
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  maxConnections: 10_000,
  maxConnectionsPerAddress: 1_000,
  maxRequestsPerSocket: 10_000,
  readingTimeoutMs: 30_000,
}

/** How often room is made at the most: it looks at every connection. */
const MAKE_ROOM_EVERY_MS = 1_000

/** Limits a server that does not listen yet. */
export function limitConnections(
  server: Server,
  limits: ConnectionLimits,
  trustedProxies: readonly string[],
): void {
  const { maxConnectionsPerAddress, readingTimeoutMs } = limits
  server.maxConnections = limits.maxConnections
  server.maxRequestsPerSocket = limits.maxRequestsPerSocket

  const isProxy = createIsProxy(trustedProxies)
  const counts = new Map<string, number>()
  server.on('connection', (socket) => {
    if (isProxy(socket.remoteAddress)) return
    const address = countedAddressOf(socket.remoteAddress)
    const count = (counts.get(address) ?? 0) + 1
    counts.set(address, count)
    socket.once('close', () => {
      const left = (counts.get(address) ?? 0) - 1
      if (left > 0) counts.set(address, left)
      else counts.delete(address)
    })
    if (count > maxConnectionsPerAddress) socket.destroy()
  })

  // A browser whose idle connection was closed opens another; one that finds no room sees a failure.
  let roomMadeAt = -Infinity
  server.on('drop', () => {
    if (performance.now() - roomMadeAt < MAKE_ROOM_EVERY_MS) return
    roomMadeAt = performance.now()
    server.closeIdleConnections()
  })

  // Node's own limits end when the request has come; what is written waits for the client for ever.
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.once('prefinish', () => {
      const timer = setTimeout(() => response.destroy(), readingTimeoutMs)
      response.once('close', () => clearTimeout(timer))
    })
  })
}
