// Proof with the installed App's own credentials: who is let through, who is not, and what GitHub is asked for it.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import {
  ACME,
  claim,
  EXCHANGE,
  INSTALLATION,
  INSTALLATION_ID,
  MONA,
  OWN_APP,
  OWNER,
  refusing,
  REVOKE,
  startGitHub,
  TOKEN,
} from './github-server.ts'
import { sendJson } from './upstream-server.ts'

const APP_LOOKUP = `GET /api/v3/app/installations/${INSTALLATION_ID}`
const LIST = 'GET /api/v3/user/installations'
const MEMBERSHIP = 'GET /api/v3/user/memberships/orgs/acme-coffee'
const installedOn = (account: unknown) => ({ ...INSTALLATION, account })
/** GitHub tied the id to the account, and the person to it. */
const PROVED = { verdict: 'proved', login: null }
const listing = (...installations: unknown[]) => ({ total_count: installations.length, installations })

/** GitHub's answers when the App is installed on a person's own account. */
const PERSONAL = { [APP_LOOKUP]: installedOn(MONA), [LIST]: listing(installedOn(MONA)) }

describe('an owner', () => {
  it('of the organization is let through, and Layers need not know its present name', async () => {
    const github = await startGitHub()
    expect(await github.prover(OWN_APP).prove(claim())).toEqual(PROVED)
    expect(github.routes).toEqual([APP_LOOKUP, EXCHANGE, MEMBERSHIP, LIST, REVOKE])
    expect(github.logged).toEqual([])
  })

  it('of the personal account is let through', async () => {
    const github = await startGitHub(PERSONAL)
    expect(await github.prover(OWN_APP).prove(claim())).toEqual(PROVED)
    expect(github.routes).toEqual([APP_LOOKUP, EXCHANGE, 'GET /api/v3/user', LIST, REVOKE])
  })

  it('is let through for the expected account, however its case is written', async () => {
    const github = await startGitHub()
    const answer = await github.prover(OWN_APP).prove(claim({ expectedAccount: 'ACME-Coffee' }))
    expect(answer.verdict).toBe('proved')
  })

  it('is let through for a suspended installation: what that is worth is Layers’ to say', async () => {
    const suspended = { ...INSTALLATION, suspended_at: '2026-01-01T00:00:00Z', suspended_by: MONA }
    const github = await startGitHub({ [APP_LOOKUP]: suspended, [LIST]: listing(suspended) })
    expect((await github.prover(OWN_APP).prove(claim())).verdict).toBe('proved')
  })

  it('shows the code, the redirect URL and PKCE’s verifier when they belong together', async () => {
    const github = await startGitHub()
    const redirectUrl = 'https://app.example.com/connect/github/return'
    await github.prover(OWN_APP).prove(claim({ code: 'abc', redirectUrl, codeVerifier: 'v3rifier' }))
    const body: unknown = JSON.parse(github.received.find(({ route }) => route === EXCHANGE)?.body ?? '')
    expect(body).toMatchObject({ code: 'abc', redirect_uri: redirectUrl, code_verifier: 'v3rifier' })
  })

  it('shows neither redirect URL nor verifier with the code of an install', async () => {
    const github = await startGitHub()
    await github.prover(OWN_APP).prove(claim())
    const body = github.received.find(({ route }) => route === EXCHANGE)?.body
    expect(body).not.toMatch(/redirect_uri|code_verifier/)
  })
})

describe('somebody else is refused:', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a member who may read', { [MEMBERSHIP]: { ...OWNER, role: 'member' } }, 'not an owner of the account'],
    [
      'a billing manager',
      { [MEMBERSHIP]: { ...OWNER, role: 'billing_manager' } },
      'not an owner of the account',
    ],
    [
      'an owner who has not accepted yet',
      { [MEMBERSHIP]: { ...OWNER, state: 'pending' } },
      'not an owner of the account',
    ],
    ['somebody from outside', { [MEMBERSHIP]: refusing(404) }, 'not an owner of the account'],
    [
      'the owner of another organization that has this name by now',
      { [MEMBERSHIP]: { ...OWNER, organization: { ...ACME, id: 43 } } },
      'not an owner of the account',
    ],
    [
      'somebody who does not see the installation',
      { [LIST]: listing() },
      'not among the person’s installations',
    ],
    [
      'somebody who sees others only',
      { [LIST]: listing({ ...INSTALLATION, id: 4712 }) },
      'not among the person’s installations',
    ],
    [
      'somebody who sees this id, of another App',
      { [LIST]: listing({ ...INSTALLATION, app_id: 101 }) },
      'not among the person’s installations',
    ],
    [
      'somebody with another person’s account',
      { ...PERSONAL, 'GET /api/v3/user': { ...MONA, id: 8 } },
      'not an owner of the account',
    ],
  ])('%s', async (_, changes, reason) => {
    const github = await startGitHub(changes)
    expect(await github.prover(OWN_APP).prove(claim())).toEqual({
      verdict: 'refused',
      code: 'ownership_not_proved',
      reason,
    })
    expect(github.routes.at(-1)).toBe(REVOKE)
  })

  it.each<[string, Record<string, unknown>]>([
    ['of an id that the App does not know', { [APP_LOOKUP]: refusing(404) }],
    ['of an enterprise', { [APP_LOOKUP]: installedOn({ id: 9, slug: 'acme-enterprise', name: 'Acme' }) }],
    ['of nobody', { [APP_LOOKUP]: installedOn(null) }],
    ['of something that is neither', { [APP_LOOKUP]: installedOn({ ...ACME, type: 'Bot' }) }],
  ])('for the installation %s, and no code is used up', async (_, changes) => {
    const github = await startGitHub(changes)
    expect(await github.prover(OWN_APP).prove(claim())).toMatchObject({
      verdict: 'refused',
      code: 'ownership_not_proved',
    })
    expect(github.routes).toEqual([APP_LOOKUP])
  })

  it('of an id that the App does not know, and the operator is told what it means when everybody is', async () => {
    const github = await startGitHub({ [APP_LOOKUP]: refusing(404) })
    const answer = await github.prover(OWN_APP).prove(claim())
    expect(answer).toHaveProperty('cure', expect.stringContaining('GITHUB_APP_ID'))
  })

  it('for another account than the expected one, and no code is used up', async () => {
    const github = await startGitHub()
    const answer = await github.prover(OWN_APP).prove(claim({ expectedAccount: 'nordwind-shop' }))
    expect(answer).toMatchObject({ verdict: 'refused', code: 'account_mismatch' })
    expect(github.routes).toEqual([APP_LOOKUP])
  })

  it('when no code came back', async () => {
    const github = await startGitHub()
    expect(await github.prover(OWN_APP).prove(claim({ code: null }))).toMatchObject({
      verdict: 'refused',
      code: 'ownership_not_proved',
    })
    expect(github.routes).toEqual([APP_LOOKUP])
  })
})

describe('a long list', () => {
  /** Full pages that always promise another one, with the installation on one of them. */
  function pagesWith(installationPage: number) {
    return (response: ServerResponse, request: IncomingMessage): void => {
      const page = Number(new URL(request.url ?? '', 'http://github').searchParams.get('page'))
      const others = Array.from({ length: 99 }, (_, index) => ({ ...INSTALLATION, id: 100_000 + index }))
      response.setHeader('link', '<https://elsewhere.example/?page=999>; rel="next"')
      sendJson(response, listing(...others, ...(page === installationPage ? [INSTALLATION] : [])))
    }
  }

  it('is read page by page until the installation comes, by number and not by the URL in the answer', async () => {
    const github = await startGitHub({ [LIST]: pagesWith(3) })
    expect((await github.prover(OWN_APP).prove(claim())).verdict).toBe('proved')
    const asked = github.received.filter(({ route }) => route === LIST).map(({ query }) => query)
    expect(asked).toEqual([1, 2, 3].map((page) => `?per_page=100&page=${page}`))
  })

  it('is given up after a thousand, and nobody is let through', async () => {
    const github = await startGitHub({ [LIST]: pagesWith(11) })
    expect(await github.prover(OWN_APP).prove(claim())).toMatchObject({
      verdict: 'failed',
      code: 'ownership_unavailable',
      reason: 'list too long',
    })
    expect(github.received.filter(({ route }) => route === LIST)).toHaveLength(10)
    expect(github.routes.at(-1)).toBe(REVOKE)
  })
})

it('keeps the token out of every other header, path and body', async () => {
  const github = await startGitHub()
  await github.prover(OWN_APP).prove(claim())
  for (const { route, query, headers, body } of github.received) {
    const { authorization, ...others } = headers
    expect(JSON.stringify([route, query, others])).not.toContain(TOKEN)
    if (route !== REVOKE) expect(body).not.toContain(TOKEN)
    if (route === EXCHANGE) expect(authorization).toBeUndefined()
  }
})

describe('JSON that is made to hurt', () => {
  const raw = (body: string) => (response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(body)

  it.each([
    ['is nested deeply', '['.repeat(500_000) + ']'.repeat(500_000)],
    ['holds a number of a million digits', '9'.repeat(1_000_000)],
    [
      'holds an id that is too large to be one',
      JSON.stringify(INSTALLATION).replace('4711', '9007199254740993'),
    ],
    ['holds its fields in the prototype', `{"__proto__":${JSON.stringify(INSTALLATION)}}`],
    ['is nothing but quotes and backslashes', '"\\'.repeat(300_000)],
  ])('and %s is an unreadable answer, soon', async (_, body) => {
    const github = await startGitHub({ [APP_LOOKUP]: raw(body) })
    const startedAt = performance.now()
    expect(await github.prover(OWN_APP, { timeoutMs: 40_000 }).prove(claim())).toMatchObject({
      reason: 'unreadable answer',
    })
    expect(performance.now() - startedAt).toBeLessThan(8000)
  })
})

it('says nothing on the console, whatever GitHub says about deprecations and clocks', async () => {
  const spoken = (['debug', 'info', 'log', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name))
  const github = await startGitHub({
    [APP_LOOKUP]: refusing(
      401,
      { deprecation: 'true', sunset: 'now', link: '<https://x>; rel="deprecation"' },
      "'Expiration time' claim ('exp') is too far in the future",
    ),
  })
  expect(await github.prover(OWN_APP).prove(claim())).toMatchObject({
    reason: 'App credentials not accepted',
  })
  expect(github.routes).toEqual([APP_LOOKUP, APP_LOOKUP])
  for (const said of spoken) expect(said).not.toHaveBeenCalled()
})
