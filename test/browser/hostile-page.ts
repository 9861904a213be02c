// A page of somebody else's, on an origin of its own, for attacks that only a browser can carry out.
import { createServer } from 'node:http'

export interface HostilePage {
  readonly url: string
  close(): Promise<void>
}

/**
 * @param body its HTML; a plain page without any policy.
 * @param host `127.0.0.1` is another site than the host page's `localhost`; `localhost` a sibling of it: the same site, another port.
 */
export async function startHostilePage(
  body: string,
  host: '127.0.0.1' | 'localhost' = '127.0.0.1',
): Promise<HostilePage> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>Somebody else</title>${body}`)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the page has no port')
  return {
    url: `http://${host}:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
