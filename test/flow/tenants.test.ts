// Two tenants on one BFF: what is one's is nothing to the other, on every route.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Identity } from '../../bff/index.ts'
import { ROUTES } from '../../bff/routes/index.ts'
import { watchForChanges } from '../bff/unchanged.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type Answer, type TestBrowser } from '../stack/test-browser.ts'
import { listPosts, problemOf } from './what-happened.ts'

const PERSON_ROUTES = ROUTES.filter(({ access }) => access === 'person' || access === 'own-page').map(
  ({ method, path }) => ({ method, path }),
)
const FLOW_ROUTES = PERSON_ROUTES.filter(({ path }) => path.includes(':flowId'))
const CHANGES = PERSON_ROUTES.filter(({ method }) => method !== 'GET')

/** As the widget asks. */
function ask(
  browser: TestBrowser,
  { method, path }: { method: string; path: string },
  flowId: string,
): Promise<Answer> {
  return browser.send(path.replace(':flowId', flowId), {
    method,
    headers: {
      'sec-fetch-site': 'same-origin',
      'x-connect-github': '1',
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
    },
    ...(method === 'POST'
      ? { body: path === '/flows' ? JSON.stringify({ flowId, mode: 'popup' }) : '{}' }
      : {}),
  })
}

/** What two answers have in common when they say nothing about anybody. */
function shapeOf({ status, text, headers }: Answer): unknown {
  const names = [...headers.keys()].filter((name) => name !== 'date').toSorted()
  return { status, text: text.replaceAll(/req_[\w-]{22}/g, 'req_'), names }
}

describe('every route', () => {
  let stack: Stack
  let ann: TestBrowser
  let flowId: string
  beforeAll(async () => {
    stack = await startStack({ bff: { limits: { startsPerUser: 1e6, startsPerTenant: 1e6 } } })
    ann = stack.browser('ann')
    flowId = (await ann.startFlow()).flowId
  })
  afterAll(() => stack.close())

  it('is in this matrix', () => {
    expect(PERSON_ROUTES.length).toBeGreaterThanOrEqual(7)
    expect(FLOW_ROUTES.length).toBeGreaterThanOrEqual(4)
  })

  it.each(PERSON_ROUTES)('$method $path answers 401 to nobody, and changes nothing', async (route) => {
    const checkUnchanged = watchForChanges(stack)
    const answer = await ask(stack.browser(null), route, flowId)
    expect(answer.status).toBe(401)
    expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'session_required' } })
    expect(answer.headers.getSetCookie()).toEqual([])
    checkUnchanged()
  })

  it.each(FLOW_ROUTES)(
    '$method $path answers for a flow of another tenant or a colleague what it answers for none',
    { timeout: 30_000 },
    async (route) => {
      const checkUnchanged = watchForChanges(stack)
      // Also with the flow's cookie in hand: it is no session.
      const cora = stack.browser('cora')
      for (const [name, value] of ann.cookies) if (name !== 'session') cora.cookies.set(name, value)
      const [foreign, colleagues, unknown] = await Promise.all([
        ask(cora, route, flowId),
        ask(stack.browser('bob'), route, flowId),
        ask(cora, route, createFlowId()),
      ])
      expect(shapeOf(foreign)).toEqual(shapeOf(unknown))
      expect(shapeOf(colleagues)).toEqual(shapeOf(unknown))
      // The launch page may be here before its flow is, so for that route an unknown flow is one that is yet to come.
      if (route.path.endsWith('/launch'))
        expect([foreign.status, foreign.text]).toEqual([202, '{"status":"pending"}'])
      else expect(foreign.status).toBe(404)
      checkUnchanged()
    },
  )

  it.each(CHANGES.filter(({ path }) => !path.includes(':flowId')))(
    '$method $path answers 403 to somebody who may only look, and changes nothing',
    async (route) => {
      const checkUnchanged = watchForChanges(stack)
      const answer = await ask(stack.browser('vera'), route, createFlowId())
      expect(answer.status).toBe(403)
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'forbidden' } })
      expect(answer.headers.getSetCookie()).toEqual([])
      checkUnchanged()
    },
  )

  it.each(ROUTES.filter(({ access, path }) => access === 'navigation' && path.includes(':flowId')))(
    '$method $path shows a stranger the same for a flow of somebody else as for none',
    async ({ path }) => {
      const cora = stack.browser('cora')
      const foreign = await cora.navigate(path.replace(':flowId', flowId))
      const unknown = await cora.navigate(path.replace(':flowId', createFlowId()))
      expect(shapeOf(foreign)).toEqual(shapeOf(unknown))
      expect(foreign.text).not.toContain(flowId)
    },
  )

  it('gives an id that is another tenant’s flow to nobody', async () => {
    const checkUnchanged = watchForChanges(stack)
    const answer = await ask(stack.browser('cora'), { method: 'POST', path: '/flows' }, flowId)
    expect(answer.status).toBe(400)
    expect(answer.headers.getSetCookie()).toEqual([])
    checkUnchanged()
  })

  it('lets somebody who may only look see the connection', async () => {
    expect(await stack.browser('vera').getConnection()).toMatchObject({
      status: 'not_connected',
      canConnect: false,
    })
  })
})

describe('one person in two tenants', () => {
  it('keeps their flows apart, although user ids are equal', async () => {
    const stack = await startStack()
    try {
      const inNorthwind = stack.people.get('ann')
      const inGlobex = stack.people.get('cora')
      if (inNorthwind == null || inGlobex == null) throw new Error('both are people of the stack')
      const ann = stack.browser('ann')
      const { flowId } = await ann.startFlow()
      stack.people.set('ann', { ...inGlobex, userId: 'ann' })
      await expect(ann.getFlow(flowId)).rejects.toThrow('404')
      expect(await ann.getConnection()).toMatchObject({ status: 'not_connected', flow: null })
      await ann.startFlow()
      stack.people.set('ann', inNorthwind)
      expect(await ann.getFlow(flowId)).toMatchObject({ status: 'waiting' })
    } finally {
      await stack.close()
    }
  })
})

describe('a Layers organization that tenants share', () => {
  let stack: Stack
  beforeEach(async () => {
    stack = await startStack()
    for (const [name, tenantId] of [
      ['ann', 'northwind'],
      ['bob', 'northwind'],
      ['cora', 'globex'],
    ] as const) {
      stack.people.set(name, { tenantId, userId: name, canConnect: true } satisfies Identity)
    }
  })
  afterEach(() => stack.close())

  it('belongs to the first tenant that connects; the second meets a conflict without a name', async () => {
    const ann = stack.browser('ann')
    const { flow: first } = await ann.connect({ account: 'acme-coffee' })
    await ann.waitForEnd(first.flowId)
    const cora = stack.browser('cora')
    const { flow, answer } = await cora.connect({ account: 'nordwind-shop' })
    expect(await cora.getFlow(flow.flowId)).toMatchObject({
      status: 'conflict',
      error: 'already_bound',
      account: null,
    })
    const page = await cora.navigate(answer.headers.get('location') ?? '')
    const view = await cora.getConnection()
    expect(view).toMatchObject({ status: 'not_connected', account: null, manageUrl: null })
    expect(page.text + JSON.stringify(view)).not.toMatch(/acme|northwind/)
    expect(listPosts(stack.sandbox)).toHaveLength(1)
    expect(await ann.getConnection()).toMatchObject({
      status: 'connected',
      account: { login: 'acme-coffee' },
    })
  })

  it('belongs to the tenant whose binding is on its way, too', async () => {
    stack.sandbox.scenario('delay_next', { route: 'bind', delayMs: 300 })
    const ann = stack.browser('ann')
    const cora = stack.browser('cora')
    const { flow: first } = await ann.connect({ account: 'acme-coffee' })
    const { flow: second } = await cora.connect({ account: 'nordwind-shop' })
    expect(await cora.getFlow(second.flowId)).toMatchObject({ status: 'conflict', account: null })
    expect(await ann.waitForEnd(first.flowId)).toMatchObject({ status: 'connected' })
  })

  it('names no account when Layers knows of a binding that the BFF does not', async () => {
    const ann = stack.browser('ann')
    stack.sandbox.scenario('fail_next', { route: 'bind', status: 409, code: 'CONFLICT' })
    const { flow } = await ann.connect({ account: 'acme-coffee' })
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'conflict', account: null })
  })

  it('stays with a tenant that has only forgotten its connection, because Layers still has the binding', async () => {
    const ann = stack.browser('ann')
    const { flow: first } = await ann.connect({ account: 'acme-coffee' })
    await ann.waitForEnd(first.flowId)
    expect(await ask(ann, { method: 'DELETE', path: '/connection' }, '')).toMatchObject({ status: 200 })
    const cora = stack.browser('cora')
    const { flow } = await cora.connect({ account: 'acme-coffee' })
    expect(await cora.getFlow(flow.flowId)).toMatchObject({ status: 'refused', error: 'installation_in_use' })
    const { flow: again } = await ann.connect({ account: 'acme-coffee' })
    expect(await ann.waitForEnd(again.flowId)).toMatchObject({ status: 'connected' })
  })
})

it('refuses one installation wanted by two tenants at once to one of them', async () => {
  const stack = await startStack()
  try {
    const [ann, cora] = [stack.browser('ann'), stack.browser('cora')]
    const start = async (browser: TestBrowser) => {
      const { flowId } = await browser.startFlow()
      return {
        flowId,
        returnUrl: await browser.submitOnGitHub(await browser.getInstallUrl(flowId), {
          account: 'acme-coffee',
        }),
      }
    }
    const [first, second] = [await start(ann), await start(cora)]
    const answers = await Promise.all([
      ann.navigate(first.returnUrl ?? ''),
      cora.navigate(second.returnUrl ?? ''),
    ])
    expect(answers.map(problemOf)).toEqual([undefined, undefined])
    const ended = [await ann.waitForEnd(first.flowId), await cora.waitForEnd(second.flowId)]
    expect(ended.map(({ status, error }) => error ?? status).toSorted()).toEqual([
      'connected',
      'installation_in_use',
    ])
    expect(stack.sandbox.bindings).toHaveLength(1)
  } finally {
    await stack.close()
  }
})
