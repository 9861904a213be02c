// The host's session says something else than before: another Layers organization, or nobody for a while.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ORGANIZATIONS, startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { countGets, INSTALLATION_PATH, listPosts } from './what-happened.ts'

let stack: Stack
let ann: TestBrowser
beforeEach(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
})
afterEach(() => stack.close())

describe('a connection of a tenant that has moved to another Layers organization', () => {
  const OWN = ORGANIZATIONS.northwind.id
  const moveTo = (layersOrganization: string | undefined): void => {
    for (const userId of ['ann', 'bob'])
      stack.people.set(userId, { tenantId: 'northwind', userId, canConnect: true, layersOrganization })
  }

  beforeEach(async () => {
    const { flow } = await ann.connect()
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
  })

  it.each([
    ['another one', ORGANIZATIONS.globex.id],
    ['the partner key’s own', undefined],
  ])('is to be made again, and is not asked about in the former one: %s', async (_, organization) => {
    moveTo(organization)
    const asked = countGets(stack.sandbox, INSTALLATION_PATH)
    for (let visit = 0; visit < 3; visit += 1) {
      stack.advance(31_000)
      for (const person of ['ann', 'bob']) {
        expect(await stack.browser(person).getConnection()).toMatchObject({
          status: 'reconnect',
          reason: 'detached',
          account: { login: 'acme-coffee' },
          refreshing: false,
        })
      }
    }
    expect(countGets(stack.sandbox, INSTALLATION_PATH)).toBe(asked)
  })

  it('works again when the tenant moves back, and is asked about again', async () => {
    moveTo(ORGANIZATIONS.globex.id)
    expect(await ann.getConnection()).toMatchObject({ status: 'reconnect', reason: 'detached' })
    moveTo(OWN)
    stack.advance(31_000)
    let view = await ann.getConnection()
    expect(view).toMatchObject({ status: 'connected', reason: null, refreshing: true })
    while (view.refreshing) view = await ann.getConnection()
    expect(view).toMatchObject({ status: 'connected', reason: null })
    expect(countGets(stack.sandbox, INSTALLATION_PATH)).toBe(1)
  })

  it('is made again in the new one', async () => {
    moveTo(undefined)
    const { flow } = await ann.connect()
    expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
    expect(await ann.getConnection()).toMatchObject({ status: 'connected', reason: null })
    expect(stack.sandbox.bindings.map(({ organizationId }) => organizationId)).toEqual([
      OWN,
      ORGANIZATIONS.parent.id,
    ])
  })
})

it('cancels a flow that is back from GitHub and waits for its person, and nothing is posted afterwards', async () => {
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  const identity = stack.people.get('ann') ?? null
  stack.people.set('ann', null)
  await ann.navigate(returnUrl ?? '')
  stack.people.set('ann', identity)
  expect(await ann.getFlow(flowId)).toMatchObject({ status: 'returned' })

  const cancelled = { status: 'cancelled', error: 'flow_cancelled' }
  const cancel = () => ann.fetchJson('POST', `/flows/${flowId}/cancel`)
  expect(await cancel()).toMatchObject({ status: 200, body: cancelled })
  const { version } = await ann.getFlow(flowId)
  expect(await ann.fetchJson('POST', `/flows/${flowId}/finish`)).toMatchObject({
    status: 200,
    body: cancelled,
  })
  await ann.navigate(returnUrl ?? '')
  expect(await cancel()).toMatchObject({ status: 200, body: cancelled })
  expect(await ann.getFlow(flowId)).toMatchObject({ ...cancelled, version })
  expect(await ann.getConnection()).toMatchObject({ status: 'not_connected', flow: null })
  expect(listPosts(stack.sandbox)).toEqual([])
})
