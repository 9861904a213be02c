// The role is taken away, or given, between two steps of a flow: it is asked for again at each step that leads on.
import { afterEach, describe, expect, it } from 'vitest'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { loadBroken } from './load-broken-bff.ts'
import { listEvents, listPosts } from './what-happened.ts'

let stack: Stack
let ann: TestBrowser
let usesTokens = false
afterEach(() => stack.close())

async function start(options: StackOptions): Promise<void> {
  stack = await startStack(options)
  usesTokens = options.identity === 'token'
  ann = stack.browser('ann')
  await renewToken()
}

async function renewToken(): Promise<void> {
  if (usesTokens) ann.token = await stack.signToken('ann')
}

/** From now on, that is what the session says. A token says it when a request brings the new one. */
async function setRole(canConnect: boolean): Promise<void> {
  const person = stack.people.get('ann')
  if (person == null) throw new Error('nobody is called ann')
  stack.people.set('ann', { ...person, canConnect })
  await renewToken()
}

async function goToGitHub(form: Record<string, string> = {}): Promise<{ flowId: string; returnUrl: string }> {
  const { flowId } = await ann.startFlow()
  const url = await ann.getInstallUrl(flowId)
  const returnUrl = await ann.submitOnGitHub(url, { account: 'acme-coffee', ...form })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  return { flowId, returnUrl }
}

/** Opens a URL of GitHub's when neither session nor a token that still holds can vouch for the person. */
async function navigateUnseen(url: string): Promise<void> {
  const person = stack.people.get('ann') ?? null
  stack.people.set('ann', null)
  // Tokens hold five minutes in these tests; flows a quarter of an hour.
  stack.advance(6 * 60_000)
  await ann.navigate(url)
  stack.people.set('ann', person)
  await renewToken()
}

const finish = async (flowId: string): Promise<unknown> => ann.fetchJson('POST', `/flows/${flowId}/finish`)
const statusOf = async (flowId: string): Promise<string> => (await ann.getFlow(flowId)).status

async function authorize(flowId: string): Promise<string> {
  expect(await statusOf(flowId)).toBe('authorizing')
  return ann.authorizeOnGitHub(await ann.getInstallUrl(flowId))
}

interface Step {
  readonly title: string
  readonly ownership?: 'own-app'
  /** Brings a flow to where the role changes; gives back how it would go on. */
  readonly reach: () => Promise<{ readonly flowId: string; readonly goOn: () => Promise<unknown> }>
}

const STEPS: readonly Step[] = [
  {
    title: 'being on GitHub and coming back',
    reach: async () => {
      const { flowId, returnUrl } = await goToGitHub()
      return { flowId, goOn: () => ann.navigate(returnUrl) }
    },
  },
  {
    title: 'coming back unseen and being confirmed',
    reach: async () => {
      const { flowId, returnUrl } = await goToGitHub()
      await navigateUnseen(returnUrl)
      expect(await statusOf(flowId)).toBe('returned')
      return { flowId, goOn: () => finish(flowId) }
    },
  },
  {
    title: 'asking an owner and the owner’s approval',
    reach: async () => {
      const { flowId, returnUrl } = await goToGitHub()
      const request = new URL(returnUrl)
      request.searchParams.delete('installation_id')
      request.searchParams.set('setup_action', 'request')
      await ann.navigate(request.href)
      expect(await statusOf(flowId)).toBe('awaiting_approval')
      return { flowId, goOn: () => ann.navigate(returnUrl) }
    },
  },
  {
    title: 'installing and saying who one is',
    ownership: 'own-app',
    reach: async () => {
      const { flowId, returnUrl } = await goToGitHub()
      await ann.navigate(returnUrl)
      const authorized = await authorize(flowId)
      return { flowId, goOn: () => ann.navigate(authorized) }
    },
  },
  {
    title: 'installing unseen and being confirmed, before saying who one is',
    ownership: 'own-app',
    reach: async () => {
      const { flowId, returnUrl } = await goToGitHub()
      await navigateUnseen(returnUrl)
      expect(await statusOf(flowId)).toBe('returned')
      return { flowId, goOn: () => finish(flowId) }
    },
  },
  {
    title: 'saying who one is, unseen, and being confirmed',
    ownership: 'own-app',
    reach: async () => {
      const { flowId, returnUrl } = await goToGitHub()
      await ann.navigate(returnUrl)
      await navigateUnseen(await authorize(flowId))
      expect(await statusOf(flowId)).toBe('returned')
      return { flowId, goOn: () => finish(flowId) }
    },
  },
]

const REFUSED = { status: 'refused', error: 'forbidden', account: null }

function expectNothingPosted(): void {
  expect(listPosts(stack.sandbox)).toEqual([])
  expect(stack.sandbox.userTokens).toEqual([])
}

describe.each(['session', 'token'] as const)('with identity by %s', (identity) => {
  const startFor = ({ ownership }: Step): Promise<void> =>
    start({ identity, ...(ownership === undefined ? {} : { ownership }) })
  /** A session is seen when the flow goes on; a token has to be shown before. */
  const showRole = async (): Promise<unknown> => (identity === 'token' ? ann.getConnection() : undefined)

  it.each(STEPS)('a role lost between $title ends the flow, and nothing is posted', async (step) => {
    await startFor(step)
    const { flowId, goOn } = await step.reach()
    await setRole(false)
    await showRole()
    await goOn()
    expect(await ann.getFlow(flowId)).toMatchObject(REFUSED)
    expectNothingPosted()
    const security = [...listEvents(stack, 'return_refused'), ...listEvents(stack, 'finish_refused')]
    const noticed = identity === 'token' ? listEvents(stack, 'person_changed') : security
    expect(noticed).toMatchObject([{ security: true, code: 'forbidden' }])
  })

  it.each(STEPS)('a flow that ended so between $title stays ended when the role is back', async (step) => {
    await startFor(step)
    const { flowId, goOn } = await step.reach()
    await setRole(false)
    await showRole()
    await goOn()
    await setRole(true)
    await goOn()
    await finish(flowId)
    expect(await ann.waitForEnd(flowId)).toMatchObject(REFUSED)
    expectNothingPosted()
    expect((await ann.startFlow()).status).toBe('waiting')
  })

  it.each(STEPS)('a role that is kept leads on from $title', async (step) => {
    await startFor(step)
    const { flowId, goOn } = await step.reach()
    await showRole()
    await goOn()
    if ((await statusOf(flowId)) === 'authorizing') await ann.navigate(await authorize(flowId))
    expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  })

  it('a role lost while Layers is asked does not undo what was accepted', async () => {
    await start({ identity })
    stack.sandbox.scenario('fail_next', { route: 'bind', status: 503, code: 'UNAVAILABLE', times: 3 })
    const { flow } = await ann.connect()
    await setRole(false)
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
    expect(await ann.getConnection()).toMatchObject({ status: 'connected', canConnect: false })
  })

  it('whoever is given the role connects at once', async () => {
    await start({ identity })
    await setRole(false)
    expect((await ann.fetchJson('POST', '/flows', { flowId: createFlowId(), mode: 'popup' })).status).toBe(
      403,
    )
    expect(await ann.getConnection()).toMatchObject({ canConnect: false, flow: null })
    await setRole(true)
    expect(await ann.getConnection()).toMatchObject({ canConnect: true })
    const { flow } = await ann.connect()
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
  })

  it('the role is one’s own: it does not finish a colleague’s flow in the same browser', async () => {
    await start({ identity })
    const { flowId, returnUrl } = await goToGitHub()
    if (usesTokens) ann.token = await stack.signToken('bob')
    else ann.cookies.set('session', 'bob')
    await showRole()
    await ann.navigate(returnUrl)
    if (!usesTokens) ann.cookies.set('session', 'ann')
    await renewToken()
    expect(await ann.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
    expectNothingPosted()
  })
})

it('a role that nobody has seen to be gone and come back leaves the flow alone', async () => {
  await start({})
  const { flowId, returnUrl } = await goToGitHub()
  await setRole(false)
  expect(await ann.getConnection()).toMatchObject({ canConnect: false, flow: { flowId, status: 'waiting' } })
  await setRole(true)
  await ann.navigate(returnUrl)
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
})

const ROLE: Breakage = {
  file: 'flows/person-problem.ts',
  from: "return person.canConnect ? undefined : 'forbidden'",
  to: 'return undefined',
}

it.each(['session', 'token'] as const)(
  'connects without the role when it is not asked for again, so these tests would notice: %s',
  async (identity) => {
    await start({ identity, build: loadBroken([ROLE]) })
    const { flowId, returnUrl } = await goToGitHub()
    await setRole(false)
    await ann.getConnection()
    await ann.navigate(returnUrl)
    expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  },
)
