// Whatever stands in the query of the return page: it is refused by a page, and nothing is written or posted.
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { Answer, TestBrowser } from '../stack/test-browser.ts'
import { buildRequest, sendBytes } from './raw-request.ts'
import { watchForChanges } from './unchanged.ts'

let stack: Stack
let ann: TestBrowser
let flowId: string
let state: string

beforeAll(async () => {
  stack = await startStack({
    bff: { limits: { strayReturnsPerAddress: 1e6, startsPerUser: 1e6, startsPerTenant: 1e6 } },
  })
})
afterAll(() => stack.close())
beforeEach(async () => {
  ann = stack.browser('ann')
  flowId = (await ann.startFlow()).flowId
  state = stack.sandbox.states.at(-1)?.state ?? ''
})

function problemOf({ status, headers }: Answer): string | undefined {
  expect(status).toBe(303)
  return /^http:\/\/localhost:9999\/connect\/github\/problem\/([a-z_]+)\?ref=req_[\w-]{22}$/.exec(
    headers.get('location') ?? '',
  )?.[1]
}

/** What an installation id is, in the words of this test: ASCII digits, no leading zero, at most 2^53 − 1. */
function isInstallationId(text: string): boolean {
  const digits = '0123456789'
  if (text === '' || text.length > 16 || text.startsWith('0')) return false
  return Array.from(text).every((character) => digits.includes(character)) && BigInt(text) <= 2n ** 53n - 1n
}

const NOT_IDS = [
  '',
  '0',
  '00',
  '007',
  '-1',
  '+1',
  ' 1',
  '1 ',
  '1\n',
  '1\u0000',
  '\u00001',
  '0x10',
  '0b1',
  '0o7',
  '1e3',
  '1E3',
  '1.0',
  '1,000',
  '1_000',
  '12n',
  'NaN',
  'Infinity',
  'null',
  'undefined',
  'true',
  '[]',
  '[1]',
  '{}',
  '"1"',
  "1' OR '1'='1",
  '1;2',
  '1|2',
  '１２３',
  '١٢٣',
  '１',
  '1\u200b',
  '\ufeff1',
  '²',
  '9007199254740992',
  '9999999999999999',
  '10000000000000000',
  '18446744073709551617',
  '9'.repeat(400),
  '../1',
  '1/../2',
  '1#2',
  '1&2',
  '%31',
  '1%00',
  'lp_test_x',
] as const

const anyText = fc.oneof(
  fc.constantFrom(...NOT_IDS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789abcdefx.+-_eE ')), maxLength: 24 }),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }).map(String),
  fc.bigInt({ min: -(2n ** 60n), max: 0n }).map(String),
  fc.double().map((number) => `${number}.0`),
  fc
    .tuple(fc.nat(), fc.constantFrom('\t', '\r\n', ' ', '\u0000', '٠', '𝟙', 'e1', '.'))
    .map(([id, tail]) => id + tail),
)

describe('installation_id', () => {
  it('is refused unless it is one plain positive integer, and uses nothing up', async () => {
    const checkUnchanged = watchForChanges(stack)
    await fc.assert(
      fc.asyncProperty(
        anyText.filter((text) => !isInstallationId(text)),
        async (text) => {
          const query = `state=${state}&setup_action=install&installation_id=${encodeURIComponent(text)}`
          expect(problemOf(await ann.navigate(`/return?${query}`))).toBe('return_malformed')
          checkUnchanged()
        },
      ),
      { numRuns: 200 },
    )
    const right = await ann.navigate(`/return?state=${state}&setup_action=install&installation_id=1`)
    expect(right.headers.get('location')).toContain(`/flows/${flowId}/done`)
  })

  it.each([
    ['twice', 'installation_id=1&installation_id=2', 'return_malformed'],
    ['twice the same', 'installation_id=1&installation_id=1', 'return_malformed'],
    ['once plain and once empty', 'installation_id=1&installation_id', 'return_malformed'],
    ['twice, once with an encoded name', 'installation_id=1&installation%5Fid=2', 'return_malformed'],
    ['as an array', 'installation_id[]=1', 'return_malformed'],
    ['as an array with encoded brackets', 'installation_id%5B%5D=1', 'return_malformed'],
    ['as an indexed array', 'installation_id[0]=1&installation_id[1]=2', 'return_malformed'],
    ['as an object', 'installation_id[id]=1', 'return_malformed'],
    ['beside an array', 'installation_id=1&installation_id[]=2', 'return_malformed'],
    ['with bytes that are not UTF-8', 'installation_id=1%ff%fe', 'return_malformed'],
    ['with a cut percent sequence', 'installation_id=%E0%A4%A', 'return_malformed'],
    ['with an encoded zero byte', 'installation_id=1%00', 'return_malformed'],
    ['with a plus', 'installation_id=+1', 'return_malformed'],
    ['in other letters', 'INSTALLATION_ID=1', 'missing_installation'],
    ['after a semicolon', 'x=1;installation_id=1', 'missing_installation'],
    ['in camel case', 'installationId=1', 'missing_installation'],
    ['beside a state given twice', 'installation_id=1&state=x', 'return_malformed'],
    ['beside a setup_action given twice', 'installation_id=1&setup_action=request', 'return_malformed'],
    ['beside a code given twice', 'installation_id=1&code=a&code=b', 'return_malformed'],
    // A longer URL is refused whatever it asks for: see oversized.test.ts.
    ['in a query of almost 4 KB', `installation_id=${'1'.repeat(3900)}`, 'return_malformed'],
  ])('is refused when it is given %s', async (_, query, problem) => {
    const checkUnchanged = watchForChanges(stack)
    const answer = await ann.navigate(`/return?state=${state}&setup_action=install&${query}`)
    expect(problemOf(answer)).toBe(problem)
    checkUnchanged()
  })

  it('of 10 KB is refused before it is read', async () => {
    const checkUnchanged = watchForChanges(stack)
    const target = `/connect/github/return?state=${state}&installation_id=${'1'.repeat(10_240)}`
    expect((await sendBytes(stack.baseUrl, buildRequest({ target }), stack.artefacts)).status).toBe(431)
    checkUnchanged()
  })
})

describe('a return that belongs to no flow of this browser', () => {
  const other = 'A'.repeat(32)
  it.each([
    ['nothing at all', () => '', 'return_unknown'],
    [
      'an id alone, as after an approval elsewhere',
      () => 'installation_id=7&setup_action=install',
      'return_unknown',
    ],
    [
      'an id alone, as after a change on GitHub',
      () => 'installation_id=7&setup_action=update',
      'return_unknown',
    ],
    ['a request without a state', () => 'setup_action=request', 'return_unknown'],
    ['a request with an unknown state', () => `setup_action=request&state=${other}`, 'return_unknown'],
    [
      'an unknown state with an id',
      () => `setup_action=install&installation_id=7&state=${other}`,
      'return_unknown',
    ],
    ['an empty state', () => 'setup_action=install&installation_id=7&state=', 'return_malformed'],
    ['a state with a space', () => 'installation_id=7&state=a%20b', 'return_malformed'],
    ['a state of 513 characters', () => `installation_id=7&state=${'a'.repeat(513)}`, 'return_malformed'],
    ['a state in other letters', () => `installation_id=7&state=${state.toLowerCase()}a`, 'return_unknown'],
    ['the right state, cut', () => `installation_id=7&state=${state.slice(0, -1)}`, 'return_unknown'],
    ['the right state as an array', () => `installation_id=7&state[]=${state}`, 'return_malformed'],
    ['a code alone', () => 'code=0123456789abcdef', 'return_unknown'],
    ['a refusal by GitHub', () => 'error=access_denied&error_description=no', 'return_unknown'],
    [
      'an unknown setup_action',
      () => `state=${state}&installation_id=7&setup_action=delete`,
      'return_malformed',
    ],
    [
      'a setup_action in capitals',
      () => `state=${state}&installation_id=7&setup_action=INSTALL`,
      'return_malformed',
    ],
    ['the right state without an id', () => `state=${state}&setup_action=install`, 'missing_installation'],
    ['the right state alone', () => `state=${state}`, 'missing_installation'],
    [
      'a refusal by GitHub with the right state',
      () => `error=access_denied&state=${state}`,
      'missing_installation',
    ],
  ])('with %s writes nothing and leads to a page of ours', async (_, query, problem) => {
    const checkUnchanged = watchForChanges(stack)
    const answer = await ann.navigate(`/return?${query()}`, { referer: 'https://evil.example/x' })
    expect(problemOf(answer)).toBe(problem)
    expect(JSON.stringify([...answer.headers])).not.toContain('evil')
    checkUnchanged()
  })

  it('with any other query never answers a server error and never writes', async () => {
    const checkUnchanged = watchForChanges(stack)
    const name = fc.oneof(
      fc.constantFrom(
        'state',
        'installation_id',
        'setup_action',
        'code',
        'error',
        '__proto__',
        'state[]',
        'x',
      ),
      fc.string({ unit: 'binary', maxLength: 10 }),
    )
    const value = fc.oneof(
      fc.constantFrom('install', 'update', 'request', '1', ''),
      fc.string({ unit: 'binary' }),
    )
    const pair = fc
      .tuple(name, value, fc.boolean())
      .map(([left, right, raw]) =>
        raw
          ? `${left}=${right}`.replaceAll(/[^!-~]|#/g, '%ff')
          : `${encodeURIComponent(left)}=${encodeURIComponent(right)}`,
      )
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { maxLength: 6 }), async (pairs) => {
        const answer = await ann.navigate(`/return?${pairs.join('&')}`)
        expect(['return_malformed', 'return_unknown']).toContain(problemOf(answer))
        checkUnchanged()
      }),
      { numRuns: 150 },
    )
  })
})
