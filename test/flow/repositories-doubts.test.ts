// When the list of repositories and the connection disagree, or Layers fails: nothing is shown that may be somebody else's.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RepositoriesView, WireError } from '../../bff/contract.ts'
import { deliver, SECRET } from '../bff/webhook-sender.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { startStackBetween, type StackBetween } from './layers-between.ts'
import { countGets, INSTALLATION_PATH, listEvents } from './what-happened.ts'

const REPOS_PATH = '/v1/github/repos'
const ACCOUNT = 'acme-coffee'

let between: StackBetween
let ann: TestBrowser
beforeEach(async () => {
  between = await startStackBetween({ bff: { githubWebhookSecret: [SECRET] } })
  ann = between.stack.browser('ann')
  const { flow } = await ann.connect({ account: ACCOUNT })
  expect(await ann.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
})
afterEach(() => between.close())

async function ask() {
  const answer = await ann.send('/repositories')
  const body: RepositoriesView & Partial<WireError> = JSON.parse(answer.text)
  const { status, headers, text } = answer
  return { status, code: body.error?.code, items: body.items, retryAfter: headers.get('retry-after'), text }
}

const scenario = (name: string, more: Record<string, unknown> = {}): void =>
  between.stack.sandbox.scenario(name, more)
const countChecks = (): number => countGets(between.stack.sandbox, INSTALLATION_PATH)
const countLists = (): number => countGets(between.stack.sandbox, REPOS_PATH)
const listAlarms = () => listEvents(between.stack, 'repositories_of_other_account')
const NOT_CONNECTED = { status: 409, code: 'not_connected' }

describe('a list with one repository of another account', () => {
  it.each<[string, (item: Record<string, unknown>) => void]>([
    ['by its full name', (item) => Object.assign(item, { fullName: 'initech-labs/flair', owner: ACCOUNT })],
    ['by its owner', (item) => Object.assign(item, { owner: 'initech-labs' })],
    ['by a name that begins alike', (item) => Object.assign(item, { fullName: `${ACCOUNT}-x/flair` })],
  ])('%s is not shown, and is a security event', async (_, change) => {
    between.change = ({ items }) => items.slice(3, 4).forEach(change)
    const answer = await ask()
    expect(answer).toMatchObject(NOT_CONNECTED)
    expect(answer.text).not.toMatch(/initech|flair|menu-web/)
    expect(countChecks()).toBe(1)
    expect(listAlarms()).toMatchObject([{ security: true, tenant: expect.stringMatching(/^[0-9a-f]{12}$/) }])
    expect(between.stack.logLines.join('')).not.toMatch(/initech|flair/)
  })

  it('is shown when only the case differs, or the owner is left out', async () => {
    between.change = ({ items }) => {
      Object.assign(items[0] ?? {}, { fullName: 'Acme-Coffee/beans-api', owner: 'ACME-COFFEE' })
      delete items[1]?.['owner']
    }
    expect((await ask()).items).toHaveLength(6)
    expect(listAlarms()).toEqual([])
  })

  it('is shown when the account was renamed since Layers was asked', async () => {
    scenario('rename_account', { account: ACCOUNT, login: 'acme-roasters' })
    const { status, items } = await ask()
    expect(status).toBe(200)
    expect(items[0]).toMatchObject({
      fullName: 'acme-roasters/beans-api',
      url: `${between.stack.sandbox.githubUrl}/acme-roasters/beans-api`,
    })
    expect(await ann.getConnection()).toMatchObject({ account: { login: 'acme-roasters' } })
    expect(listAlarms()).toEqual([])
    expect([countChecks(), countLists()]).toEqual([1, 1])
  })
})

describe('once GitHub has told of a new name that Layers does not know, a list', () => {
  const NEW_NAME = 'acme-roasters'
  beforeEach(async () => {
    const body = JSON.stringify({
      action: 'renamed',
      installation: { id: between.stack.sandbox.bindings[0]?.installationId },
      account: { login: NEW_NAME },
    })
    const headers = { 'x-github-event': 'installation_target' }
    expect(await deliver(between.stack, { body, headers })).toMatchObject({ status: 204 })
    expect(await ann.getConnection()).toMatchObject({ status: 'connected', account: { login: NEW_NAME } })
  })

  const rename = (owner: string) => {
    between.change = ({ items }) => {
      for (const item of items)
        Object.assign(item, { fullName: String(item['fullName']).replace(/^[^/]+/, owner), owner })
    }
  }

  it('by the old name is shown as Layers says it, today and after Layers was asked again', async () => {
    for (const ms of [0, 31_000]) {
      between.stack.advance(ms)
      const { status, items } = await ask()
      expect(status).toBe(200)
      expect(items[0]).toMatchObject({ fullName: `${ACCOUNT}/beans-api` })
    }
    expect(await ann.getConnection()).toMatchObject({ status: 'connected', account: { login: NEW_NAME } })
    expect(listAlarms()).toEqual([])
    expect([countChecks(), countLists()]).toEqual([1, 2])
  })

  it('by the new name is shown', async () => {
    rename(NEW_NAME)
    expect((await ask()).items[0]).toMatchObject({ fullName: `${NEW_NAME}/beans-api` })
    expect(listAlarms()).toEqual([])
  })

  it('by a third name is not shown, and is a security event', async () => {
    rename('initech-labs')
    expect(await ask()).toMatchObject(NOT_CONNECTED)
    expect(listAlarms()).toHaveLength(1)
  })
})

describe('an item', () => {
  it('leads to the configured GitHub, wherever Layers says that it leads', async () => {
    between.change = ({ items }) => {
      for (const item of items) item['htmlUrl'] = 'javascript:alert(1)'
    }
    const { githubUrl } = between.stack.sandbox
    for (const { url, fullName } of (await ask()).items) expect(url).toBe(`${githubUrl}/${fullName}`)
  })

  it('may lack what is optional, and have what is unknown', async () => {
    between.change = ({ items }) => {
      items.splice(0, items.length, { fullName: `${ACCOUNT}/bare`, private: true, stars: 7 })
      items.push({ fullName: `${ACCOUNT}/old`, private: false, language: 'Perl', defaultBranch: null })
      items.push({ fullName: `${ACCOUNT}/both`, private: false, language: 'Perl', primaryLanguage: 'Raku' })
    }
    expect((await ask()).items).toMatchObject([
      { fullName: `${ACCOUNT}/bare`, isPrivate: true, defaultBranch: null, language: null },
      { language: 'Perl' },
      { language: 'Raku' },
    ])
  })

  it.each<[string, Record<string, unknown>]>([
    ['without a name', { fullName: undefined }],
    ['whose name is a path', { fullName: `${ACCOUNT}/../evil` }],
    ['whose name leads up', { fullName: `${ACCOUNT}/..` }],
    ['whose name has a query', { fullName: `${ACCOUNT}/x?y` }],
    ['whose name has no owner', { fullName: 'beans-api' }],
    ['that does not say whether it is private', { private: undefined }],
    ['that is private in words', { private: 'true' }],
  ])('%s makes the list unreadable', async (_, change) => {
    between.change = ({ items }) => void Object.assign(items[0] ?? {}, change)
    expect(await ask()).toMatchObject({ status: 502, code: 'upstream_invalid' })
  })
})

describe('before a list', () => {
  it('asks whether the connection works when the last answer is 30 s old, and not before', async () => {
    between.stack.advance(29_000)
    expect((await ask()).status).toBe(200)
    expect(countChecks()).toBe(0)
    between.stack.advance(1_000)
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(200)
    expect([countChecks(), countLists()]).toEqual([1, 3])
  })

  it.each([
    ['uninstall', 'uninstalled'],
    ['suspend', 'suspended'],
  ])('finds out by itself about an %s, and shows it', async (change, reason) => {
    scenario(change, { account: ACCOUNT })
    between.stack.advance(31_000)
    expect(await ask()).toMatchObject(NOT_CONNECTED)
    expect([countChecks(), countLists()]).toEqual([1, 0])
    expect(await ann.getConnection()).toMatchObject({ status: 'reconnect', reason, refreshing: false })
  })

  it('asks again when the list itself is refused, and says that nothing is connected', async () => {
    scenario('uninstall', { account: ACCOUNT })
    expect(await ask()).toMatchObject(NOT_CONNECTED)
    expect([countChecks(), countLists()]).toEqual([1, 1])
    expect(await ann.getConnection()).toMatchObject({ status: 'reconnect', reason: 'uninstalled' })
  })

  it('lists nothing while Layers cannot say whether the connection works', async () => {
    between.stack.advance(31_000)
    scenario('fail_next', { route: 'get_installation', status: 500, code: 'INTERNAL' })
    expect(await ask()).toMatchObject({ status: 503, code: 'upstream_unavailable' })
    // Known from a moment ago: Layers is left alone.
    expect(await ask()).toMatchObject({ status: 503, code: 'upstream_unavailable', retryAfter: '30' })
    expect([countChecks(), countLists()]).toEqual([1, 0])
    between.stack.advance(30_000)
    expect((await ask()).status).toBe(200)
  })
})

describe('a list that fails', () => {
  it.each([
    [401, 'UNAUTHENTICATED', 502, 'partner_key_refused'],
    [403, 'FORBIDDEN_SCOPE', 502, 'scope_missing'],
    [404, 'NOT_FOUND', 502, 'organization_unknown'],
    [422, 'VALIDATION', 400, 'invalid_request'],
    [429, 'RATE_LIMITED', 503, 'upstream_rate_limited'],
    [500, 'INTERNAL', 503, 'upstream_unavailable'],
    [503, 'KILL_SWITCH', 503, 'kill_switch'],
  ] as const)('with %i %s is %i %s, and is in the log', async (status, code, ours, ourCode) => {
    scenario('fail_next', { route: 'repos', status, code })
    expect(await ask()).toMatchObject({ status: ours, code: ourCode })
    expect(listEvents(between.stack, 'repositories_failed')).toMatchObject([
      {
        code,
        httpStatus: status,
        upstreamRequestId: expect.stringMatching(/^req_/),
        detail: expect.any(String),
      },
    ])
  })

  it('with a time to wait passes it on', async () => {
    scenario('fail_next', { route: 'repos', status: 429, code: 'RATE_LIMITED', retryAfterSeconds: 17 })
    expect(await ask()).toMatchObject({ status: 503, code: 'upstream_rate_limited', retryAfter: '17' })
  })

  it.each(['html', 'empty', 'truncated', 'missing_fields', 'wrong_types', 'huge'])(
    'as %s is upstream_invalid',
    async (shape) => {
      scenario('wrong_shape_next', { route: 'repos', shape })
      const answer = await ask()
      // Of a list, the first field alone is a list: there is nothing more than one page then.
      if (shape === 'missing_fields') expect(answer.status).toBe(200)
      else expect(answer).toMatchObject({ status: 502, code: 'upstream_invalid' })
    },
  )
})
