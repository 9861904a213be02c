// Stands between the BFFs and the sandbox's Layers: some posts fail, some answers are lost after the binding was made, some take long.
// Sees what no BFF can see: two posts for one installation at the same time, and posts after one that had taken effect.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Random } from '../traffic/random.ts'

const FAILING = 0.1
const LOSING_ANSWERS = 0.05
const SLOW = 0.2
const SLOW_MS = { least: 300, more: 150 }
const QUICK_MS = { least: 50, more: 100 }

const postSchema = z.object({ installationId: z.int() })

export interface UnreliableLayers {
  readonly url: string
  readonly figures: () => UnreliableFigures
  close(): Promise<void>
}

interface UnreliableFigures {
  readonly posts: number
  /** Answered 503 before anything was done. */
  readonly failed: number
  /** The connection was cut after the binding was made. */
  readonly answersLost: number
  /** Posts that came while another one for the same installation was being worked on. */
  readonly overlapping: number
  /** Posts for an installation after one that had taken effect. */
  readonly repeated: number
}

export async function startUnreliableLayers(layersUrl: string, random: Random): Promise<UnreliableLayers> {
  let [posts, failed, answersLost, overlapping, repeated] = [0, 0, 0, 0, 0]
  const underWay = new Map<number, number>()
  const done = new Set<number>()

  /** True when the answer is to be lost. */
  async function workOn(body: Buffer, pass: () => Promise<Response>): Promise<Response | undefined> {
    const { installationId } = postSchema.parse(JSON.parse(body.toString()))
    posts += 1
    const others = underWay.get(installationId) ?? 0
    if (others > 0) overlapping += 1
    if (done.has(installationId)) repeated += 1
    underWay.set(installationId, others + 1)
    try {
      const { least, more } = random.next() < SLOW ? SLOW_MS : QUICK_MS
      const luck = random.next()
      await delay(least + random.below(more))
      if (luck < FAILING) {
        failed += 1
        return Response.json(
          { error: { code: 'UNAVAILABLE', message: 'Not now.', requestId: 'req_0' } },
          { status: 503 },
        )
      }
      const answer = await pass()
      if (answer.ok) done.add(installationId)
      if (luck >= FAILING + LOSING_ANSWERS) return answer
      answersLost += 1
      return undefined
    } finally {
      underWay.set(installationId, (underWay.get(installationId) ?? 1) - 1)
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const pass = (): Promise<Response> => forward(layersUrl, request, body)
    const answer = request.method === 'POST' ? await workOn(body, pass) : await pass()
    if (answer === undefined) return void request.socket.destroy()
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  }

  const server = createServer((request, response) => {
    // Whoever asked may have been killed meanwhile.
    handle(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    figures: () => ({ posts, failed, answersLost, overlapping, repeated }),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
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
