// Stands between the BFF and the sandbox's Layers, and answers the first call of each tenant as its case says; or is dead altogether.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type Server } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Case } from './cases.ts'

export interface HostileLayers {
  readonly url: string
  /** While true, every connection is cut as soon as somebody has asked something. */
  isDead: boolean
  /** When each call came that met a dead server, by `performance.now()`. */
  readonly callsWhileDead: readonly number[]
  /** When each call came, dead or not. */
  readonly calls: readonly number[]
  /** The call that was open for the longest time, in milliseconds, and the case that it met. */
  readonly longest: () => { readonly openMs: number; readonly name: string }
  /** What arrived at the host that nobody may be sent to. */
  readonly bytesElsewhere: () => number
  close(): Promise<void>
}

/** @param caseOf the case of a tenant, by its organization at Layers; undefined for none. */
export async function startHostileLayers(
  layersUrl: string,
  caseOf: (organizationId: string) => Case | undefined,
): Promise<HostileLayers> {
  const met = new Set<string>()
  const calls: number[] = []
  const callsWhileDead: number[] = []
  let longest = { openMs: 0, name: 'none' }
  let bytesElsewhere = 0
  const elsewhere = createTcpServer((socket) => {
    bytesElsewhere += 1
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      bytesElsewhere += chunk.length
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
    })
  })
  const elsewhereUrl = await listen(elsewhere)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const askedAt = performance.now()
    calls.push(askedAt)
    let metCase: Case | undefined
    response.once('close', () => {
      const openMs = performance.now() - askedAt
      if (openMs > longest.openMs) longest = { openMs, name: metCase?.name ?? 'none' }
    })
    if (hostile.isDead) {
      callsWhileDead.push(askedAt)
      return void request.socket.destroy()
    }
    const body = await buffer(request)
    const organizationId = String(request.headers['x-layers-organization'])
    metCase = takeCase(organizationId, request)
    const commit = async () => {
      const answer = await forward(layersUrl, request, body)
      return { status: answer.status, text: await answer.text() }
    }
    if (metCase !== undefined)
      return void (await metCase.answer({ request, response, commit, elsewhere: elsewhereUrl }))
    const { status, text } = await commit()
    response.writeHead(status, { 'content-type': 'application/json' }).end(text)
  }

  /** The first call of its kind meets the case; later ones go through. */
  function takeCase(organizationId: string, { method, url = '' }: IncomingMessage): Case | undefined {
    const found = caseOf(organizationId)
    const kind = url.includes('/install-url') ? 'install-url' : method === 'POST' ? 'post' : 'other'
    if (found?.on !== kind || met.has(organizationId)) return undefined
    met.add(organizationId)
    return found
  }

  const server = createServer((request, response) => {
    // Whoever asked may have had enough.
    handle(request, response).catch(() => response.destroy())
  })
  const url = await listen(server)
  const hostile: HostileLayers = {
    url,
    isDead: false,
    calls,
    callsWhileDead,
    longest: () => longest,
    bytesElsewhere: () => bytesElsewhere,
    async close() {
      server.closeAllConnections()
      for (const each of [server, elsewhere]) {
        each.close()
        await once(each, 'close')
      }
    },
  }
  return hostile
}

async function listen(server: Server): Promise<string> {
  server.on('connection', (socket) => socket.on('error', () => undefined))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

function forward(layersUrl: string, request: IncomingMessage, body: Buffer): Promise<Response> {
  const { authorization = '', 'x-layers-organization': organization } = request.headers
  return fetch(layersUrl + (request.url ?? ''), {
    method: request.method ?? 'GET',
    headers: {
      authorization,
      ...(typeof organization === 'string' ? { 'x-layers-organization': organization } : {}),
      ...(body.length > 0 ? { 'content-type': 'application/json' } : {}),
    },
    ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
  })
}
