// A second tenant does all that a customer can, beside a first one: it may meet an obstacle without a name, and moves nothing of the first's.
import { isDeepStrictEqual } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { FLOW_STATUSES, type FlowView } from '../../bff/contract.ts'
import { flowViewSchema, launchAnswerSchema } from '../../bff/wire-schemas.ts'
import { ORGANIZATIONS, type StackOptions } from '../stack/start-stack.ts'
import { createFlowId, type Answer } from '../stack/test-browser.ts'
import {
  ACCOUNT,
  ARRANGEMENTS,
  ask,
  FIRST_TENANT,
  readRowsOf,
  setStage,
  startBody,
  textOf,
  type Arrangement,
  type Stage,
} from './tenant-stage.ts'
import { listPosts } from './what-happened.ts'

const OTHER_ACCOUNT = 'nordwind-shop'

let stage: Stage
afterEach(() => stage.close())

async function start(arrangement: Arrangement, options: Omit<StackOptions, 'identity'> = {}): Promise<void> {
  stage = await setStage(arrangement, options)
  // GitHub then says with the installation itself who made it; without proof of ownership nobody looks at that.
  stage.stack.sandbox.configureApp('connector', { requestAuthorizationOnInstall: true })
}

/** What the first tenant has when the second one comes. */
const HOLDINGS: readonly [what: string, hold: () => Promise<void>][] = [
  [
    'is connected, and on GitHub with another flow',
    async () => {
      await connectFirst()
      await stage.ann.startFlow()
    },
  ],
  [
    'has a binding under way',
    async () => {
      const failure = { status: 429, code: 'RATE_LIMITED', retryAfterSeconds: 60 }
      stage.stack.sandbox.scenario('fail_next', { route: 'bind', ...failure })
      await stage.ann.connect({ account: ACCOUNT })
      await stage.stack.waitForLog((line) => line.includes('"binding_retry"'))
    },
  ],
  [
    'has forgotten its connection',
    async () => {
      await connectFirst()
      await stage.ann.fetchJson('DELETE', '/connection')
    },
  ],
]

async function connectFirst(): Promise<void> {
  const { flow } = await stage.ann.connect({ account: ACCOUNT })
  expect(await stage.ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
}

/** Uses every route as cora, connects this account or tries to, and gives back all she saw. */
async function doEverything(account: string): Promise<{ flow: FlowView; answers: readonly Answer[] }> {
  const cora = await stage.open('foreign')
  const answers: Answer[] = []
  async function call(method: string, path: string, access = 'person', body?: string): Promise<Answer> {
    const answer = await ask(cora, { method, path, access }, body)
    answers.push(answer)
    return answer
  }
  async function getFlow(flowId: string, query = ''): Promise<FlowView> {
    return flowViewSchema.parse(JSON.parse((await call('GET', `/flows/${flowId}${query}`)).text))
  }
  async function look(): Promise<void> {
    await call('GET', '/connection')
    await call('GET', '/repositories')
  }

  await look()
  const flowId = createFlowId()
  await call('POST', '/flows', 'person', startBody(flowId))
  await call('GET', `/flows/${flowId}/launch`, 'navigation')
  const launched = await call('POST', `/flows/${flowId}/launch`, 'own-page')
  const launch = launchAnswerSchema.parse(JSON.parse(launched.text))
  if (launch.status !== 'ready') throw new Error('the install page is not ready')
  const returnUrl = await cora.submitOnGitHub(launch.url, { account })
  await call('GET', returnUrl ?? '', 'navigation')
  await call('GET', returnUrl ?? '', 'navigation')
  await call('GET', `/flows/${flowId}/done`, 'navigation')
  await call('POST', `/flows/${flowId}/finish`)
  let flow = await getFlow(flowId)
  while (FLOW_STATUSES[flow.status].open) flow = await getFlow(flowId, `?after=${flow.version}&wait=10`)
  await call('GET', `/flows/${flowId}/done`, 'navigation')
  await call('POST', `/flows/${flowId}/launch`, 'own-page')
  await look()
  const second = createFlowId()
  await call('POST', '/flows', 'person', startBody(second))
  await call('POST', `/flows/${second}/cancel`)
  await call('DELETE', '/connection')
  await look()
  return { flow, answers }
}

/** How the second tenant's try ends. */
function endingOf({ organizations }: Arrangement, account: string): object {
  if (account === ACCOUNT) return { status: 'refused', error: 'installation_in_use', account: null }
  if (organizations === 'shared') return { status: 'conflict', error: 'already_bound', account: null }
  return { status: 'connected', error: null, account: { login: OTHER_ACCOUNT } }
}

/** What came of it, and what the first tenant would say to it. */
async function meet(account: string) {
  const { stack } = stage
  const secrets = stage.listSecrets()
  const rows = readRowsOf(stack, FIRST_TENANT)
  const postsBefore = listPosts(stack.sandbox).length
  stack.advance(1_000)
  const { flow, answers } = await doEverything(account)
  const seen = answers.map(textOf).join('\n\n')
  return {
    flow,
    seen: secrets.filter((secret) => seen.includes(secret)),
    changed: !isDeepStrictEqual(readRowsOf(stack, FIRST_TENANT), rows),
    posted: listPosts(stack.sandbox).length - postsBefore,
  }
}

/** What the first tenant may notice of all this, and how it ends for the second. */
function expectedFor(arrangement: Arrangement, account: string): object {
  const isConnected = arrangement.organizations === 'own' && account === OTHER_ACCOUNT
  return { flow: endingOf(arrangement, account), seen: [], changed: false, posted: isConnected ? 1 : 0 }
}

const CASES = ARRANGEMENTS.flatMap((arrangement) =>
  [ACCOUNT, OTHER_ACCOUNT].map(
    (account) => [arrangement.identity, arrangement.organizations, account, arrangement] as const,
  ),
)

describe.each(HOLDINGS)('when the first tenant %s', (_what, hold) => {
  it.each(CASES)(
    'with identity by %s and an %s organization, whoever brings %s sees and changes nothing of it',
    async (_identity, _organizations, account, arrangement) => {
      await start(arrangement)
      await hold()
      expect(await meet(account)).toMatchObject(expectedFor(arrangement, account))
    },
  )
})

describe('when ownership has to be proved', () => {
  it.each(CASES)(
    'with identity by %s and an %s organization, an owner who brings %s sees and changes nothing either',
    async (_identity, _organizations, account, arrangement) => {
      await start(arrangement, { ownership: 'own-app' })
      await connectFirst()
      expect(await meet(account)).toMatchObject(expectedFor(arrangement, account))
    },
  )
})

describe('when the partner names its own Layers organization for one tenant, and none for the other', () => {
  it.each<[string, string | undefined, string | undefined]>([
    ['the first', ORGANIZATIONS.parent.id, undefined],
    ['the second', undefined, ORGANIZATIONS.parent.id],
  ])('for %s, the second meets a conflict without a name', async (_which, first, second) => {
    await start({ identity: 'session', organizations: 'shared' })
    const { people } = stage.stack
    for (const [name, layersOrganization] of [
      ['ann', first],
      ['cora', second],
    ] as const) {
      const person = people.get(name)
      if (person == null) throw new Error(`nobody is called ${name}`)
      people.set(name, { ...person, layersOrganization })
    }
    await connectFirst()
    const met = await meet(OTHER_ACCOUNT)
    expect(met.flow).toMatchObject({ status: 'conflict', error: 'already_bound', account: null })
    expect(met).toMatchObject({ seen: [], changed: false })
  })
})
