// Cases that Layers decides: what it refuses, what it answers wrongly, and what becomes of a connection later.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ConnectionView } from '../../bff/contract.ts'
import { ORGANIZATIONS, startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { countGets, INSTALLATION_PATH, listPosts } from './what-happened.ts'

let stack: Stack
let ann: TestBrowser
beforeEach(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
})
afterEach(() => stack.close())

async function withStack(options: StackOptions, play: (other: Stack) => Promise<void>): Promise<void> {
  const other = await startStack(options)
  try {
    await play(other)
  } finally {
    await other.close()
  }
}

/** What the connection is once Layers has been asked again. */
async function getCheckedConnection(): Promise<ConnectionView> {
  stack.advance(31_000)
  let view = await ann.getConnection()
  expect(view.refreshing).toBe(true)
  while (view.refreshing) view = await ann.getConnection()
  return view
}

async function connect(account = 'acme-coffee'): Promise<void> {
  const { flow } = await ann.connect({ account })
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
}

it('ends in a conflict that names the account which is bound, and never detaches it', async () => {
  await connect('acme-coffee')
  const { flow } = await ann.connect({ account: 'nordwind-shop' })
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({
    status: 'conflict',
    error: 'already_bound',
    account: { login: 'acme-coffee' },
  })
  expect(stack.sandbox.requests.some(({ method }) => method === 'DELETE')).toBe(false)
  expect(await ann.getConnection()).toMatchObject({ status: 'connected', account: { login: 'acme-coffee' } })
})

it('refuses an installation that Layers cannot see, and posts it once', async () => {
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  stack.sandbox.scenario('uninstall', { account: 'acme-coffee' })
  await ann.navigate(returnUrl ?? '')
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'refused', error: 'installation_not_found' })
  expect(listPosts(stack.sandbox)).toHaveLength(1)
})

it('tries again by itself while Layers is busy, fails or is silent, with the same body', async () => {
  stack.sandbox.scenario('fail_next', { route: 'bind', status: 503, code: 'UNAVAILABLE' })
  stack.sandbox.scenario('cut_next', { route: 'bind', when: 'before' })
  const { flow } = await ann.connect()
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected', error: null })
  const posts = listPosts(stack.sandbox)
  expect(posts).toHaveLength(3)
  expect(new Set(posts.map(({ body }) => JSON.stringify(body))).size).toBe(1)
})

it('is connected by asking when Layers took the binding and its answer was lost', async () => {
  stack.sandbox.scenario('cut_next', { route: 'bind', when: 'after' })
  const { flow } = await ann.connect()
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({
    status: 'connected',
    account: { login: 'acme-coffee', type: 'Organization' },
  })
  expect(listPosts(stack.sandbox)).toHaveLength(1)
  expect(countGets(stack.sandbox, INSTALLATION_PATH)).toBe(1)
})

it.each([
  [401, 'UNAUTHENTICATED', 'partner_key_refused'],
  [403, 'FORBIDDEN_SCOPE', 'scope_missing'],
])(
  'is blocked for the partner to act when Layers answers %i %s, with a text that says nothing of keys',
  async (status, code, error) => {
    stack.sandbox.scenario('fail_next', { route: 'bind', status, code })
    const { flow, answer } = await ann.connect()
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'blocked', error })
    const page = await ann.navigate(answer.headers.get('location') ?? '')
    expect(page.text).toContain('The connection is not set up correctly.')
    expect(page.text).not.toMatch(/lp_|scope|key\b/i)
    expect(stack.logLines.join('')).not.toContain(stack.key)
  },
)

it.each(['html', 'missing_fields', 'wrong_types', 'empty', 'other_installation'])(
  'is not connected on the word of an answer of the shape %s, but by asking again',
  async (shape) => {
    stack.sandbox.scenario('wrong_shape_next', { route: 'bind', shape })
    const { flow } = await ann.connect()
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
    expect(countGets(stack.sandbox, INSTALLATION_PATH)).toBe(1)
  },
)

it.each(['other_host', 'other_state'])('leads nobody to an install URL with %s', async (shape) => {
  stack.sandbox.scenario('wrong_shape_next', { route: 'install_url', shape })
  const flow = await ann.startFlow()
  expect(flow).toMatchObject({ status: 'blocked', error: 'install_url_refused' })
  expect(await ann.launch(flow.flowId)).toMatchObject({ status: 'ended' })
  expect(JSON.stringify(await ann.launch(flow.flowId))).not.toContain('example.net')
})

it('leads nobody to an install URL that has expired, and a new flow starts', async () => {
  stack.sandbox.scenario('wrong_shape_next', { route: 'install_url', shape: 'expired' })
  expect(await ann.startFlow()).toMatchObject({ status: 'blocked', error: 'install_url_refused' })
  expect(await ann.startFlow()).toMatchObject({ status: 'waiting' })
})

it('never outlives the install URL when the clocks of Layers and of the BFF differ', async () => {
  // The BFF's clock is ten minutes ahead, so for it the URL has five minutes left.
  stack.advance(10 * 60_000)
  const { startedAt, expiresAt } = await ann.startFlow()
  expect(Date.parse(expiresAt) - Date.parse(startedAt)).toBeLessThanOrEqual(5 * 60_000)
})

it('refuses an install URL on a host that is not configured, such as a GitHub Enterprise Server', async () => {
  await withStack({ bff: { githubUrl: 'https://github.com' } }, async (other) => {
    expect(await other.browser('ann').startFlow()).toMatchObject({
      status: 'blocked',
      error: 'install_url_refused',
    })
    expect(other.logLines.join('')).toContain('GITHUB_URL')
  })
})

it('refuses an install URL of another App when the App is configured', async () => {
  await withStack({ bff: { githubAppSlug: 'some-other-app' } }, async (other) => {
    expect(await other.browser('ann').startFlow()).toMatchObject({
      status: 'blocked',
      error: 'install_url_refused',
    })
    expect(other.logLines.join('')).toContain('GITHUB_APP_SLUG')
  })
})

it('goes on after a restart between the start and the return', async () => {
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  await stack.restart()
  await ann.navigate(returnUrl ?? '')
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})

it('does not call connected what Layers recorded but cannot use, and says why', async () => {
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  stack.sandbox.scenario('suspend', { account: 'acme-coffee' })
  await ann.navigate(returnUrl ?? '')
  expect(await ann.waitForEnd(flowId)).toMatchObject({
    status: 'refused',
    error: 'installation_unusable',
    account: { login: 'acme-coffee' },
  })
  expect(await ann.getConnection()).toMatchObject({ status: 'reconnect', reason: 'suspended' })
})

it.each([
  ['uninstalled', 'uninstall'],
  ['suspended', 'suspend'],
])('asks to reconnect when the installation was %s later', async (reason, scenario) => {
  await connect()
  stack.sandbox.scenario(scenario, { account: 'acme-coffee' })
  expect(await getCheckedConnection()).toMatchObject({
    status: 'reconnect',
    reason,
    account: { login: 'acme-coffee' },
  })
})

it('is connected again when a suspension was lifted', async () => {
  await connect()
  stack.sandbox.scenario('suspend', { account: 'acme-coffee' })
  await getCheckedConnection()
  stack.sandbox.scenario('unsuspend', { account: 'acme-coffee' })
  expect(await getCheckedConnection()).toMatchObject({ status: 'connected', reason: null })
})

it('asks to reconnect when Layers has no record of the binding any more', async () => {
  await connect()
  stack.sandbox.scenario('fail_next', { route: 'get_installation', status: 404, code: 'NOT_FOUND' })
  expect(await getCheckedConnection()).toMatchObject({ status: 'reconnect', reason: 'detached' })
})

it('keeps what it knows of a connection while Layers cannot be asked', async () => {
  await connect()
  const { checkedAt } = await ann.getConnection()
  stack.sandbox.scenario('fail_next', { route: 'get_installation', status: 500, code: 'INTERNAL' })
  expect(await getCheckedConnection()).toMatchObject({ status: 'connected', checkedAt, refreshing: false })
})

it('acts in the tenant’s own Layers organization on every call', async () => {
  await connect()
  await getCheckedConnection()
  const organizations = stack.sandbox.requests.map(({ headers }) => headers['x-layers-organization'])
  expect(organizations.length).toBeGreaterThanOrEqual(3)
  expect(new Set(organizations)).toEqual(new Set([ORGANIZATIONS.northwind.id]))
})
