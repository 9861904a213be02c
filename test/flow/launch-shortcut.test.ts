// Whoever started a flow is sent on to GitHub without a page in between, when its URL is known soon; everybody else gets the page.
import { afterEach, describe, expect, it } from 'vitest'
import { startStack, type Stack, type StackOptions } from '../stack/start-stack.ts'
import { createFlowId, type TestBrowser } from '../stack/test-browser.ts'
import type { Breakage } from '../stack/copied-sources.ts'
import { loadBroken } from './load-broken-bff.ts'

let stack: Stack
let ann: TestBrowser
afterEach(() => stack.close())

async function start(options: StackOptions = {}): Promise<void> {
  stack = await startStack(options)
  ann = stack.browser('ann')
  if (options.identity === 'token') ann.token = await stack.signToken('ann')
}

const launchPath = (flowId: string, query = ''): string => `/flows/${flowId}/launch${query}`

async function openIn(browser: TestBrowser, path: string, headers = {}): Promise<string> {
  const { status, headers: answered, text } = await browser.navigate(path, headers)
  if (status === 200 && text.includes('<!doctype html>')) return 'the page'
  return status === 303 ? (answered.get('location') ?? '') : String(status)
}

describe.each(['session', 'token'] as const)('with identity by %s, opening the launch page', (identity) => {
  it('leads straight to GitHub in the browser that started the flow', async () => {
    await start({ identity })
    const { flowId } = await ann.startFlow()
    expect(await openIn(ann, launchPath(flowId))).toBe(await ann.getInstallUrl(flowId))
  })

  it('before the flow is there waits for it, comes again for the cookie, and then leads to GitHub', async () => {
    await start({ identity })
    const flowId = createFlowId()
    // The window asks first, with the cookies of that moment.
    const window = stack.browser('ann')
    const opened = openIn(window, launchPath(flowId, '?theme=dark&of=nobody'))
    await ann.startFlow({ flowId })
    const again = await opened
    expect(again).toBe(`${stack.publicUrl}/flows/${flowId}/launch?theme=dark&again=1`)
    expect(await openIn(ann, again)).toBe(await ann.getInstallUrl(flowId))
  })

  it('comes again once, and then shows the page, which has the patience', async () => {
    await start({ identity })
    const { flowId } = await ann.startFlow()
    expect(await openIn(stack.browser('ann'), launchPath(flowId, '?again=1'))).toBe('the page')
  })

  it('shows the page when the cookie cannot be on its way any more', async () => {
    await start({ identity })
    const { flowId } = await ann.startFlow()
    stack.advance(5_000)
    expect(await openIn(stack.browser('ann'), launchPath(flowId))).toBe('the page')
  })

  it('shows the page for a flow that nobody starts, or that has ended', async () => {
    await start({ identity })
    expect(await openIn(ann, launchPath(createFlowId()))).toBe('the page')
    const { flowId } = await ann.startFlow()
    await ann.fetchJson('POST', `/flows/${flowId}/cancel`)
    expect(await openIn(ann, launchPath(flowId))).toBe('the page')
  })

  it('shows the page while Layers takes longer', async () => {
    await start({ identity })
    stack.sandbox.scenario('delay_next', { route: 'install_url', delayMs: 1_000 })
    const flowId = createFlowId()
    const starting = ann.startFlow({ flowId })
    expect(await openIn(ann, launchPath(flowId))).toBe('the page')
    await starting
    expect(await openIn(ann, launchPath(flowId))).toBe(await ann.getInstallUrl(flowId))
  })
})

describe('the page, and not the way to GitHub, is what', () => {
  async function takeCookies(person: string | null): Promise<{ browser: TestBrowser; path: string }> {
    await start()
    const { flowId } = await ann.startFlow()
    const browser = stack.browser(person)
    for (const [name, value] of ann.cookies) if (name !== 'session') browser.cookies.set(name, value)
    return { browser, path: launchPath(flowId) }
  }

  it.each([
    ['nobody who is signed in', null],
    ['somebody of another tenant', 'cora'],
    ['a colleague', 'bob'],
    ['somebody who may only look', 'vera'],
  ])('%s gets, with the cookie in hand', async (_, person) => {
    const { browser, path } = await takeCookies(person)
    expect(await openIn(browser, path)).toBe('the page')
  })

  it('the one who started it gets without the role', async () => {
    await start()
    const { flowId } = await ann.startFlow()
    const person = stack.people.get('ann')
    if (person == null) throw new Error('nobody is called ann')
    stack.people.set('ann', { ...person, canConnect: false })
    expect(await openIn(ann, launchPath(flowId))).toBe('the page')
  })

  it('is shown when the host cannot say who is there; asked by the page, it answers with its error', async () => {
    await start()
    const { flowId } = await ann.startFlow()
    // Not an identity: the host's function has a defect.
    stack.people.set('ann', { tenantId: '', userId: 'ann', canConnect: true })
    expect(await openIn(ann, launchPath(flowId))).toBe('the page')
    expect((await ann.fetchJson('POST', launchPath(flowId))).status).toBe(500)
  })
})

const NOT_NAVIGATIONS = [
  ['a prefetch', { 'sec-purpose': 'prefetch' }],
  ['a prerendering', { 'sec-purpose': 'prefetch;prerender' }],
  ['a frame', { 'sec-fetch-dest': 'iframe' }],
  ['a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
  ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
] as const

async function launchBy(headers: Readonly<Record<string, string>>): Promise<string> {
  const { flowId } = await ann.startFlow()
  return openIn(ann, launchPath(flowId), headers)
}

it.each(NOT_NAVIGATIONS)('%s gets the page, and no way to GitHub', async (_, headers) => {
  await start()
  expect(await launchBy(headers)).toBe('the page')
})

it('control: without the check for navigations each of them gets the way to GitHub', async () => {
  const unchecked: Breakage = {
    file: 'routes/launch-shortcut.ts',
    from: 'if (!isNavigation(ctx.req)) return undefined',
    to: 'if (!ctx.req.url) return undefined',
  }
  await start({ build: loadBroken([unchecked]) })
  for (const [, headers] of NOT_NAVIGATIONS) expect(await launchBy(headers)).toContain('/installations/new')
})
