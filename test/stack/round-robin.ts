// A balancer in small, as production has one: each request goes to the next backend that says it is ready, over kept connections.
import { once } from 'node:events'
import {
  Agent,
  createServer,
  get,
  request as send,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { buffer } from 'node:stream/consumers'

/** Between the two ends of one connection only (RFC 9110 §7.6.1); everything else is forwarded as it is. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection'])

export interface RoundRobinOptions {
  /** Where to listen on 127.0.0.1. Default 0: any free port. */
  readonly port?: number
  /** What is asked for whether a backend is ready: 200, or else it gets nothing. Default `/connect/github/readyz`. */
  readonly readyPath?: string
  /** How often, in milliseconds. Default 200. */
  readonly checkEveryMs?: number
}

export interface RoundRobin {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly port: number
  /** How many requests each backend has answered, by its URL. */
  readonly answered: ReadonlyMap<string, number>
  /** `performance.now()` of the end of its last answer, by its URL. */
  readonly lastAnswerAt: ReadonlyMap<string, number>
  /** How many requests were lost with a backend: 502 to the client, or an answer that was cut off. */
  readonly lost: number
  /** Takes a backend in, e.g. `http://127.0.0.1:4711`; resolves when it has said whether it is ready. */
  add(backendUrl: string): Promise<void>
  /** Resolves when a backend has said three times that it is not ready: what was sent to it before has arrived by then. */
  untilOut(backendUrl: string): Promise<void>
  /** Sends it nothing more. What it is answering goes on. */
  remove(backendUrl: string): void
  close(): Promise<void>
}

interface Backend {
  readonly url: string
  readonly agent: Agent
  isReady: boolean
  asking: Promise<number | 'late'> | undefined
  /** How often in a row it has said that it is not ready. */
  refusals: number
  readonly out: PromiseWithResolvers<void>
}

/**
 * Round robin per request, without stickiness: consecutive requests of one client meet different backends. A backend is out when its
 * readiness says so, and when no connection to it can be made; a request of which nothing was sent yet then goes to the next one. One
 * that was sent is never repeated: it is answered 502. Without any backend the answer is 503.
 */
export async function startRoundRobin({
  port = 0,
  readyPath = '/connect/github/readyz',
  checkEveryMs = 200,
}: RoundRobinOptions = {}): Promise<RoundRobin> {
  const backends: Backend[] = []
  const agents = new Set<Agent>()
  const answered = new Map<string, number>()
  const lastAnswerAt = new Map<string, number>()
  let turn = 0
  let lost = 0

  function chooseNext(tried: ReadonlySet<Backend>): Backend | undefined {
    const choice = backends.filter((backend) => backend.isReady && !tried.has(backend))
    turn += 1
    return choice[turn % Math.max(1, choice.length)]
  }

  function noteAnswer(url: string): void {
    answered.set(url, (answered.get(url) ?? 0) + 1)
    lastAnswerAt.set(url, performance.now())
  }

  function check(backend: Backend): Promise<number | 'late'> {
    return (backend.asking ??= ask(backend).finally(() => (backend.asking = undefined)))
  }

  async function ask(backend: Backend): Promise<number | 'late'> {
    const status = await askReadiness(backend.url + readyPath)
    // No answer in time says nothing: the machine may be busy with something else.
    if (status !== 'late') backend.isReady = status === 200
    backend.refusals = status === 503 ? backend.refusals + 1 : 0
    if (backend.refusals >= 3) backend.out.resolve()
    return status
  }

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Read first, as common balancers do: a request can be given to another backend only while it is still here.
    const body = await buffer(request)
    const tried = new Set<Backend>()
    for (;;) {
      const backend = chooseNext(tried)
      if (backend === undefined) return refuse(response, 503)
      tried.add(backend)
      const outcome = await pass(backend, request, body, response)
      if (outcome === 'answered') return noteAnswer(backend.url)
      if (outcome === 'gone') return
      if (outcome === 'lost') {
        lost += 1
        return response.headersSent ? void response.destroy() : refuse(response, 502)
      }
      backend.isReady = false
    }
  }

  const server = createServer((request, response) => {
    forward(request, response).catch(() => response.destroy())
  })
  // Node would close them after five seconds, and a request of which it has not heard yet would be lost here.
  server.keepAliveTimeout = 600_000
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the balancer has no port')
  const timer = setInterval(() => {
    for (const backend of backends) void check(backend)
  }, checkEveryMs)

  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    answered,
    lastAnswerAt,
    get lost() {
      return lost
    },
    async add(url) {
      const agent = new Agent({ keepAlive: true })
      agents.add(agent)
      const out = Promise.withResolvers<void>()
      const backend: Backend = { url, agent, isReady: false, asking: undefined, refusals: 0, out }
      backends.push(backend)
      while ((await check(backend)) === 'late');
    },
    async untilOut(url) {
      await backends.find((backend) => backend.url === url)?.out.promise
    },
    remove(url) {
      const index = backends.findIndex((backend) => backend.url === url)
      if (index >= 0) backends.splice(index, 1)
    },
    async close() {
      clearInterval(timer)
      for (const agent of agents) agent.destroy()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** `unsent` when no connection could be made, `gone` when the client has left. */
type Outcome = 'answered' | 'unsent' | 'lost' | 'gone'

function pass(
  backend: Backend,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const { hostname, port } = new URL(backend.url)
  const outgoing = send({
    agent: backend.agent,
    hostname,
    port,
    method: request.method,
    path: request.url,
    headers: endToEnd(request.rawHeaders),
  })
  let isConnected = false
  outgoing.on('socket', (socket) => {
    isConnected = !socket.connecting
    // A kept one is used by many requests.
    if (!isConnected) socket.once('connect', () => (isConnected = true))
  })
  outgoing.on('error', () => resolve(isConnected ? 'lost' : 'unsent'))
  outgoing.on('response', (incoming) => {
    response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, endToEnd(incoming.rawHeaders))
    incoming.on('error', () => resolve('lost'))
    incoming.on('end', () => resolve('answered'))
    incoming.pipe(response)
  })
  response.once('close', () => {
    if (!response.writableFinished) outgoing.destroy()
    resolve('gone')
  })
  outgoing.end(body)
  return promise
}

/** Names and values in turn, as {@link IncomingMessage.rawHeaders} has them. */
function endToEnd(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter(
    (_, index) => !HOP_BY_HOP.has((rawHeaders[index - (index % 2)] ?? '').toLowerCase()),
  )
}

function refuse(response: ServerResponse, status: 502 | 503): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', 'Retry-After': '1' }).end()
}

/** Status 0 when there is nobody to ask. */
function askReadiness(url: string): Promise<number | 'late'> {
  return new Promise((resolve) => {
    const asking = get(url, { agent: false, timeout: 2_000 }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    asking.on('timeout', () => {
      resolve('late')
      asking.destroy()
    })
    asking.on('error', () => resolve(0))
  })
}
