// Stands between a store and its PostgreSQL server, and cuts a connection at a chosen moment.
import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface CuttingProxy {
  /** The server's URL, by way of the proxy. */
  readonly url: string
  /**
   * Cuts the next connection that sends this text: with `before`, the server never sees it; with `after`, the server gets it, and its answer is lost.
   */
  cutAt(text: string, when: 'before' | 'after'): void
}

/**
 * The proxy is gone when the test has ended.
 *
 * @param onFinished calls back when whatever needs the proxy has ended.
 */
export async function startCuttingProxy(
  serverUrl: string,
  onFinished: (cleanUp: () => Promise<void>) => void = onTestFinished,
): Promise<CuttingProxy> {
  const target = new URL(serverUrl)
  const sockets = new Set<Socket>()
  let cut: { readonly text: string; readonly when: 'before' | 'after' } | undefined

  const proxy = createServer((client) => {
    const server = createConnection(Number(target.port), target.hostname)
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    const end = (): void => {
      client.destroy()
      server.destroy()
    }
    let isLosingAnswers = false
    client.on('data', (chunk: Buffer) => {
      if (cut === undefined || !chunk.includes(cut.text)) return server.write(chunk)
      const { when } = cut
      cut = undefined
      if (when === 'before') return end()
      isLosingAnswers = true
      return server.write(chunk)
    })
    server.on('data', (chunk: Buffer) => (isLosingAnswers ? end() : client.write(chunk)))
    client.on('close', end)
    server.on('close', end)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onFinished(async () => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
    await once(proxy, 'close')
  })
  const address = proxy.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const url = new URL(serverUrl)
  url.port = String(address.port)
  return {
    url: url.href,
    cutAt(text, when) {
      cut = { text, when }
    },
  }
}
