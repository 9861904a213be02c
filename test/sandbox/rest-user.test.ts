// GitHub's API about the person: who they are, which organizations they belong to, and who gets no answer.

import { describe, expect, it } from 'vitest'
import { signIn, startRest, type Person } from './rest-client.ts'
import { send } from './sandbox-client.ts'

const ROUTES = [
  '/user',
  '/user/installations',
  '/user/memberships/orgs',
  '/user/memberships/orgs/acme-coffee',
  '/orgs/acme-coffee/installations',
]

function readList(json: unknown): Record<string, unknown>[] {
  if (!Array.isArray(json)) throw new Error('not a list')
  return json
}

async function listMemberships(person: Person, query = '') {
  const { rest, sandbox } = await startRest()
  sandbox.scenario('set_membership', {
    person: 'trent',
    account: 'acme-coffee',
    role: 'owner',
    state: 'pending',
  })
  const answer = await rest('GET', `/user/memberships/orgs${query}`, await signIn(sandbox, person))
  return readList(JSON.parse(answer.text)).map(({ state, role, organization_url: url }) => [
    state,
    role,
    String(url).split('/').at(-1),
  ])
}

describe('GET /user', () => {
  it.each([
    ['mona', 91_000_201],
    ['hubot', 91_000_202],
    ['trent', 91_000_203],
  ] as const)('names %s, whom the token stands for', async (person, id) => {
    const { rest, sandbox } = await startRest()
    const answer = await rest('GET', '/user', await signIn(sandbox, person))
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ login: person, id, type: 'User' })
  })

  it('accepts the word "token" before the token too', async () => {
    const { rest, sandbox } = await startRest()
    const authorization = (await signIn(sandbox)).replace('Bearer', 'token')
    expect((await rest('GET', '/user', authorization)).status).toBe(200)
  })
})

describe('GET /user/memberships/orgs', () => {
  it('calls an owner an admin, and lists each organization', async () => {
    expect(await listMemberships('mona')).toEqual([
      ['active', 'admin', 'acme-coffee'],
      ['active', 'admin', 'nordwind-shop'],
    ])
  })

  it('calls a plain member a member', async () => {
    expect(await listMemberships('hubot')).toEqual([['active', 'member', 'acme-coffee']])
  })

  it.each([
    ['', [['pending', 'admin', 'acme-coffee']]],
    ['?state=pending', [['pending', 'admin', 'acme-coffee']]],
    ['?state=active', []],
  ])('shows who is only invited with "%s" as %j', async (query, expected) => {
    expect(await listMemberships('trent', query)).toEqual(expected)
  })

  it('refuses another state with 422', async () => {
    const { rest, sandbox } = await startRest()
    const answer = await rest('GET', '/user/memberships/orgs?state=gone', await signIn(sandbox))
    expect(answer.status).toBe(422)
    expect(answer.json?.['message']).toBe('Validation Failed')
  })

  it('is paged, with links to the other pages', async () => {
    const { rest, sandbox } = await startRest()
    const authorization = await signIn(sandbox)
    const first = await rest('GET', '/user/memberships/orgs?per_page=1', authorization)
    const url = `${sandbox.githubApiUrl}/user/memberships/orgs?per_page=1`
    expect(first.headers.get('link')).toBe(`<${url}&page=2>; rel="next", <${url}&page=2>; rel="last"`)
    const second = await rest('GET', '/user/memberships/orgs?per_page=1&page=2', authorization)
    expect(second.headers.get('link')).toBe(`<${url}&page=1>; rel="prev", <${url}&page=1>; rel="first"`)
    expect(readList(JSON.parse(second.text))).toHaveLength(1)
    expect(
      (await rest('GET', '/user/memberships/orgs?per_page=2', authorization)).headers.get('link'),
    ).toBeNull()
  })
})

describe('GET /user/memberships/orgs/{org}', () => {
  it.each([
    ['mona', 'acme-coffee', 'admin'],
    ['mona', 'ACME-Coffee', 'admin'],
    ['hubot', 'acme-coffee', 'member'],
  ] as const)('tells %s of %s: %s', async (person, organization, role) => {
    const { rest, sandbox } = await startRest()
    const path = `/user/memberships/orgs/${organization}`
    const answer = await rest('GET', path, await signIn(sandbox, person))
    expect(answer.json).toMatchObject({ role, state: 'active', organization: { login: 'acme-coffee' } })
  })

  it('tells who is only invited that it is pending', async () => {
    const { rest, sandbox } = await startRest()
    const invitation = { person: 'trent', account: 'acme-coffee', role: 'owner', state: 'pending' }
    sandbox.scenario('set_membership', invitation)
    const answer = await rest('GET', '/user/memberships/orgs/acme-coffee', await signIn(sandbox, 'trent'))
    expect(answer.json).toMatchObject({ role: 'admin', state: 'pending' })
  })

  it.each([
    ['an organization of others', 'trent', 'acme-coffee'],
    ['an unknown one', 'mona', 'nobody'],
    ['a personal account', 'mona', 'mona'],
    ['a malformed name', 'mona', '%E0%A4'],
  ] as const)('is 404 for %s', async (_what, person, organization) => {
    const { rest, sandbox } = await startRest()
    const path = `/user/memberships/orgs/${organization}`
    const answer = await rest('GET', path, await signIn(sandbox, person))
    expect(answer.status).toBe(404)
    expect(answer.json).toMatchObject({ message: 'Not Found', status: '404' })
  })

  it('follows who joins and who leaves', async () => {
    const { rest, sandbox } = await startRest()
    const authorization = await signIn(sandbox)
    const path = '/user/memberships/orgs/acme-coffee'
    sandbox.scenario('set_membership', { person: 'mona', account: 'acme-coffee', role: 'member' })
    expect((await rest('GET', path, authorization)).json).toMatchObject({ role: 'member' })
    sandbox.scenario('set_membership', { person: 'mona', account: 'acme-coffee', role: 'none' })
    expect((await rest('GET', path, authorization)).status).toBe(404)
  })
})

describe('every call for a person', () => {
  it.each(ROUTES)('%s is 401 without a token', async (path) => {
    const { rest } = await startRest()
    const answer = await rest('GET', path, null)
    expect(answer.status).toBe(401)
    expect(answer.json).toEqual({
      message: 'Requires authentication',
      documentation_url: 'https://docs.github.com/rest',
      status: '401',
    })
  })

  it.each(ROUTES)('%s is 401 with a token nobody was given', async (path) => {
    const { rest } = await startRest()
    const answer = await rest('GET', path, 'Bearer ghu_0000000000000000000000000000000000aa')
    expect([answer.status, answer.json?.['message']]).toEqual([401, 'Bad credentials'])
  })

  it('is 401 when the token is eight hours old', async () => {
    const { rest, sandbox, pass } = await startRest()
    const authorization = await signIn(sandbox)
    pass(8 * 60 * 60_000 - 1)
    expect((await rest('GET', '/user', authorization)).status).toBe(200)
    pass(1)
    expect((await rest('GET', '/user', authorization)).status).toBe(401)
  })

  it('has GitHub’s headers, and counts the calls of each caller', async () => {
    const { rest, sandbox } = await startRest()
    const [mona, hubot] = [await signIn(sandbox), await signIn(sandbox, 'hubot')]
    await rest('GET', '/user', mona)
    const { headers } = await rest('GET', '/user', mona)
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(headers.get('x-github-request-id')).toMatch(/^[\dA-F]{4}:[\dA-F]{4}:[\dA-F]{6}:[\dA-F]{6}$/)
    expect(headers.get('x-ratelimit-limit')).toBe('5000')
    expect(headers.get('x-ratelimit-remaining')).toBe('4998')
    expect(headers.get('x-ratelimit-used')).toBe('2')
    expect((await rest('GET', '/user', hubot)).headers.get('x-ratelimit-remaining')).toBe('4999')
  })

  it('is 403 for a client that does not say who it is', async () => {
    const { sandbox } = await startRest()
    const answer = await send(`${sandbox.githubApiUrl}/user`, { headers: { 'User-Agent': '' } })
    expect(answer.status).toBe(403)
    expect(String(answer.json?.['message'])).toContain('User-Agent')
  })

  it.each([
    ['GET', '/user/nothing'],
    ['POST', '/user'],
    ['GET', ''],
    ['GET', '/orgs//installations'],
  ])('is 404 for %s %s, which the sandbox does not have', async (method, path) => {
    const { sandbox } = await startRest()
    const answer = await send(`${sandbox.githubApiUrl}${path}`, { method })
    expect(answer.status).toBe(404)
    expect(answer.json).toMatchObject({ message: 'Not Found' })
  })
})
