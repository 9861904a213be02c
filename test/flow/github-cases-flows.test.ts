// Cases around the flow itself: two at once, starting over, cancelling late, cookies that stay away, a code nobody asked for.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { watchForChanges } from '../bff/unchanged.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import { listEvents, listPosts, problemOf } from './what-happened.ts'

let stack: Stack
let ann: TestBrowser
beforeEach(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
})
afterEach(() => stack.close())

async function install(browser: TestBrowser, flowId: string, account = 'acme-coffee'): Promise<string> {
  const returnUrl = await browser.submitOnGitHub(await browser.getInstallUrl(flowId), { account })
  if (returnUrl === undefined) throw new Error('GitHub did not send the browser back')
  return returnUrl
}

it('keeps two flows in one browser apart: the newer replaces the older, and only it connects', async () => {
  const first = await ann.startFlow()
  const firstReturn = await install(ann, first.flowId)
  const second = await ann.startFlow()
  const secondReturn = await install(ann, second.flowId)
  await ann.navigate(firstReturn)
  expect(listPosts(stack.sandbox)).toEqual([])
  expect(await ann.getFlow(first.flowId)).toMatchObject({ status: 'superseded', error: 'flow_superseded' })
  expect(await ann.getFlow(second.flowId)).toMatchObject({ status: 'waiting' })

  await ann.navigate(secondReturn)
  expect(await ann.waitForEnd(second.flowId)).toMatchObject({ status: 'connected' })
  expect(listPosts(stack.sandbox)).toHaveLength(1)
})

it('lets two colleagues connect the same account at once: one binding, both connected', async () => {
  const bob = stack.browser('bob')
  const flows = [await ann.startFlow(), await bob.startFlow()] as const
  const returns = [await install(ann, flows[0].flowId), await install(bob, flows[1].flowId)] as const
  await Promise.all([ann.navigate(returns[0]), bob.navigate(returns[1])])
  expect(await ann.waitForEnd(flows[0].flowId)).toMatchObject({ status: 'connected' })
  expect(await bob.waitForEnd(flows[1].flowId)).toMatchObject({ status: 'connected' })
  expect(stack.sandbox.bindings).toHaveLength(1)
  await expect(bob.getFlow(flows[0].flowId)).rejects.toThrow('404')
})

it('lets the first of two colleagues with different accounts win, and names it to the second', async () => {
  const bob = stack.browser('bob')
  const flows = [await ann.startFlow(), await bob.startFlow()] as const
  const annReturn = await install(ann, flows[0].flowId, 'acme-coffee')
  const bobReturn = await install(bob, flows[1].flowId, 'nordwind-shop')
  await ann.navigate(annReturn)
  await ann.waitForEnd(flows[0].flowId)
  await bob.navigate(bobReturn)
  expect(await bob.waitForEnd(flows[1].flowId)).toMatchObject({
    status: 'conflict',
    error: 'already_bound',
    account: { login: 'acme-coffee' },
  })
  expect(await bob.getConnection()).toMatchObject({ status: 'connected', account: { login: 'acme-coffee' } })
})

it('leaves a flow alone that GitHub has come back to when the user starts over', async () => {
  stack.sandbox.scenario('delay_next', { route: 'bind', delayMs: 300 })
  const { flow } = await ann.connect({ account: 'acme-coffee' })
  await ann.startFlow()
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
})

it('posts nothing for a return into a cancelled flow', async () => {
  const { flowId } = await ann.startFlow()
  const returnUrl = await install(ann, flowId)
  expect(await ann.fetchJson('POST', `/flows/${flowId}/cancel`)).toMatchObject({
    body: { status: 'cancelled' },
  })
  await ann.navigate(returnUrl)
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'cancelled', error: 'flow_cancelled' })
  expect(listPosts(stack.sandbox)).toEqual([])
})

it('finishes a flow that is cancelled too late, and says so', async () => {
  stack.sandbox.scenario('delay_next', { route: 'bind', delayMs: 300 })
  const { flow } = await ann.connect({ account: 'acme-coffee' })
  expect(await ann.fetchJson('POST', `/flows/${flow.flowId}/cancel`)).toMatchObject({
    status: 200,
    body: { status: 'binding' },
  })
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
})

it.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  'http:evil.example',
])('leads back to the host page after a redirect flow that wanted to end at %s', async (returnTo) => {
  const { answer } = await ann.connect({ mode: 'redirect', returnTo })
  const location = new URL(answer.headers.get('location') ?? '')
  expect(location.origin).toBe(stack.publicOrigin)
  expect(location.pathname).not.toContain('//')
})

it('leads back to where a redirect flow started', async () => {
  const { answer } = await ann.connect({ mode: 'redirect', returnTo: '/settings?tab=github#here' })
  expect(answer.headers.get('location')).toBe(`${stack.publicOrigin}/settings?tab=github#here`)
})

it('answers a guessed flow id exactly like one of another tenant', async () => {
  const { flowId } = await ann.startFlow()
  const cora = stack.browser('cora')
  const [foreign, unknown] = [
    await cora.send(`/flows/${flowId}`),
    await cora.send(`/flows/${createFlowId()}`),
  ]
  const shapeOf = (text: string): string => text.replaceAll(/req_[\w-]+/g, 'req_')
  expect([foreign.status, shapeOf(foreign.text)]).toEqual([unknown.status, shapeOf(unknown.text)])
  expect(foreign.status).toBe(404)
})

it.each([
  ['POST', '/flows'],
  ['DELETE', '/connection'],
])('refuses %s %s from a page on another site', async (method, path) => {
  await ann.connect()
  const checkUnchanged = watchForChanges(stack)
  const statesBefore = stack.sandbox.states.length
  const answer = await ann.send(path, {
    method,
    headers: {
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ flowId: createFlowId(), mode: 'popup' }),
  })
  expect(answer.status).toBe(403)
  checkUnchanged()
  expect(stack.sandbox.states).toHaveLength(statesBefore)
})

it('ignores a code, logs none of it, and leaves the query behind at once', async () => {
  stack.sandbox.scenario('with_code_next')
  const { flowId } = await ann.startFlow()
  const returnUrl = await install(ann, flowId)
  const { searchParams } = new URL(returnUrl)
  const answer = await ann.navigate(returnUrl)
  expect(answer.headers.get('location')).toMatch(/\/done$/)
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  for (const name of ['code', 'state', 'installation_id']) {
    const value = searchParams.get(name) ?? ''
    expect(value).not.toBe('')
    expect(stack.logLines.join('')).not.toContain(value)
  }
  for (const { body } of listPosts(stack.sandbox))
    expect(Object.keys(Object(body))).toEqual(['installationId', 'state'])
})

it('binds after one question from our own origin when the session is SameSite=Strict', async () => {
  const strict = await startStack({
    bff: {
      // Browsers leave Strict cookies out of a navigation that comes from another site.
      identify: ({ headers }) =>
        headers['sec-fetch-site'] === 'cross-site'
          ? null
          : { tenantId: 'northwind', userId: 'ann', canConnect: true },
    },
  })
  try {
    const browser = strict.browser('ann')
    const { flow, answer } = await browser.connect({ mode: 'redirect', returnTo: '/settings' })
    expect(answer.headers.get('location')).toMatch(/\/done$/)
    expect(await browser.getFlow(flow.flowId)).toMatchObject({ status: 'returned' })
    expect(listPosts(strict.sandbox)).toEqual([])
    expect(await browser.fetchJson('POST', `/flows/${flow.flowId}/finish`)).toMatchObject({
      body: { status: 'binding' },
    })
    expect(await browser.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
    expect(listPosts(strict.sandbox)).toHaveLength(1)
  } finally {
    await strict.close()
  }
})

it('posts nothing when a return is confirmed after the flow’s time', async () => {
  const identity = stack.people.get('ann') ?? null
  const { flowId } = await ann.startFlow()
  const returnUrl = await install(ann, flowId)
  stack.people.set('ann', null)
  await ann.navigate(returnUrl)
  stack.people.set('ann', identity)
  stack.advance(15 * 60_000)
  expect(await ann.fetchJson('POST', `/flows/${flowId}/finish`)).toMatchObject({ status: 200 })
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'expired', error: 'flow_expired' })
  expect(listPosts(stack.sandbox)).toEqual([])
})

it('gives the same flow again when its start is repeated, and fetches one install URL', async () => {
  const flowId = createFlowId()
  const [first, second] = await Promise.all([ann.startFlow({ flowId }), ann.startFlow({ flowId })])
  expect(first).toEqual(second)
  expect(await ann.startFlow({ flowId })).toEqual(first)
  expect(stack.sandbox.states).toHaveLength(1)
  expect(problemOf(await ann.navigate(await install(ann, flowId)))).toBeUndefined()
  expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  expect(listEvents(stack, 'flow_created')).toHaveLength(1)
})
