// Tenants and users whose ids look alike are not the same to any route, whatever says who they are.
import { afterEach, describe, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'

type Person = readonly [tenantId: string, userId: string]

const LONG = 'x'.repeat(199)

/** Each differs from the next in what careless code does not see. */
const PEOPLE: readonly Person[] = [
  ['acme', 'ann'],
  ['Acme', 'ann'],
  ['acme', 'Ann'],
  ['acme ', 'ann'],
  ['acme', ' ann'],
  ['acme:ann', 'x'],
  ['acme', 'ann:x'],
  ['acme:', 'ann'],
  ['a', 'b","c'],
  ['a","b', 'c'],
  ['["a"', '"b"]'],
  ['__proto__', 'constructor'],
  ['constructor', '__proto__'],
  ['toString', 'hasOwnProperty'],
  ['null', 'undefined'],
  ['ac\u00e9', 'u'],
  ['ace\u0301', 'u'],
  ['\u0430cme', 'ann'],
  ['ac\u200bme', 'ann'],
  ['İ', 'i'],
  ['i̇', 'I'],
  ['ß', 'ss'],
  ['SS', 'ß'],
  ['1', '01'],
  ['01', '1'],
  ['1.0', '1'],
  ["' OR 1=1 --", '%'],
  ['%', '_'],
  [`${LONG}a`, `${LONG}b`],
  [`${LONG}b`, `${LONG}a`],
  ['💥'.repeat(100), '👩‍👩‍👧‍👦'],
  ['../..', '/'],
  ['a\r\nb', '\t'],
]

describe.each(['session', 'token'] as const)('over HTTP, with identity by %s', (identity) => {
  let stack: Stack
  afterEach(() => stack.close())

  it('everybody starts, sees and ends flows of their own, and nobody else’s', async () => {
    stack = await startStack({ identity, bff: { limits: { startsPerUser: 1 } } })
    const open = async ([tenantId, userId]: Person, index: number) => {
      const name = `odd${String.fromCodePoint(97 + Math.floor(index / 26), 97 + (index % 26))}`
      stack.people.set(name, { tenantId, userId, canConnect: true })
      const browser = stack.browser(name)
      if (identity === 'token') browser.token = await stack.signToken(name)
      return browser
    }
    const browsers = await Promise.all(PEOPLE.map(open))
    const flows = await Promise.all(browsers.map((browser) => browser.startFlow()))
    expect(new Set(flows.map(({ flowId }) => flowId)).size).toBe(PEOPLE.length)
    for (const [index, browser] of browsers.entries()) {
      expect(await browser.getConnection()).toMatchObject({ flow: { flowId: flows[index]?.flowId } })
      // Whoever comes next in the list is the one who looks most alike.
      const next = flows[(index + 1) % flows.length]?.flowId ?? ''
      await expect(browser.getFlow(next)).rejects.toThrow('404')
      await expect(browser.startFlow({ flowId: next })).rejects.toThrow(/40[0]|429/)
    }
    for (const [index, browser] of browsers.entries()) {
      expect((await browser.getFlow(flows[index]?.flowId ?? '')).status).toBe('waiting')
      await expect(browser.startFlow()).rejects.toThrow('429')
    }
  })

  it.each<[string, Person]>([
    ['the tenant in another case', ['NorthWind', 'ann']],
    ['the user in another case', ['northwind', 'Ann']],
    ['a space behind the user', ['northwind', 'ann ']],
    ['an invisible character in the tenant', ['north\u200bwind', 'ann']],
    ['a letter that only looks the same', ['northwind', '\u0430nn']],
  ])('%s is somebody else, who ends the flow on its return', async (_what, [tenantId, userId]) => {
    stack = await startStack({ identity })
    stack.people.set('ann', { tenantId: 'northwind', userId: 'ann', canConnect: true })
    stack.people.set('bob', { tenantId, userId, canConnect: true })
    const ann = stack.browser('ann')
    if (identity === 'token') ann.token = await stack.signToken('ann')
    const { flowId } = await ann.startFlow()
    const returnUrl = await ann.submitOnGitHub(await ann.getInstallUrl(flowId), { account: 'acme-coffee' })
    if (identity === 'token') ann.token = await stack.signToken('bob')
    else ann.cookies.set('session', 'bob')
    await expect(ann.getFlow(flowId)).rejects.toThrow('404')
    await ann.navigate(returnUrl ?? '')
    if (identity === 'token') ann.token = await stack.signToken('ann')
    else ann.cookies.set('session', 'ann')
    expect(await ann.getFlow(flowId)).toMatchObject({ status: 'refused', error: 'session_mismatch' })
    expect(stack.sandbox.bindings).toEqual([])
  })
})
