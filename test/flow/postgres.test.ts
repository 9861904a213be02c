// Two BFF servers on one PostgreSQL database, and a browser that meets the other one at every step, as behind a balancer.
import type { IncomingMessage } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDataKey } from '../../bff/data-keys.ts'
import { createBff, startServer, type BffOptions } from '../../bff/index.ts'
import type { FlowView } from '../../bff/contract.ts'
import { closeCanarySandbox, startCanarySandbox, type CanarySandbox } from '../stack/canary-sandbox.ts'
import { dumpDatabase } from '../stack/dump-database.ts'
import { startPostgresServer, type PostgresServer } from '../stack/postgres-server.ts'
import { createTestBrowser, type TestBrowser } from '../stack/test-browser.ts'
import { listPosts } from './what-happened.ts'

vi.setConfig({ testTimeout: 60_000 })

const PUBLIC_ORIGIN = 'http://localhost:9999'
const PUBLIC_URL = `${PUBLIC_ORIGIN}/connect/github`
const DATA_KEY = createDataKey()

let database: PostgresServer
beforeAll(async () => {
  database = await startPostgresServer()
}, 60_000)
afterAll(() => database.stop())

let canary: CanarySandbox
let databaseUrl: string
let logLines: string[]
const cleanUp: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  canary = await startCanarySandbox()
  logLines = []
  databaseUrl = await database.createDatabase()
})
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
  await dumpDatabase(databaseUrl, canary.artefacts)
  await closeCanarySandbox(canary)
})

/** The session cookie holds the user's name; each has a company of their own. */
function identify({ headers }: IncomingMessage) {
  const userId = /(?:^|; )session=([a-z]+)/.exec(headers.cookie ?? '')?.[1]
  return userId === undefined ? null : { tenantId: `company-of-${userId}`, userId, canConnect: true }
}

function optionsOf(change: Partial<BffOptions> = {}): BffOptions {
  return {
    identify,
    layersApiKey: canary.key,
    layersApiUrl: canary.sandbox.layersUrl,
    githubUrl: canary.sandbox.githubUrl,
    publicUrl: PUBLIC_URL,
    databaseUrl,
    dataKeys: [DATA_KEY],
    retryPolicy: { baseMs: 20, capMs: 80, random: () => 0.999 },
    logStream: {
      write(line) {
        logLines.push(line)
        canary.artefacts.record('logs', line)
      },
    },
    env: {},
    ...change,
  }
}

/** Starts a server, and returns its base URL. */
async function start(change?: Partial<BffOptions>) {
  const server = await startServer(createBff(optionsOf(change)), { host: '127.0.0.1', port: 0 })
  const stop = (): Promise<void> => (stopped ??= server.stop())
  let stopped: Promise<void> | undefined
  cleanUp.push(stop)
  return { baseUrl: `http://127.0.0.1:${server.port}/connect/github`, stop }
}

/** A browser whose every request goes to another of the servers than the one before. */
function browse(baseUrls: readonly string[], person = 'ann'): TestBrowser {
  let turn = 0
  const stack = {
    get baseUrl() {
      turn += 1
      return baseUrls[turn % baseUrls.length] ?? ''
    },
    publicOrigin: PUBLIC_ORIGIN,
    publicUrl: PUBLIC_URL,
    artefacts: canary.artefacts,
  }
  return createTestBrowser({ stack, person })
}

const countEvents = (event: string): number =>
  logLines.filter((line) => line.includes(`"event":"${event}"`)).length

it('connects although every step is another server’s', async () => {
  const servers = [await start(), await start()]
  const ann = browse(servers.map(({ baseUrl }) => baseUrl))
  const { flow, answer } = await ann.connect({ account: 'acme-coffee' })
  expect(answer.status).toBe(303)
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({
    status: 'connected',
    account: { login: 'acme-coffee', type: 'Organization' },
  })
  for (let look = 0; look < 2; look += 1)
    expect(await ann.getConnection()).toMatchObject({
      status: 'connected',
      account: { login: 'acme-coffee' },
    })
  expect(listPosts(canary.sandbox)).toHaveLength(1)
  expect(logLines.join('')).toMatch(
    /"event":"started","detail":"PostgreSQL at 127\.0\.0\.1:\d+\/database_\d+;/,
  )
})

it('answers a request that waits at one server with what happens at the other', async () => {
  const [here, there] = [await start(), await start()]
  const [annHere, annThere] = [browse([here.baseUrl]), browse([there.baseUrl])]
  const flow = await annThere.startFlow()
  for (const [name, value] of annThere.cookies) annHere.cookies.set(name, value)
  const seen: string[] = []
  const following = (async () => {
    for (let view: FlowView = flow; view.status !== 'connected';) {
      view = await annHere.getFlow(flow.flowId, `?after=${view.version}&wait=25`)
      seen.push(view.status)
    }
  })()
  const returnUrl = await annThere.submitOnGitHub(await annThere.getInstallUrl(flow.flowId), {
    account: 'acme-coffee',
  })
  await annThere.navigate(returnUrl ?? '')
  // A wait lasts 25 seconds: only news from the other server can end both in less.
  const startedAt = performance.now()
  await following
  expect(performance.now() - startedAt).toBeLessThan(15_000)
  expect(seen.at(-1)).toBe('connected')
})

it('accepts one of many returns at both servers, and posts once', async () => {
  const servers = [await start(), await start()]
  const ann = browse(servers.map(({ baseUrl }) => baseUrl))
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  const answers = await Promise.all(Array.from({ length: 20 }, () => ann.navigate(returnUrl ?? '')))
  expect(new Set(answers.map(({ status, headers }) => `${status} ${headers.get('location')}`))).toEqual(
    new Set([`303 ${PUBLIC_URL}/flows/${flowId}/done`]),
  )
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  expect(countEvents('return_accepted')).toBe(1)
  expect(listPosts(canary.sandbox)).toHaveLength(1)
})

it('lets the other server finish what one had accepted when it was stopped', async () => {
  canary.sandbox.scenario('fail_next', { route: 'bind', status: 500, code: 'INTERNAL', times: 2 })
  const [here, there] = [
    await start({ retryPolicy: { baseMs: 3000, capMs: 3000, random: () => 0.999 } }),
    await start(),
  ]
  const { flow } = await browse([here.baseUrl]).connect()
  await here.stop()
  expect(await browse([there.baseUrl]).waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
})

/** Refuses connections and ends those there are; returns the function that lets them come back. */
async function takeDatabaseAway(): Promise<() => Promise<unknown>> {
  const name = new URL(databaseUrl).pathname.slice(1)
  const administration = new URL('/postgres', databaseUrl).href
  const allow = (isAllowed: boolean) =>
    database.query(administration, `ALTER DATABASE ${name} ALLOW_CONNECTIONS ${isAllowed}`)
  await allow(false)
  await database.query(
    administration,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
  )
  return () => allow(true)
}

describe('when the database is away', () => {
  it('says so with 503, and goes on as before when it is back', async () => {
    const { baseUrl } = await start()
    const ann = browse([baseUrl])
    const flow = await ann.startFlow()
    const comeBack = await takeDatabaseAway()
    const answer = await ann.send('/connection', { headers: { 'sec-fetch-site': 'same-origin' } })
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'storage_unavailable' } })
    const health = baseUrl.replace('/connect/github', '')
    expect((await fetch(`${health}/readyz`)).status).toBe(503)
    expect((await fetch(`${health}/healthz`)).status).toBe(200)

    await comeBack()
    expect(await ann.getFlow(flow.flowId)).toEqual(flow)
    // Its answer may be a second old.
    await vi.waitUntil(async () => (await fetch(`${health}/readyz`)).ok, { timeout: 10_000 })
  })

  it('stops all the same', async () => {
    const { stop } = await start()
    const comeBack = await takeDatabaseAway()
    await expect(stop()).resolves.toBeUndefined()
    await comeBack()
    expect(logLines.at(-1)).toContain('"event":"stopped"')
  })
})

it('looks at every flow that is waited for when news may have been missed', async () => {
  const { baseUrl } = await start()
  const ann = browse([baseUrl])
  const flow = await ann.startFlow()
  const startedAt = performance.now()
  const waiting = ann.getFlow(flow.flowId, `?after=${flow.version}&wait=25`)
  // Whole round trips, one after the other: the waiting request is with the BFF by then.
  for (let trip = 0; trip < 10; trip += 1) await ann.getConnection()
  // A change that nobody is told of, as if the connection had been lost before the news came.
  await database.query(
    databaseUrl,
    `UPDATE connect_github.flows SET status = 'cancelled', error = 'flow_cancelled', version = version + 1;
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`,
  )
  expect(await waiting).toMatchObject({ status: 'cancelled' })
  expect(performance.now() - startedAt).toBeLessThan(20_000)
})

it('does not start with keys of its own, and names DATA_KEYS', async () => {
  const { stop } = await start()
  await stop()
  const other = createBff(optionsOf({ dataKeys: [createDataKey()] }))
  await expect(other.ready).rejects.toThrow(
    /The database 127\.0\.0\.1:\d+\/database_\d+ cannot be read with the keys at hand: add the key it was sealed with to the end of DATA_KEYS/,
  )
  await other.close()
})
