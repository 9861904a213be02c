// Serves GET /metrics on a port of its own, which only the operator's monitoring can reach.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listenOn, portOf, REQUEST_LIMITS } from '../http-server.ts'
import { METRICS_CONTENT_TYPE } from './metrics.ts'

/** One Prometheus, or two, and somebody who looks. */
const MAX_CONNECTIONS = 32

export interface MetricsServer {
  readonly port: number
  /** Also cuts what is being answered: nobody waits for a reading. */
  close(): Promise<void>
}

export async function startMetricsServer(
  source: { metrics(): Promise<string> },
  listen: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  const server = createServer({ ...REQUEST_LIMITS }, (request, response) => {
    answer(source, request, response).catch(() => response.destroy())
  })
  server.maxConnections = MAX_CONNECTIONS
  await listenOn(server, listen)
  return {
    port: portOf(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  source: { metrics(): Promise<string> },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A body is not read, so its connection cannot be used again.
  if (request.method !== 'GET') response.shouldKeepAlive = false
  const refused = refusalOf(request)
  if (refused !== undefined) return end(response, refused, '')
  end(response, 200, await source.metrics())
}

function refusalOf({ url = '', method }: IncomingMessage): 404 | 405 | undefined {
  if (url.split('?', 1)[0] !== '/metrics') return 404
  return method === 'GET' ? undefined : 405
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': METRICS_CONTENT_TYPE,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 405 ? { Allow: 'GET' } : {}),
  })
  response.end(text)
}
