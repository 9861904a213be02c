// GitHub's API about installations: what a person sees through an App, and what an organization's owner sees of all Apps.

import { describe, expect, it } from 'vitest'
import { signIn, startRest, type Person } from './rest-client.ts'
import type { Answer } from './sandbox-client.ts'

const ACCOUNTS = ['acme-coffee', 'nordwind-shop', 'mona', 'initech-labs', 'trent']

/** The connector everywhere, and the partner's App on acme-coffee. */
async function startInstalled() {
  const test = await startRest()
  for (const account of ACCOUNTS) test.sandbox.scenario('install', { account })
  test.sandbox.scenario('install', { account: 'acme-coffee', app: 'partner' })
  return test
}

function readInstallations({ json }: Answer): Record<string, unknown>[] {
  const list = json?.['installations']
  if (!Array.isArray(list)) throw new Error('no installations')
  return list
}

function readLogins(answer: Answer): string[] {
  return readInstallations(answer).map(({ account }) => {
    if (typeof account !== 'object' || account === null || !('login' in account)) throw new Error('no login')
    return String(account.login)
  })
}

describe('GET /user/installations', () => {
  it.each([
    ['an owner those of all own accounts', 'mona', ['acme-coffee', 'nordwind-shop', 'mona']],
    ['a plain member those of the organization', 'hubot', ['acme-coffee']],
    ['somebody else only the own ones', 'trent', ['trent']],
  ] as const)('shows %s', async (_what, person: Person, logins) => {
    const { rest, sandbox } = await startInstalled()
    const answer = await rest('GET', '/user/installations', await signIn(sandbox, person))
    expect(answer.json?.['total_count']).toBe(logins.length)
    expect(readLogins(answer)).toEqual(logins)
  })

  it('shows only those of the App that the token was made through', async () => {
    const { rest, sandbox } = await startInstalled()
    const answer = await rest('GET', '/user/installations', await signIn(sandbox, 'mona', 'partner'))
    expect(readInstallations(answer)).toMatchObject([{ app_id: 310_982, app_slug: 'brightline-app' }])
  })

  it('shows nobody who is only invited', async () => {
    const { rest, sandbox } = await startInstalled()
    const invitation = { person: 'trent', account: 'acme-coffee', role: 'owner', state: 'pending' }
    sandbox.scenario('set_membership', invitation)
    expect(readLogins(await rest('GET', '/user/installations', await signIn(sandbox, 'trent')))).toEqual([
      'trent',
    ])
  })

  it('tells account, App, selection and times, like GitHub', async () => {
    const { rest, sandbox } = await startInstalled()
    const [first] = readInstallations(await rest('GET', '/user/installations', await signIn(sandbox)))
    expect(first).toMatchObject({
      id: 61_200_417,
      app_id: 210_417,
      app_slug: 'layers-connector',
      client_id: sandbox.apps.connector.clientId,
      account: { login: 'acme-coffee', id: 91_000_101, type: 'Organization' },
      target_id: 91_000_101,
      target_type: 'Organization',
      repository_selection: 'all',
      created_at: '2026-07-02T10:30:00Z',
      suspended_at: null,
      suspended_by: null,
    })
  })

  it('goes on showing a suspended one, with when and by whom', async () => {
    const { rest, sandbox, pass } = await startInstalled()
    const authorization = await signIn(sandbox)
    pass(60_000)
    sandbox.scenario('suspend', { account: 'acme-coffee' })
    const [first] = readInstallations(await rest('GET', '/user/installations', authorization))
    expect(first).toMatchObject({
      suspended_at: '2026-07-02T10:31:00Z',
      updated_at: '2026-07-02T10:31:00Z',
      suspended_by: { login: 'mona' },
    })
  })

  it('does not show what was uninstalled', async () => {
    const { rest, sandbox } = await startInstalled()
    sandbox.scenario('uninstall', { account: 'acme-coffee' })
    const answer = await rest('GET', '/user/installations', await signIn(sandbox))
    expect(readLogins(answer)).toEqual(['nordwind-shop', 'mona'])
  })

  it.each([
    ['?per_page=2', 2, true],
    ['?per_page=2&page=2', 1, true],
    ['?per_page=2&page=9', 0, true],
    ['?per_page=100', 3, false],
    ['?per_page=1000', 3, false],
    ['?per_page=0&page=-1', 3, false],
    ['?per_page=x', 3, false],
  ])('is paged by %s: %i of 3', async (query, count, hasLink) => {
    const { rest, sandbox } = await startInstalled()
    const answer = await rest('GET', `/user/installations${query}`, await signIn(sandbox))
    expect(answer.json?.['total_count']).toBe(3)
    expect(readInstallations(answer)).toHaveLength(count)
    expect(answer.headers.has('link')).toBe(hasLink)
  })
})

describe('GET /orgs/{org}/installations', () => {
  it('shows an owner those of all Apps, with their names', async () => {
    const { rest, sandbox } = await startInstalled()
    const answer = await rest(
      'GET',
      '/orgs/acme-coffee/installations',
      await signIn(sandbox, 'mona', 'partner'),
    )
    expect(answer.json?.['total_count']).toBe(2)
    expect(readInstallations(answer)).toMatchObject([
      { app_slug: 'layers-connector', app_id: 210_417 },
      { app_slug: 'brightline-app', app_id: 310_982 },
    ])
  })

  it('is paged', async () => {
    const { rest, sandbox } = await startInstalled()
    const path = '/orgs/acme-coffee/installations?per_page=1&page=2'
    const answer = await rest('GET', path, await signIn(sandbox, 'mona', 'partner'))
    expect(readInstallations(answer)).toMatchObject([{ app_slug: 'brightline-app' }])
  })

  it('is 403 for a plain member', async () => {
    const { rest, sandbox } = await startInstalled()
    const authorization = await signIn(sandbox, 'hubot', 'partner')
    const answer = await rest('GET', '/orgs/acme-coffee/installations', authorization)
    expect([answer.status, answer.json?.['message']]).toEqual([
      403,
      'You must be an organization owner to list its installations.',
    ])
  })

  it.each([
    ['a stranger', 'trent', 'acme-coffee'],
    ['an organization that does not exist', 'mona', 'nobody'],
    ['a personal account', 'mona', 'mona'],
  ] as const)('is 404 for %s', async (_what, person, login) => {
    const { rest, sandbox } = await startInstalled()
    const authorization = await signIn(sandbox, person, 'partner')
    expect((await rest('GET', `/orgs/${login}/installations`, authorization)).status).toBe(404)
  })

  it('is 403 while the App lacks the permission, everywhere or for one organization', async () => {
    const { rest, sandbox } = await startInstalled()
    const authorization = await signIn(sandbox, 'mona', 'partner')
    const readStatuses = async () => [
      (await rest('GET', '/orgs/acme-coffee/installations', authorization)).status,
      (await rest('GET', '/orgs/nordwind-shop/installations', authorization)).status,
    ]
    expect(await readStatuses()).toEqual([200, 200])
    sandbox.scenario('app_permission', { app: 'partner', on: false, account: 'acme-coffee' })
    expect(await readStatuses()).toEqual([403, 200])
    sandbox.scenario('app_permission', { app: 'partner', on: false })
    expect(await readStatuses()).toEqual([403, 403])
    sandbox.scenario('app_permission', { app: 'partner', on: true, account: 'nordwind-shop' })
    expect(await readStatuses()).toEqual([403, 200])
    sandbox.scenario('app_permission', { app: 'partner', on: true })
    expect(await readStatuses()).toEqual([200, 200])
  })

  it('says in GitHub’s words that the permission is missing', async () => {
    const { rest, sandbox } = await startInstalled()
    sandbox.scenario('app_permission', { app: 'partner', on: false })
    const authorization = await signIn(sandbox, 'mona', 'partner')
    const answer = await rest('GET', '/orgs/acme-coffee/installations', authorization)
    expect(answer.json?.['message']).toBe('Resource not accessible by integration')
  })
})
