// A Layers API that answers whatever a test wants, on a socket of its own, and a client that talks to it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Server as TcpServer, Socket } from 'node:net'
import { afterEach } from 'vitest'
import type { Log } from '../../bff/log.ts'
import { Secret } from '../../bff/secret.ts'
import type { CircuitBreaker } from '../../bff/upstream/circuit-breaker.ts'
import { createLayersClient, type LayersClient } from '../../bff/upstream/layers-client.ts'
import { createPartnerKeys, type PartnerKeys } from '../../bff/upstream/partner-keys.ts'
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
  options: Partial<ClientParts> & { timeoutMs?: number; path?: string } = {},
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
  const { path = '', timeoutMs, ...parts } = options
  const client = createClient(url + path, timeoutMs, parts)
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

interface ClientParts {
  readonly keys: PartnerKeys
  readonly breaker: Pick<CircuitBreaker, 'run'>
  readonly log: Pick<Log, 'security'>
}

/** Its fingerprint is its last four characters. */
export function createKeys(current: string, previous: string | null = null): PartnerKeys {
  const pair = { current: new Secret(current), previous: previous === null ? null : new Secret(previous) }
  return createPartnerKeys(pair, (key) => key.slice(-4))
}

/** A client for any server, whose calls all go through, unless other parts are given. */
export function createClient(url: string, timeoutMs = 2000, parts: Partial<ClientParts> = {}): LayersClient {
  const client = createLayersClient({
    baseUrl: new URL(url),
    keys: createKeys(KEY),
    breaker: { run: (call) => call() },
    log: { security: () => undefined },
    timeoutMs,
    ...parts,
  })
  cleanUp.push(() => client.close())
  return client
}
