// How the BFF ends inside a host that goes on: what waits is answered, what runs is finished, what comes later is refused.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { mountBff, type MountedBff } from './mounted-bff.ts'
import { listPosts } from './what-happened.ts'

let mounted: MountedBff
beforeEach(async () => {
  mounted = await mountBff((bff) => (request, response) => void bff.handler(request, response))
})
afterEach(() => mounted.close())

it('says that it is not ready while it drains, and still serves', async () => {
  const ann = mounted.browser()
  expect(await ann.fetchJson('GET', '/readyz')).toEqual({ status: 200, body: { status: 'ready' } })
  mounted.bff.drain()
  expect(await ann.fetchJson('GET', '/readyz')).toEqual({ status: 503, body: { status: 'not_ready' } })
  const { flow } = await ann.connect()
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
})

it.each([
  ['GET', '/connection'],
  ['POST', '/flows'],
  ['GET', '/flows/AAAAAAAAAAAAAAAAAAAAAA'],
])('answers %s %s after it was closed with 503, and says when to come again', async (method, path) => {
  await mounted.bff.close()
  const answer = await mounted.browser().send(path, {
    method,
    headers: { 'sec-fetch-site': 'same-origin', 'x-connect-github': '1', 'content-type': 'application/json' },
    ...(method === 'POST' ? { body: '{}' } : {}),
  })
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'shutting_down' } })
})

it('accepts no return while it closes, so that none is lost', async () => {
  const ann = mounted.browser()
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  await mounted.bff.close()
  const answer = await ann.navigate(returnUrl ?? '')
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(listPosts(mounted.sandbox)).toEqual([])
})

it('answers who waits, finishes the binding that runs, and refuses what comes meanwhile', async () => {
  mounted.sandbox.scenario('delay_next', { route: 'bind', delayMs: 400 })
  const ann = mounted.browser()
  const { flow } = await ann.connect()
  const { version } = await ann.getFlow(flow.flowId)
  const order: string[] = []
  const waiting = ann.getFlow(flow.flowId, `?after=${version}&wait=25`).then((view) => {
    order.push('the waiting request is answered')
    return view
  })
  // Whole round trips, one after the other: the waiting request is with the BFF by then.
  for (let trip = 0; trip < 10; trip += 1) await ann.getConnection()
  const closed = mounted.bff.close().then(() => order.push('the BFF is closed'))
  expect(await ann.fetchJson('GET', '/connection')).toMatchObject({ status: 503 })
  expect(await waiting).toMatchObject({ status: 'binding', version })
  await closed
  expect(order).toEqual(['the waiting request is answered', 'the BFF is closed'])
  expect(mounted.sandbox.bindings).toHaveLength(1)
})

it('can be closed twice', async () => {
  await mounted.bff.close()
  await expect(mounted.bff.close()).resolves.toBeUndefined()
})

it('can be closed before it is ready, and when it could not start', async () => {
  const early = await mountBff((bff) => (request, response) => void bff.handler(request, response))
  await expect(early.bff.close()).resolves.toBeUndefined()
  await early.close()
  const broken = await mountBff((bff) => (request, response) => void bff.handler(request, response), {
    bff: { databaseUrl: 'file:/dev/null/connect-github.db' },
  })
  await expect(broken.bff.ready).rejects.toBeInstanceOf(Error)
  expect(await broken.browser().fetchJson('GET', '/connection')).toMatchObject({ status: 503 })
  await expect(broken.bff.close()).resolves.toBeUndefined()
  await broken.close()
})
