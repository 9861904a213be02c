// Calls to GitHub's API that fail, come late, are cut off or answered wrongly because a scenario asked for it.

import { describe, expect, it } from 'vitest'
import { exchange, signIn, startRest } from './rest-client.ts'
import { send, START_AT } from './sandbox-client.ts'

/** How to reach each route, and its name in scenarios. */
const ROUTES = [
  ['github_user', 'GET', '/user'],
  ['github_user_installations', 'GET', '/user/installations'],
  ['github_memberships', 'GET', '/user/memberships/orgs'],
  ['github_membership', 'GET', '/user/memberships/orgs/acme-coffee'],
  ['github_organization_installations', 'GET', '/orgs/acme-coffee/installations'],
  ['github_app', 'GET', '/app'],
  ['github_app_installation', 'GET', '/app/installations/1'],
  ['github_revoke_token', 'DELETE', '/applications/x/token'],
] as const

async function startFaulty(route = 'github_user', path = '/user', method = 'GET') {
  const test = await startRest()
  const authorization = await signIn(test.sandbox)
  // Faults are not described by GitHub, so these calls go past the check.
  const call = () =>
    send(`${test.sandbox.githubApiUrl}${path}`, { method, headers: { Authorization: authorization } })
  const plan = (name: string, params: Readonly<Record<string, unknown>> = {}) =>
    test.sandbox.scenario(name, { route, ...params })
  return { ...test, authorization, call, plan }
}

describe('fail_next on GitHub', () => {
  it.each(ROUTES)('fails %s once, in GitHub’s form', async (route, method, path) => {
    const { call, plan } = await startFaulty(route, path, method)
    plan('fail_next', { status: 502, message: 'Server Error' })
    const answer = await call()
    expect(answer.status).toBe(502)
    expect(answer.json).toMatchObject({ message: 'Server Error', status: '502' })
    expect((await call()).status).not.toBe(502)
  })

  it.each([500, 502, 403, 429])(
    'fails the code exchange with %i, and leaves the code alone',
    async (status) => {
      const { sandbox } = await startRest()
      const code = sandbox.issueCode({ app: 'connector', person: 'mona' })
      sandbox.scenario('fail_next', { route: 'github_token', status, retryAfterSeconds: 7 })
      const answer = await exchange(sandbox, { code })
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, '7'])
      expect((await exchange(sandbox, { code })).json).toHaveProperty('access_token')
    },
  )

  it.each(['code', 'details'])('does not take %s, which only Layers sends', async (name) => {
    const { plan } = await startFaulty()
    expect(() => plan('fail_next', { status: 500, [name]: name === 'code' ? 'X' : {} })).toThrow(
      `unknown parameter ${name}`,
    )
  })
})

describe('rate_limit_next', () => {
  it.each([403, 429])('primary: %i with nothing left until the next hour', async (status) => {
    const { rest, authorization, plan } = await startFaulty()
    plan('rate_limit_next', { limit: 'primary', status })
    const answer = await rest('GET', '/user', authorization)
    expect(answer.status).toBe(status)
    expect(String(answer.json?.['message'])).toContain('API rate limit exceeded')
    expect(answer.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(answer.headers.get('x-ratelimit-reset')).toBe(String(Math.ceil(START_AT / 1_000 + 3_600)))
  })

  it('secondary: 403 by default, with a time to wait', async () => {
    const { rest, authorization, plan } = await startFaulty()
    plan('rate_limit_next', { limit: 'secondary' })
    const answer = await rest('GET', '/user', authorization)
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([403, '60'])
    expect(String(answer.json?.['message'])).toContain('secondary rate limit')
    expect((await rest('GET', '/user', authorization)).status).toBe(200)
  })

  it.each([404, 410])('is refused with the status %i', async (status) => {
    const { plan } = await startFaulty()
    expect(() => plan('rate_limit_next', { limit: 'primary', status })).toThrow('status must be 403 or 429')
  })

  it('comes by itself after 5,000 calls in an hour', async () => {
    const { createRateBudget } = await import('../../demo/sandbox/github/rest/rate-budget.ts')
    let now = 0
    const budget = createRateBudget({ now: () => now, advance: () => {}, offsetMs: 0 })
    for (let count = 0; count < 5_000; count += 1) expect(budget.charge('mona').isExceeded).toBe(false)
    expect(budget.charge('mona').isExceeded).toBe(true)
    expect(budget.charge('hubot').isExceeded).toBe(false)
    now += 60 * 60_000
    expect(budget.charge('mona').isExceeded).toBe(false)
  })
})

describe('a cut', () => {
  it('before: the code can still be exchanged', async () => {
    const { sandbox } = await startRest()
    const code = sandbox.issueCode({ app: 'connector', person: 'mona' })
    sandbox.scenario('cut_next', { route: 'github_token', when: 'before' })
    await expect(exchange(sandbox, { code })).rejects.toThrow('fetch failed')
    expect((await exchange(sandbox, { code })).json).toHaveProperty('access_token')
  })

  it('after: the code is used up, and the token exists', async () => {
    const { sandbox } = await startRest()
    const code = sandbox.issueCode({ app: 'connector', person: 'mona' })
    sandbox.scenario('cut_next', { route: 'github_token', when: 'after' })
    await expect(exchange(sandbox, { code })).rejects.toThrow('fetch failed')
    expect(sandbox.userTokens).toMatchObject([{ person: 'mona', revokedAt: null }])
    expect((await exchange(sandbox, { code })).json?.['error']).toBe('bad_verification_code')
  })

  it('shows among the requests as one without a status', async () => {
    const { sandbox, call, plan } = await startFaulty()
    plan('cut_next', { when: 'after' })
    await expect(call()).rejects.toThrow('fetch failed')
    expect(sandbox.githubRequests.at(-1)).toMatchObject({ path: '/api/v3/user', status: null })
  })
})

describe('delay_next on GitHub', () => {
  it('answers no earlier than asked, and once', async () => {
    const { call, plan } = await startFaulty()
    plan('delay_next', { delayMs: 60 })
    const startedAt = performance.now()
    expect((await call()).status).toBe(200)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(59)
  })

  it('does not keep a sandbox from closing', async () => {
    const { sandbox, call, plan } = await startFaulty()
    plan('delay_next', { delayMs: 600_000 })
    const late = call().catch(() => 'cut')
    // Answered only after the late request arrived, as both go to the same server.
    await send(sandbox.githubUrl)
    await sandbox.close()
    expect(await late).toBe('cut')
  })
})

describe('wrong_shape_next on GitHub', () => {
  it('html: a page', async () => {
    const { call, plan } = await startFaulty()
    plan('wrong_shape_next', { shape: 'html' })
    expect((await call()).headers.get('content-type')).toContain('text/html')
  })

  it('empty: nothing', async () => {
    const { call, plan } = await startFaulty()
    plan('wrong_shape_next', { shape: 'empty' })
    expect((await call()).text).toBe('')
  })

  it('truncated: the first half', async () => {
    const { call, plan } = await startFaulty()
    plan('wrong_shape_next', { shape: 'truncated' })
    expect((await call()).json).toBeUndefined()
  })

  it('missing_fields: only the first', async () => {
    const { call, plan } = await startFaulty()
    plan('wrong_shape_next', { shape: 'missing_fields' })
    expect((await call()).json).toEqual({ login: 'mona' })
  })

  it('wrong_types: every field of another type, in each item of a list', async () => {
    const { call, plan } = await startFaulty('github_memberships', '/user/memberships/orgs')
    plan('wrong_shape_next', { shape: 'wrong_types' })
    expect(JSON.parse((await call()).text)).toMatchObject([
      { state: 42, organization: 'not an object' },
      { state: 42 },
    ])
  })

  it('huge: more than anybody should read', async () => {
    const { call, plan } = await startFaulty()
    plan('wrong_shape_next', { shape: 'huge' })
    expect((await call()).text.length).toBeGreaterThan(8 * 1024 * 1024)
  })

  it('redirect: to another place', async () => {
    const { sandbox, call, plan } = await startFaulty()
    plan('wrong_shape_next', { shape: 'redirect' })
    const answer = await call()
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `${sandbox.githubUrl}/moved`])
  })

  it.each(['other_state', 'other_host', 'expired', 'other_installation'])(
    'is refused for %s, which only Layers’ answers can be',
    async (shape) => {
      const { plan } = await startFaulty()
      expect(() => plan('wrong_shape_next', { shape })).toThrow('route must be one of')
    },
  )
})
