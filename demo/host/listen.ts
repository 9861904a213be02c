// Listens before there is an application, because the port has to be known to build it, and closes without waiting for idle browsers.
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'

/** PEM texts. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

export interface HostServer {
  /** E.g. `http://localhost:4000`. `localhost` and the sandbox's `127.0.0.1` are two sites to a browser. */
  readonly url: string
  /** Requests that came earlier have been waiting for this. */
  mount(listener: RequestListener): void
  /** Takes no more connections; those that are idle are closed. */
  stop(): void
  /** Ends every connection that is left, also one that a browser keeps open. */
  close(): Promise<void>
}

/**
 * @param port - 0 for any free one.
 * @param certificate - makes it HTTPS.
 * @throws Node's system error, e.g. with the code EADDRINUSE and the port.
 */
export async function listen(port: number, certificate?: Certificate): Promise<HostServer> {
  const server = certificate ? createSecureServer(certificate) : createServer()
  const waiting: Parameters<RequestListener>[] = []
  const keepWaiting: RequestListener = (...exchange) => void waiting.push(exchange)
  server.on('request', keepWaiting)
  const closed = new Promise<void>((resolve) => server.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The host listens on no TCP port')
  return {
    url: `${certificate ? 'https' : 'http'}://localhost:${address.port}`,
    mount(listener) {
      server.off('request', keepWaiting)
      server.on('request', listener)
      for (const exchange of waiting.splice(0)) listener(...exchange)
    },
    stop: () => void server.close(),
    async close() {
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
