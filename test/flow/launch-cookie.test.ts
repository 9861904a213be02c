// The way to GitHub needs the browser that started the flow, and a person who may connect.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { WireError } from '../../bff/contract.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { listEvents } from './what-happened.ts'

/** How long the answer with the cookie may take. */
const GRACE_MS = 5_000

let stack: Stack
let ann: TestBrowser
let flowId: string
beforeEach(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
  flowId = (await ann.startFlow()).flowId
})
afterEach(() => stack.close())

const launchIn = (browser: TestBrowser) => browser.fetchJson<WireError>('POST', `/flows/${flowId}/launch`)

it('is asked to come again while the cookie may be on its way, and refused when it will not come any more', async () => {
  const other = stack.browser('ann')
  stack.advance(GRACE_MS - 2_000)
  expect(await launchIn(other)).toEqual({ status: 202, body: { status: 'pending' } })
  expect(listEvents(stack, 'request_refused')).toEqual([])
  stack.advance(2_000)
  expect(await launchIn(other)).toMatchObject({
    status: 403,
    body: { error: { code: 'return_other_browser' } },
  })
  expect(listEvents(stack, 'request_refused')).toMatchObject([
    {
      code: 'return_other_browser',
      detail: expect.stringMatching(/no flow cookie.*same site.*https.*ALLOWED_ORIGINS/),
    },
  ])
  expect(await ann.launch(flowId)).toMatchObject({ status: 'ready' })
})

it('counts the time from when GitHub could be opened, not from the click', async () => {
  // A minute passes for the BFF while it waits for Layers' install URL.
  stack.sandbox.scenario('delay_next', { route: 'install_url', delayMs: 300 })
  const created = stack.waitForLog((line) => {
    const fields: Record<string, unknown> = JSON.parse(line)
    return fields['event'] === 'flow_created' && listEvents(stack, 'flow_created').length === 2
  })
  const starting = ann.startFlow()
  await created
  stack.advance(60_000)
  flowId = (await starting).flowId
  expect(await launchIn(stack.browser('ann'))).toEqual({ status: 202, body: { status: 'pending' } })
})

it('goes on as soon as the cookie is there', async () => {
  const other = stack.browser('ann')
  expect(await launchIn(other)).toMatchObject({ status: 202 })
  for (const [name, value] of ann.cookies) other.cookies.set(name, value)
  expect(await other.launch(flowId)).toMatchObject({ status: 'ready' })
})

it.each([
  ['somebody who may only look', 'vera'],
  ['the one who started, without the role', 'ann'],
])('is refused to %s, at once and with the cookie in hand', async (_, person) => {
  const identity = stack.people.get(person)
  if (identity == null) throw new Error(`${person} is one of the people`)
  stack.people.set(person, { ...identity, canConnect: false })
  const browser = stack.browser(person)
  for (const [name, value] of ann.cookies) if (name !== 'session') browser.cookies.set(name, value)
  expect(await launchIn(browser)).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } })
})
