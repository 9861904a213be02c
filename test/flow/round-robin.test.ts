// The balancer of the tests: what it forwards, and to whom.
import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { startRoundRobin } from '../stack/round-robin.ts'

const READY_PATH = '/connect/github/readyz'

async function startBalancer() {
  const balancer = await startRoundRobin({ checkEveryMs: 20 })
  onTestFinished(() => balancer.close())
  return balancer
}

/** A backend that answers its readiness with `ready.status`, and everything else by `answer`. */
async function startBackend(answer: RequestListener) {
  const ready = { status: 200 }
  const asked: (() => void)[] = []
  const server = createServer((request, response) => {
    if (request.url !== READY_PATH) return answer(request, response)
    response.writeHead(ready.status).end()
    for (const resolve of asked.splice(0)) resolve()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    ready,
    server,
    nextCheck: () => new Promise<void>((resolve) => asked.push(resolve)),
  }
}

const named =
  (name: string): RequestListener =>
  (_request, response) =>
    void response.end(name)

const askOf = async (url: string): Promise<string> => (await fetch(`${url}/x`)).text()

it('gives each request of one client to the next backend', async () => {
  const balancer = await startBalancer()
  for (const name of ['a', 'b']) await balancer.add((await startBackend(named(name))).url)
  const names = []
  for (let count = 0; count < 4; count += 1) names.push(await askOf(balancer.url))
  expect(new Set([names.slice(0, 2).join(''), names.slice(2).join('')])).toEqual(
    new Set([names.slice(0, 2).join('')]),
  )
  expect(names.toSorted()).toEqual(['a', 'a', 'b', 'b'])
})

it('forwards method, path, headers and body as they are, and the answer as it comes', async () => {
  const balancer = await startBalancer()
  let finish = (): void => undefined
  const backend = await startBackend((request, response) => {
    response.writeHead(201, { 'Set-Cookie': ['a=1', 'b=2'], 'X-Seen': request.headers['x-odd'] ?? '' })
    response.write(`${request.method} ${request.url} ${request.headers.host}`)
    finish = () => void request.pipe(response)
  })
  await balancer.add(backend.url)
  const answer = await fetch(`${balancer.url}/a?b=%20`, {
    method: 'POST',
    headers: { 'X-Odd': 'ä' },
    body: 'hello',
  })
  expect(answer.status).toBe(201)
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(answer.headers.get('x-seen')).toBe('ä')
  // The first part is here although the backend has not finished.
  finish()
  expect(await answer.text()).toBe(`POST /a?b=%20 127.0.0.1:${balancer.port}hello`)
})

it('gives nothing to a backend that says it is not ready, and again when it is', async () => {
  const balancer = await startBalancer()
  const backend = await startBackend(named('a'))
  await balancer.add(backend.url)
  backend.ready.status = 503
  await backend.nextCheck()
  await backend.nextCheck()
  expect((await fetch(`${balancer.url}/x`)).status).toBe(503)
  backend.ready.status = 200
  await backend.nextCheck()
  await backend.nextCheck()
  expect(await askOf(balancer.url)).toBe('a')
})

it('goes to the next backend when it cannot connect, and nowhere else once something was sent', async () => {
  const balancer = await startBalancer()
  const gone = await startBackend(named('gone'))
  await balancer.add(gone.url)
  await balancer.add((await startBackend(named('b'))).url)
  gone.server.close()
  expect(await askOf(balancer.url)).toBe('b')
  expect(await askOf(balancer.url)).toBe('b')
  expect(balancer.lost).toBe(0)
  const cutting = await startBackend((request) => void request.socket.destroy())
  await balancer.add(cutting.url)
  const statuses = [(await fetch(`${balancer.url}/x`)).status, (await fetch(`${balancer.url}/x`)).status]
  expect(new Set(statuses)).toEqual(new Set([200, 502]))
  expect(balancer.lost).toBe(1)
})
