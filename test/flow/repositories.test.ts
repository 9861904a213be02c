// The list of repositories: what the tenant's own working installation can see, a page at a time, for everybody in the tenant.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RepositoriesView, WireError } from '../../bff/contract.ts'
import { repositoriesViewSchema } from '../../bff/wire-schemas.ts'
import { startStack, type Stack } from '../stack/start-stack.ts'
import type { TestBrowser } from '../stack/test-browser.ts'
import { countGets, INSTALLATION_PATH, listEvents } from './what-happened.ts'

const REPOS_PATH = '/v1/github/repos'
const ACCOUNT = 'acme-coffee'
const NAMES = ['beans-api', 'brand-assets', 'loyalty-ios', 'menu-web', 'pos-android', 'roastery-firmware']

let stack: Stack
let ann: TestBrowser
beforeEach(async () => {
  stack = await startStack()
  ann = stack.browser('ann')
})
afterEach(() => stack.close())

async function connect(browser = ann, account = ACCOUNT): Promise<void> {
  const { flow } = await browser.connect({ account })
  expect(await browser.waitForEnd(flow.flowId)).toMatchObject({ status: 'connected' })
}

async function list(query: Record<string, string> = {}, browser = ann): Promise<RepositoriesView> {
  const { status, body } = await ask(query, browser)
  expect(status).toBe(200)
  // Parsing drops what is not documented.
  expect(repositoriesViewSchema.parse(body)).toEqual(body)
  return body
}

function ask(query: Record<string, string> = {}, browser = ann) {
  const search = new URLSearchParams(query).toString()
  return browser.fetchJson<RepositoriesView>('GET', `/repositories${search === '' ? '' : `?${search}`}`)
}

async function refusalOf(query: Record<string, string> = {}, browser = ann) {
  const { status, body } = await browser.fetchJson<WireError>(
    'GET',
    `/repositories?${new URLSearchParams(query).toString()}`,
  )
  return { status, code: body.error.code }
}

const namesOf = ({ items }: RepositoriesView): string[] => items.map(({ fullName }) => fullName)
const NOT_CONNECTED = { status: 409, code: 'not_connected' }
const INVALID = { status: 400, code: 'invalid_request' }

describe('a connected tenant', () => {
  beforeEach(() => connect())

  it('sees its repositories, with addresses on the configured GitHub', async () => {
    const view = await list()
    expect(namesOf(view)).toEqual(NAMES.map((name) => `${ACCOUNT}/${name}`))
    expect(view.nextCursor).toBeNull()
    expect(view.items.slice(0, 2)).toEqual([
      {
        fullName: 'acme-coffee/beans-api',
        isPrivate: false,
        defaultBranch: 'main',
        language: 'Go',
        url: `${stack.sandbox.githubUrl}/acme-coffee/beans-api`,
      },
      {
        fullName: 'acme-coffee/brand-assets',
        isPrivate: true,
        defaultBranch: 'main',
        language: null,
        url: `${stack.sandbox.githubUrl}/acme-coffee/brand-assets`,
      },
    ])
  })

  it('shows them to colleagues and to people who may only look, and to nobody else', async () => {
    for (const person of ['bob', 'vera'])
      expect((await list({}, stack.browser(person))).items).toHaveLength(6)
    expect(await refusalOf({}, stack.browser('cora'))).toEqual(NOT_CONNECTED)
    expect(await refusalOf({}, stack.browser(null))).toEqual({ status: 401, code: 'session_required' })
  })

  it('turns pages of any size, without a gap and without a repetition', async () => {
    for (const limit of [1, 2, 4, 6, 100]) {
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page = await list({ limit: String(limit), ...(cursor === null ? {} : { cursor }) })
        expect(page.items.length).toBeLessThanOrEqual(limit)
        seen.push(...namesOf(page))
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(seen).toEqual(NAMES.map((name) => `${ACCOUNT}/${name}`))
    }
  })

  it('finds a part of a name in any case, and page by page', async () => {
    expect(namesOf(await list({ search: 'MENU' }))).toEqual(['acme-coffee/menu-web'])
    expect(await list({ search: 'nothing like this &?#' })).toEqual({ items: [], nextCursor: null })
    const first = await list({ search: 'a', limit: '5' })
    expect(first.items).toHaveLength(5)
    const second = await list({ search: 'a', limit: '5', cursor: first.nextCursor ?? '' })
    expect(namesOf(second)).toEqual(['acme-coffee/roastery-firmware'])
  })

  it('asks Layers for 30 when nothing is said, in the tenant’s organization', async () => {
    await list()
    const [call] = stack.sandbox.requests.filter(({ path }) => path === REPOS_PATH)
    expect(call?.query).toEqual({ limit: '30' })
    const organization = stack.people.get('ann')?.layersOrganization
    expect(call?.headers['x-layers-organization']).toBe(organization)
  })

  it.each<Record<string, string>>([
    { limit: '0' },
    { limit: '101' },
    { limit: '-1' },
    { limit: '1e1' },
    { limit: '' },
    { limit: '٣' },
    { search: 'x'.repeat(101) },
    { cursor: '' },
    { cursor: 'x' },
    { cursor: 'x'.repeat(4097) },
    { cursor: 'eyJhbGciOiJkaXIifQ..a.b.c' },
  ])('is refused %j, and Layers is not asked', async (query) => {
    expect(await refusalOf(query)).toEqual(INVALID)
    expect(countGets(stack.sandbox, REPOS_PATH)).toBe(0)
  })

  it('is refused a parameter that is given twice', async () => {
    for (const name of ['limit', 'search', 'cursor'])
      expect((await ann.send(`/repositories?${name}=1&${name}=1`)).status).toBe(400)
  })

  it('is refused a cursor of another tenant, and one that was changed', async () => {
    const { nextCursor } = await list({ limit: '2' })
    const cursor = nextCursor ?? ''
    const cora = stack.browser('cora')
    await connect(cora, 'nordwind-shop')
    expect(await refusalOf({ cursor }, cora)).toEqual(INVALID)
    // The first character of the tag: the last one has bits that mean nothing.
    const tagAt = cursor.lastIndexOf('.') + 1
    const changed = `${cursor.slice(0, tagAt)}${cursor[tagAt] === 'A' ? 'B' : 'A'}${cursor.slice(tagAt + 1)}`
    expect(await refusalOf({ cursor: changed })).toEqual(INVALID)
    expect((await list({ limit: '2', cursor })).items).toHaveLength(2)
    // Neither what Layers gave nor whose it is can be read from it.
    const [header = ''] = cursor.split('.')
    expect(Buffer.from(header, 'base64url').toString() + cursor).not.toMatch(/northwind|\[2,/)
  })

  it('is refused a cursor of what was connected before', async () => {
    const { nextCursor } = await list({ limit: '2' })
    stack.sandbox.reset()
    // Takes the id that the former installation had before the reset.
    stack.sandbox.scenario('install', { account: ACCOUNT })
    await connect(ann, 'nordwind-shop')
    expect((await list()).items).toHaveLength(5)
    expect(await refusalOf({ limit: '2', cursor: nextCursor ?? '' })).toEqual(INVALID)
  })

  it('is refused a cursor that Layers no longer knows, while the connection works', async () => {
    const { nextCursor } = await list({ limit: '2' })
    stack.sandbox.scenario('fail_next', { route: 'repos', status: 422, code: 'VALIDATION' })
    expect(await refusalOf({ cursor: nextCursor ?? '' })).toEqual(INVALID)
    expect(countGets(stack.sandbox, INSTALLATION_PATH)).toBe(1)
  })
})

describe('a tenant that is not connected', () => {
  it('is told so, and Layers is not asked', async () => {
    expect(await refusalOf()).toEqual(NOT_CONNECTED)
    expect(stack.sandbox.requests).toEqual([])
  })

  it('is told so after it has forgotten its connection', async () => {
    await connect()
    await ann.fetchJson('DELETE', '/connection')
    expect(await refusalOf()).toEqual(NOT_CONNECTED)
    expect(countGets(stack.sandbox, REPOS_PATH)).toBe(0)
  })

  it('is told so when identify() names another organization now', async () => {
    await connect()
    const identity = stack.people.get('ann')
    if (identity == null) throw new Error('ann is one of the people')
    stack.people.set('ann', { ...identity, layersOrganization: stack.people.get('cora')?.layersOrganization })
    expect(await refusalOf()).toEqual(NOT_CONNECTED)
    expect(countGets(stack.sandbox, REPOS_PATH)).toBe(0)
  })

  it('is told so in an organization that another tenant has connected', async () => {
    for (const [name, tenantId] of [
      ['ann', 'northwind'],
      ['cora', 'globex'],
    ] as const)
      stack.people.set(name, { tenantId, userId: name, canConnect: true })
    await connect()
    expect((await list()).items).toHaveLength(6)
    expect(await refusalOf({}, stack.browser('cora'))).toEqual(NOT_CONNECTED)
  })
})

it('limits how often a user and a tenant may ask', async () => {
  await stack.close()
  stack = await startStack({ bff: { limits: { repositoriesPerUser: 2, repositoriesPerTenant: 3 } } })
  ann = stack.browser('ann')
  const [bob, vera] = [stack.browser('bob'), stack.browser('vera')]
  const statuses: number[] = []
  for (const browser of [ann, ann, ann, bob, vera])
    statuses.push((await browser.send('/repositories')).status)
  expect(statuses).toEqual([409, 409, 429, 409, 429])
  const refused = await ann.send('/repositories')
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(listEvents(stack, 'request_failed')).toEqual([])
})
