// Only a person's own top-level navigation uses a return up: whatever else fetches the URL before, the navigation still succeeds.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { watchForChanges } from './unchanged.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({
    bff: { limits: { strayReturnsPerAddress: 1e6, startsPerUser: 1e6, startsPerTenant: 1e6 } },
  })
})
afterAll(() => stack.close())

type Overrides = Readonly<Record<string, string | undefined>>

const NO_NAVIGATION: readonly [name: string, headers: Overrides, method?: string][] = [
  ['a frame', { 'sec-fetch-dest': 'iframe' }],
  ['an old frame', { 'sec-fetch-dest': 'frame' }],
  ['an object', { 'sec-fetch-dest': 'object' }],
  ['an embed', { 'sec-fetch-dest': 'embed' }],
  ['a fenced frame', { 'sec-fetch-dest': 'fencedframe' }],
  ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
  ['a script element', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
  ['a style sheet', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'style' }],
  ['fetch from another site', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
  [
    'fetch from our own site',
    { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' },
  ],
  ['fetch that imitates a document', { 'sec-fetch-mode': 'same-origin' }],
  ['a web socket', { 'sec-fetch-mode': 'websocket', 'sec-fetch-dest': 'websocket' }],
  ['a worker', { 'sec-fetch-mode': 'same-origin', 'sec-fetch-dest': 'worker' }],
  ['a link with prefetch', { 'sec-purpose': 'prefetch' }],
  ['a link with prefetch, as a list', { 'sec-purpose': 'prefetch;anonymous-client-ip' }],
  ['a prerender', { 'sec-purpose': 'prefetch;prerender' }],
  ['an old prefetch', { purpose: 'prefetch' }],
  ['an old preview', { purpose: 'preview' }],
  ['an old Firefox prefetch', { 'x-moz': 'prefetch' }],
  ['Sec-Purpose in capitals', { 'sec-purpose': 'Prefetch' }],
  ['HEAD, as a link scanner sends it', {}, 'HEAD'],
  ['POST', {}, 'POST'],
  ['OPTIONS', {}, 'OPTIONS'],
]

it.each(NO_NAVIGATION)(
  '%s uses nothing up, and the real navigation succeeds after it',
  async (_, headers, method) => {
    const ann = stack.browser('ann')
    const { flowId } = await ann.startFlow()
    const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
    const path = (returnUrl ?? '').replace(`${stack.publicOrigin}/connect/github`, '')
    const navigation = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }

    const checkUnchanged = watchForChanges(stack)
    for (let count = 0; count < 3; count += 1) {
      const early = await ann.send(path, { method: method ?? 'GET', headers: { ...navigation, ...headers } })
      expect(early.status).toBe(method === 'OPTIONS' ? 204 : method === undefined ? 403 : 405)
      expect(early.headers.getSetCookie()).toEqual([])
      expect(early.headers.get('location')).toBeNull()
    }
    checkUnchanged()

    const answer = await ann.navigate(path)
    expect(answer.headers.get('location')).toMatch(`/flows/${flowId}/done`)
    expect((await ann.waitForEnd(flowId)).status).toBe('connected')
  },
)

it('a browser that sends no Fetch Metadata is let through', async () => {
  const ann = stack.browser('ann')
  const { flowId } = await ann.startFlow()
  const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
  const path = (returnUrl ?? '').replace(`${stack.publicOrigin}/connect/github`, '')
  expect((await ann.send(path)).status).toBe(303)
  expect((await ann.waitForEnd(flowId)).status).toBe('connected')
})
