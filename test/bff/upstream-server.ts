// A Layers API that answers whatever a test wants, on a socket of its own, and a client that talks to it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Server as TcpServer, Socket } from 'node:net'
import { afterEach } from 'vitest'
import { Secret } from '../../bff/secret.ts'
import { createLayersClient, type LayersClient } from '../../bff/upstream/layers-client.ts'
import { UpstreamError } from '../../bff/upstream/upstream-error.ts'
import { createCanaryKey } from '../stack/artefacts.ts'

export const KEY = createCanaryKey()
export const STATE = 'St4t3-of-this-test_0123456789abc'
const cleanUp: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

export async function listen(server: Server | TcpServer): Promise<string> {
  // The client cuts what it has had enough of.
  server.on('connection', (socket: Socket) => socket.on('error', () => undefined))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanUp.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

interface Upstream {
  readonly url: string
  readonly client: LayersClient
  readonly received: { request: IncomingMessage; body: string }[]
}

export async function startUpstream(
  answer: (response: ServerResponse, request: IncomingMessage) => void,
  options: { timeoutMs?: number; path?: string } = {},
): Promise<Upstream> {
  const received: Upstream['received'] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      received.push({ request, body })
      answer(response, request)
    })
  })
  const url = await listen(server)
  const client = createClient(url + (options.path ?? ''), options.timeoutMs)
  return { url, client, received }
}

export const BINDING = {
  installationId: 7,
  githubAccount: { login: 'acme-coffee', type: 'Organization' },
  status: 'active',
  registeredAt: '2031-05-04T12:15:00.123456+00:00',
}
export const sendJson = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
export const register = (client: LayersClient) =>
  client.registerInstallation({
    organization: 'org_1',
    installationId: 7,
    state: STATE,
  })
export const find = (client: LayersClient) => client.findBinding({ organization: null })

export async function failureOf(call: Promise<unknown>): Promise<UpstreamError> {
  const failure = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(failure instanceof UpstreamError))
    throw new Error('the call did not fail as expected', { cause: failure })
  return failure
}

/** A client for any server. */
export function createClient(url: string, timeoutMs = 2000): LayersClient {
  const client = createLayersClient({ baseUrl: new URL(url), key: new Secret(KEY), timeoutMs })
  cleanUp.push(() => client.close())
  return client
}
