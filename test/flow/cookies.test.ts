// The flow's cookie: how it is set, how many there are, and that a return without it does nothing.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { watchForChanges } from '../bff/unchanged.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createFlowId, type Answer, type TestBrowser } from '../stack/test-browser.ts'
import { listPosts, problemOf } from './what-happened.ts'

const PREFIX = '__Host-connect-github-'

let stack: Stack
let ann: TestBrowser
beforeEach(async () => {
  stack = await startStack({ bff: { limits: { startsPerUser: 1e6, startsPerTenant: 1e6 } } })
  ann = stack.browser('ann')
})
afterEach(() => stack.close())

interface SetCookie {
  readonly name: string
  readonly value: string
  /** Names in lower case, in the order they came; a flag's value is ''. */
  readonly attributes: Readonly<Record<string, string>>
}

function parseSetCookie(line: string): SetCookie {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim())
  const attributes = rest.map((part) => {
    const [name = '', ...value] = part.split('=')
    return [name.toLowerCase(), value.join('=')] as const
  })
  return {
    name: pair.slice(0, pair.indexOf('=')),
    value: pair.slice(pair.indexOf('=') + 1),
    attributes: Object.fromEntries(attributes),
  }
}

function start(browser: TestBrowser, flowId = createFlowId()): Promise<Answer> {
  return browser.send('/flows', {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', 'x-connect-github': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ flowId, mode: 'popup' }),
  })
}

const flowCookiesOf = ({ cookies }: TestBrowser): string[] =>
  [...cookies.keys()].filter((name) => name.startsWith(PREFIX))

describe('the cookie of a flow', () => {
  it('is bound to this host, to https and to no script, and lives as long as the flow', async () => {
    const flowId = createFlowId()
    const answer = await start(ann, flowId)
    const [line = '', ...more] = answer.headers.getSetCookie()
    expect(more).toEqual([])
    const { name, value, attributes } = parseSetCookie(line)
    expect(name).toBe(PREFIX + flowId)
    expect(value).toMatch(/^[\w-]{43}$/)
    const { 'max-age': maxAge, ...others } = attributes
    expect(others).toEqual({ path: '/', secure: '', httponly: '', samesite: 'Lax' })
    const { expiresAt } = await ann.getFlow(flowId)
    const lifetimeSeconds = (Date.parse(expiresAt) - Date.now()) / 1000
    expect(Number(maxAge)).toBeGreaterThanOrEqual(Math.floor(lifetimeSeconds))
    expect(Number(maxAge) - lifetimeSeconds).toBeLessThan(10)
    expect(line.length).toBeLessThan(4096)
  })

  it('is the same when the start is repeated, and then lives for what is left of the flow', async () => {
    const flowId = createFlowId()
    const first = parseSetCookie((await start(ann, flowId)).headers.getSetCookie()[0] ?? '')
    stack.advance(5 * 60_000)
    const second = parseSetCookie((await start(ann, flowId)).headers.getSetCookie()[0] ?? '')
    expect(second.value).toBe(first.value)
    const passed = Number(first.attributes['max-age']) - Number(second.attributes['max-age'])
    expect(passed).toBeGreaterThanOrEqual(300)
    expect(passed).toBeLessThan(310)
  })

  it('holds neither the state nor anything of the user, and differs from flow to flow', async () => {
    const values = new Set<string>()
    for (let count = 0; count < 5; count += 1) {
      values.add(parseSetCookie((await start(ann)).headers.getSetCookie()[0] ?? '').value)
    }
    expect(values.size).toBe(5)
    for (const value of values) {
      const decoded = Buffer.from(value, 'base64url').toString('latin1')
      for (const { state } of stack.sandbox.states) expect(value + decoded).not.toContain(state)
      expect(value + decoded).not.toMatch(/ann|northwind/)
    }
  })

  it('is set by the start of a flow and by nothing else', async () => {
    const { flow, returnUrl, answer } = await ann.connect()
    await ann.waitForEnd(flow.flowId)
    const { flowId } = flow
    const change = {
      method: 'POST',
      headers: {
        'sec-fetch-site': 'same-origin',
        'x-connect-github': '1',
        'content-type': 'application/json',
      },
      body: '{}',
    }
    const answers = [
      answer,
      await ann.navigate(returnUrl),
      await ann.navigate(answer.headers.get('location') ?? ''),
      await ann.navigate(`/flows/${flowId}/launch`),
      await ann.send(`/flows/${flowId}/launch`, change),
      await ann.send(`/flows/${flowId}/finish`, change),
      await ann.send(`/flows/${flowId}/cancel`, change),
      await ann.send(`/flows/${flowId}`),
      await ann.send('/connection'),
      await ann.send('/healthz'),
      await ann.send('/nothing'),
    ]
    expect(answers.flatMap(({ headers }) => headers.getSetCookie())).toEqual([])
  })

  it('is not set by a start that is refused', async () => {
    expect((await start(stack.browser('vera'))).headers.getSetCookie()).toEqual([])
    expect((await start(stack.browser(null))).headers.getSetCookie()).toEqual([])
    expect((await start(ann, 'not-an-id')).headers.getSetCookie()).toEqual([])
  })
})

describe('many flows in one browser', () => {
  it('leave at most five cookies, the newest, and each removal is as strict as the cookie', async () => {
    const flowIds = Array.from({ length: 12 }, createFlowId)
    for (const flowId of flowIds) {
      const lines = (await start(ann, flowId)).headers.getSetCookie().map(parseSetCookie)
      for (const { attributes } of lines) {
        expect(attributes).toMatchObject({ path: '/', secure: '', httponly: '', samesite: 'Lax' })
        expect(attributes).not.toHaveProperty('domain')
      }
      expect(flowCookiesOf(ann).length).toBeLessThanOrEqual(5)
    }
    expect(flowCookiesOf(ann)).toEqual(flowIds.slice(-5).map((flowId) => PREFIX + flowId))
    expect(ann.cookies.get('session')).toBe('ann')
  })

  it('are cut down to five in one step, and other cookies are left alone', async () => {
    for (let count = 0; count < 40; count += 1) ann.cookies.set(PREFIX + createFlowId(), 'x'.repeat(43))
    ann.cookies.set('__Host-theirs', '1')
    const { flowId } = await ann.startFlow()
    expect(flowCookiesOf(ann)).toHaveLength(5)
    expect(flowCookiesOf(ann)).toContain(PREFIX + flowId)
    expect(ann.cookies.get('__Host-theirs')).toBe('1')
  })
})

interface Theirs {
  /** Name and value of the cookie of a colleague's flow. */
  readonly name: string
  readonly value: string
}

/** What the browser holds instead of the right cookie; `name` is the right one's. */
const WRONG_COOKIES: readonly [
  string,
  (cookies: Map<string, string>, name: string, theirs: Theirs) => void,
][] = [
  ['no cookie', (cookies, name) => cookies.delete(name)],
  [
    'no cookie but the session',
    (cookies) => cookies.forEach((_, name) => name === 'session' || cookies.delete(name)),
  ],
  [
    'the cookie of another flow',
    (cookies, name, theirs) => {
      cookies.delete(name)
      cookies.set(theirs.name, theirs.value)
    },
  ],
  [
    'the value of another flow under this flow’s name',
    (cookies, name, theirs) => cookies.set(name, theirs.value),
  ],
  [
    'a cookie without the prefix that keeps other hosts from setting it',
    (cookies, name) => {
      cookies.set(name.replace('__Host-', ''), cookies.get(name) ?? '')
      cookies.delete(name)
    },
  ],
  ['a cookie cut short', (cookies, name) => cookies.set(name, (cookies.get(name) ?? '').slice(0, -1))],
  ['a longer cookie', (cookies, name) => cookies.set(name, `${cookies.get(name)}A`)],
  ['the cookie in quotes', (cookies, name) => cookies.set(name, `"${cookies.get(name)}"`)],
  ['the cookie in capitals', (cookies, name) => cookies.set(name, (cookies.get(name) ?? '').toUpperCase())],
  ['an empty cookie', (cookies, name) => cookies.set(name, '')],
  ['the state in the cookie', (cookies, name) => cookies.set(name, stack.sandbox.states[0]?.state ?? '')],
]

describe('a return to a browser with', () => {
  it.each(WRONG_COOKIES)('%s is refused, writes nothing and does not use the state up', async (_, spoil) => {
    const bob = stack.browser('bob')
    const { flowId } = await ann.startFlow()
    const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
    const theirs = PREFIX + (await bob.startFlow()).flowId
    const right = new Map(ann.cookies)
    spoil(ann.cookies, PREFIX + flowId, { name: theirs, value: bob.cookies.get(theirs) ?? '' })
    const checkUnchanged = watchForChanges(stack)
    const answer = await ann.navigate(returnUrl ?? '')
    expect(problemOf(answer)).toBe('return_other_browser')
    expect(answer.headers.getSetCookie()).toEqual([])
    checkUnchanged()
    expect(listPosts(stack.sandbox)).toEqual([])

    for (const [name, value] of right) ann.cookies.set(name, value)
    await ann.navigate(returnUrl ?? '')
    expect(await ann.waitForEnd(flowId)).toMatchObject({ status: 'connected' })
  })
})

it('leads to GitHub only in the browser that holds the cookie', async () => {
  const { flowId } = await ann.startFlow()
  expect(await stack.browser('ann').launch(flowId)).toEqual({ status: 'pending' })
  expect(await ann.launch(flowId)).toMatchObject({ status: 'ready' })
})

it('shows what became of a flow only in the browser that holds the cookie', async () => {
  const { flow, answer } = await ann.connect()
  const donePage = answer.headers.get('location') ?? ''
  expect((await ann.navigate(donePage)).text).toContain(flow.flowId)
  const elsewhere = await stack.browser('ann').navigate(donePage)
  expect(elsewhere.text).toContain('The page where you started shows how it went.')
  expect(elsewhere.text).not.toContain(flow.flowId)
})
