// Guessing at installation ids: whatever number of people and flows a tenant brings, five guesses reach Layers in a quarter of an hour.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readAllRows } from '../bff/unchanged.ts'
import { ORGANIZATIONS, startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type Answer, type TestBrowser } from '../stack/test-browser.ts'
import { buildReturnUrl, getLatestState, INSTALLATION_PATH, listEvents, listPosts } from './what-happened.ts'

const GUESSES = 20
const ALLOWED = 5
const QUARTER_HOUR_MS = 15 * 60_000

let stack: Stack
beforeEach(async () => {
  stack = await startStack()
})
afterEach(() => stack.close())

interface Guess {
  readonly browser: TestBrowser
  readonly person: string
  readonly flowId: string
  readonly returnUrl: string
}

/** Opens flows of one tenant, each of another user, and makes up an id for each return. */
async function prepareGuesses(count = GUESSES): Promise<readonly Guess[]> {
  const guesses: Guess[] = []
  for (let index = 0; index < count; index += 1) {
    const person = `guesser${String.fromCodePoint(97 + index)}`
    const layersOrganization = ORGANIZATIONS.northwind.id
    stack.people.set(person, { tenantId: 'northwind', layersOrganization, userId: person, canConnect: true })
    const browser = stack.browser(person)
    const { flowId } = await browser.startFlow()
    const parameters = { state: getLatestState(stack.sandbox), setup_action: 'install' }
    const returnUrl = buildReturnUrl(stack, { ...parameters, installation_id: String(1000 + index) })
    guesses.push({ browser, person, flowId, returnUrl })
  }
  return guesses
}

function split(guesses: readonly Guess[], answers: readonly Answer[]) {
  const taken = guesses.filter((_, index) => answers[index]?.status === 303)
  const refused = guesses.filter((_, index) => answers[index]?.status === 429)
  expect(taken.length + refused.length).toBe(guesses.length)
  return { taken, refused }
}

async function expectUntouched({ browser, flowId }: Guess): Promise<void> {
  expect(await browser.getFlow(flowId)).toMatchObject({ status: 'waiting', version: 2, error: null })
  const row = readAllRows(stack.databaseFile)['flows']?.find(
    (flow) => typeof flow === 'object' && flow !== null && 'flow_id' in flow && flow.flow_id === flowId,
  )
  expect(row).toMatchObject({ installation_index: null, state_sealed: expect.any(String) })
}

async function expectCoraConnects(): Promise<void> {
  const cora = stack.browser('cora')
  const { flow } = await cora.connect({ account: 'nordwind-shop' })
  expect(await cora.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
}

/** Those of the guesses, not those of other tenants. */
const listGuessPosts = () =>
  stack.sandbox.requests.filter(
    ({ method, path, headers }) =>
      method === 'POST' &&
      path === INSTALLATION_PATH &&
      headers['x-layers-organization'] === ORGANIZATIONS.northwind.id,
  )

it.each<[string, number, (guesses: readonly Guess[]) => Promise<Answer[]>]>([
  [
    'at once, while none of the bindings has failed yet',
    300,
    (guesses) => Promise.all(guesses.map(({ browser, returnUrl }) => browser.navigate(returnUrl))),
  ],
  [
    'one after the other, each when the last has failed',
    0,
    async (guesses) => {
      const answers: Answer[] = []
      for (const { browser, flowId, returnUrl } of guesses) {
        const answer = await browser.navigate(returnUrl)
        if (answer.status === 303) await browser.waitForEnd(flowId)
        answers.push(answer)
      }
      return answers
    },
  ],
])('posts five of twenty guesses that come %s', async (_, delayMs, guess) => {
  const guesses = await prepareGuesses()
  if (delayMs > 0) stack.sandbox.scenario('delay_next', { route: 'bind', delayMs, times: ALLOWED })
  const answers = await guess(guesses)
  const { taken, refused } = split(guesses, answers)
  expect(taken).toHaveLength(ALLOWED)
  for (const { browser, flowId } of taken) {
    expect(await browser.waitForEnd(flowId)).toMatchObject({
      status: 'refused',
      error: 'installation_not_found',
    })
  }
  for (const flow of refused) await expectUntouched(flow)
  for (const { status, headers } of answers) {
    expect(headers.get('retry-after')).toBe(status === 429 ? '900' : null)
    // Where it is, so that the same URL works when the wait is over.
    if (status === 429) expect(headers.get('location')).toBeNull()
  }
  expect(listGuessPosts()).toHaveLength(ALLOWED)
  const events = listEvents(stack, 'failed_bindings_burst')
  expect(events).toHaveLength(GUESSES - ALLOWED)
  for (const event of events) expect(event).toMatchObject({ level: 'warn', security: true, count: ALLOWED })
  await expectCoraConnects()
  expect(listGuessPosts()).toHaveLength(ALLOWED)
})

it('posts five of twenty guesses whose people are asked for only after the return', async () => {
  const guesses = await prepareGuesses()
  const identities = new Map(stack.people)
  for (const { person } of guesses) stack.people.set(person, null)
  for (const { browser, returnUrl } of guesses) await browser.navigate(returnUrl)
  expect(listPosts(stack.sandbox)).toEqual([])
  for (const { person } of guesses) stack.people.set(person, identities.get(person) ?? null)

  stack.sandbox.scenario('delay_next', { route: 'bind', delayMs: 300, times: ALLOWED })
  const finishes = await Promise.all(
    guesses.map(({ browser, flowId }) => browser.fetchJson('POST', `/flows/${flowId}/finish`)),
  )
  expect(finishes.filter(({ status }) => status === 200)).toHaveLength(ALLOWED)
  expect(finishes.filter(({ status }) => status === 429)).toHaveLength(GUESSES - ALLOWED)
  for (const [index, { status }] of finishes.entries()) {
    const { browser, flowId } = guesses[index] ?? { browser: stack.browser(null), flowId: '' }
    if (status === 429) expect(await browser.getFlow(flowId)).toMatchObject({ status: 'returned' })
    else expect(await browser.waitForEnd(flowId)).toMatchObject({ error: 'installation_not_found' })
  }
  expect(listGuessPosts()).toHaveLength(ALLOWED)
})

it('counts no return that was refused because somebody else was signed in', async () => {
  for (const { browser, person, flowId, returnUrl } of await prepareGuesses(ALLOWED * 2)) {
    browser.cookies.set('session', 'bob')
    await browser.navigate(returnUrl)
    browser.cookies.set('session', person)
    expect(await browser.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
  }
  expect(listEvents(stack, 'failed_bindings_burst')).toEqual([])
  const ann = stack.browser('ann')
  const { flow } = await ann.connect()
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
})

it('lets the tenant go on after a quarter of an hour', async () => {
  for (const { browser, flowId, returnUrl } of await prepareGuesses(ALLOWED)) {
    await browser.navigate(returnUrl)
    await browser.waitForEnd(flowId)
  }
  const ann = stack.browser('ann')
  const start = () => ann.fetchJson('POST', '/flows', { flowId: createFlowId(), mode: 'popup' })
  expect(await start()).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } })
  stack.advance(QUARTER_HOUR_MS)
  stack.sandbox.advanceClock(QUARTER_HOUR_MS)
  const { flow } = await ann.connect()
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
})
