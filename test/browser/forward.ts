// Hands a request on to another server as it is, and its answer back.
import { request as send, type IncomingMessage, type ServerResponse } from 'node:http'

/** Resolves when the answer has gone out, or the browser. The `Host` header stays the one that the browser sent. */
export function forward(origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const { hostname, port } = new URL(origin)
  const { method, url: path, rawHeaders: headers } = request
  const outgoing = send({ hostname, port, method, path, headers, agent: false }, (incoming) => {
    response.writeHead(incoming.statusCode ?? 502, incoming.rawHeaders)
    incoming.pipe(response)
  })
  outgoing.on('error', () => response.destroy())
  response.on('close', () => {
    outgoing.destroy()
    resolve()
  })
  request.pipe(outgoing)
  return promise
}
