// X-Layers-Organization: every call to Layers is made for the organization of its tenant, and for no other.
import { afterEach, describe, expect, it } from 'vitest'
import { ORGANIZATIONS, startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { INSTALL_URL_PATH, INSTALLATION_PATH } from './what-happened.ts'

const REPOSITORIES_PATH = '/v1/github/repos'
const ASK = `GET ${INSTALLATION_PATH}`
const POST = `POST ${INSTALLATION_PATH}`
const START = `GET ${INSTALL_URL_PATH}`
const LIST = `GET ${REPOSITORIES_PATH}`

let stack: Stack
afterEach(() => stack.close())

/** Three tenants: two with organizations of their own, one without. */
const TENANTS = [
  ['ann', ORGANIZATIONS.northwind.id, 'acme-coffee'],
  ['cora', ORGANIZATIONS.globex.id, 'nordwind-shop'],
  ['dan', undefined, 'mona'],
] as const

async function start(identity: 'session' | 'token'): Promise<void> {
  stack = await startStack({ identity })
  stack.people.set('dan', { tenantId: 'initech', userId: 'dan', canConnect: true })
}

async function open(person: string): Promise<TestBrowser> {
  const browser = stack.browser(person)
  await renewToken(browser, person)
  return browser
}

async function renewToken(browser: TestBrowser, person: string): Promise<void> {
  // A browser that was opened as nobody's sends no session, so a token has to say who is there.
  if (!browser.cookies.has('session')) browser.token = await stack.signToken(person)
}

/** What Layers was asked, in order, each with the organization it was asked for. */
function listCalls(): readonly (readonly [call: string, organization: string | undefined])[] {
  return stack.sandbox.requests.map(({ method, path, headers }) => [
    `${method} ${path}`,
    headers['x-layers-organization'],
  ])
}

async function connect(browser: TestBrowser, account: string): Promise<string> {
  const { flow } = await browser.connect({ account })
  return (await browser.waitForEnd(flow.flowId)).status
}

interface Situation {
  readonly title: string
  /** All calls that it has to lead to. */
  readonly calls: readonly string[]
  readonly play: (browser: TestBrowser, person: string, account: string) => Promise<unknown>
}

const refuse = (route: string, status: number, code: string, more: object = {}): void =>
  stack.sandbox.scenario('fail_next', { route, status, code, ...more })

const SITUATIONS: readonly Situation[] = [
  { title: 'a connection', calls: [START, POST], play: (browser, _, account) => connect(browser, account) },
  {
    title: 'a start whose first question was cut off',
    calls: [START, START, POST],
    play: (browser, _, account) => {
      stack.sandbox.scenario('cut_next', { route: 'install_url', when: 'before' })
      return connect(browser, account)
    },
  },
  {
    title: 'a binding that is tried again',
    calls: [START, POST, ASK, POST, ASK, POST],
    play: (browser, _, account) => {
      refuse('bind', 503, 'UNAVAILABLE', { times: 2 })
      return connect(browser, account)
    },
  },
  {
    title: 'a binding whose answer was lost',
    calls: [START, POST, ASK],
    play: (browser, _, account) => {
      stack.sandbox.scenario('cut_next', { route: 'bind', when: 'after' })
      return connect(browser, account)
    },
  },
  {
    title: 'a binding whose answer cannot be read',
    calls: [START, POST, ASK],
    play: (browser, _, account) => {
      stack.sandbox.scenario('wrong_shape_next', { route: 'bind', shape: 'html' })
      return connect(browser, account)
    },
  },
  {
    title: 'a conflict',
    calls: [START, POST, ASK],
    play: (browser, _, account) => {
      refuse('bind', 409, 'CONFLICT')
      return connect(browser, account)
    },
  },
  {
    title: 'a binding that the next process finishes',
    calls: [START, POST, POST],
    play: async (browser, person, account) => {
      refuse('bind', 429, 'RATE_LIMITED', { retryAfterSeconds: 600 })
      const { flow } = await browser.connect({ account })
      await stack.waitForLog((line) => line.includes('"binding_retry"'))
      stack.advance(600_000)
      await stack.restart()
      await renewToken(browser, person)
      expect((await browser.waitForEnd(flow.flowId)).status).toBe('connected')
    },
  },
  {
    title: 'a check in the background',
    calls: [START, POST, ASK],
    play: async (browser, _, account) => {
      await connect(browser, account)
      stack.advance(31_000)
      let view = await browser.getConnection()
      expect(view.refreshing).toBe(true)
      while (view.refreshing) view = await browser.getConnection()
      expect(view.status).toBe('connected')
    },
  },
  {
    title: 'the list of repositories',
    calls: [START, POST, ASK, LIST],
    play: async (browser, _, account) => {
      await connect(browser, account)
      stack.advance(31_000)
      expect((await browser.fetchJson('GET', '/repositories')).status).toBe(200)
    },
  },
  {
    title: 'a list of repositories that Layers refuses',
    calls: [START, POST, LIST, ASK],
    play: async (browser, _, account) => {
      await connect(browser, account)
      refuse('repos', 422, 'VALIDATION')
      expect((await browser.fetchJson('GET', '/repositories')).status).toBeGreaterThanOrEqual(400)
    },
  },
]

describe.each(['session', 'token'] as const)('with identity by %s', (identity) => {
  describe.each(TENANTS)('%s of the organization %s', (person, organization, account) => {
    it.each(SITUATIONS)('is asked for in every call of $title', async ({ calls, play }) => {
      await start(identity)
      await play(await open(person), person, account)
      expect(listCalls()).toEqual(calls.map((call) => [call, organization]))
    })
  })

  it('keeps three tenants apart that connect at the same time, with failures in between', async () => {
    await start(identity)
    refuse('bind', 503, 'UNAVAILABLE', { times: 4 })
    stack.sandbox.scenario('cut_next', { route: 'bind', when: 'after', times: 2 })
    const ended = await Promise.all(
      TENANTS.map(async ([person, , account]) => connect(await open(person), account)),
    )
    expect(ended).toEqual(['connected', 'connected', 'connected'])
    expect(
      new Map(stack.sandbox.bindings.map(({ organizationId, account }) => [account.login, organizationId])),
    ).toEqual(
      new Map(TENANTS.map(([, organization, account]) => [account, organization ?? ORGANIZATIONS.parent.id])),
    )
    const startedFor = new Map(
      stack.sandbox.requests
        .filter(({ path }) => path === INSTALL_URL_PATH)
        .map(({ query, headers }) => [query['state'], headers['x-layers-organization']]),
    )
    const posts = stack.sandbox.requests.filter(({ method }) => method === 'POST')
    expect(posts.length).toBeGreaterThan(6)
    for (const { body, headers } of posts) {
      const { state }: { state: string } = JSON.parse(body)
      expect(startedFor.has(state)).toBe(true)
      expect(headers['x-layers-organization']).toBe(startedFor.get(state))
    }
  })
})
