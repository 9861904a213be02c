// What GitHub can do wrong in a proof: each has its verdict and its cure, nobody is let through, and the token is given back.
import { inspect } from 'node:util'
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import {
  claim,
  CLIENT_SECRET,
  EXCHANGE,
  INSTALLATION_ID,
  OWN_APP,
  refusing,
  REVOKE,
  startGitHub,
  TOKEN,
  type FakeGitHub,
} from './github-server.ts'
import { importBroken } from './broken-prover.ts'

const APP_LOOKUP = `GET /api/v3/app/installations/${INSTALLATION_ID}`
const LIST = 'GET /api/v3/user/installations'
const MEMBERSHIP = 'GET /api/v3/user/memberships/orgs/acme-coffee'
const CODE = 'c0deThatIsGoodForOneExchange'

type Row = [situation: string, changes: Record<string, unknown>, reason: string, cure: string]

const oauthError = (error: string) => ({
  [EXCHANGE]: { error, error_description: `about ${CODE}`, error_uri: 'https://docs.github.com' },
})
const redirect = (response: ServerResponse) =>
  void response.writeHead(302, { location: 'https://elsewhere.example/' }).end()
const cut = (response: ServerResponse) => void response.destroy()
const hang = () => undefined
const html = (response: ServerResponse) =>
  void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hello</h1>')
const notFoundPage = (response: ServerResponse) =>
  void response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>404</h1>')

const UNAVAILABLE: Row[] = [
  ['the code is used up', oauthError('bad_verification_code'), 'code not accepted', 'try again'],
  ['the code is refused in a new way', oauthError('new_error'), 'code not accepted', 'try again'],
  ['the exchange is cut', { [EXCHANGE]: cut }, 'GitHub not reached', 'GITHUB_URL'],
  ['the exchange fails', { [EXCHANGE]: refusing(502) }, 'GitHub not reached', 'GITHUB_URL'],
  ['the exchange brings no token', { [EXCHANGE]: {} }, 'unreadable answer', 'GITHUB_API_URL'],
  [
    'the exchange brings a number',
    { [EXCHANGE]: { access_token: 7 } },
    'unreadable answer',
    'GITHUB_API_URL',
  ],
  ['the exchange brings HTML', { [EXCHANGE]: html }, 'unreadable answer', 'GITHUB_API_URL'],
  ['the exchange never ends', { [EXCHANGE]: hang }, 'GitHub too slow', 'passes by itself'],
  ['the App is asked in vain', { [APP_LOOKUP]: hang }, 'GitHub too slow', 'passes by itself'],
  [
    'the App’s answer is of another installation',
    { [APP_LOOKUP]: { id: 1 } },
    'unreadable answer',
    'GITHUB_API_URL',
  ],
  ['the API is no API', { [APP_LOOKUP]: notFoundPage }, 'unreadable answer', 'GITHUB_API_URL'],
  ['a list is no list', { [LIST]: { installations: 'none' } }, 'unreadable answer', 'GITHUB_API_URL'],
  ['a list never comes', { [LIST]: hang }, 'GitHub too slow', 'passes by itself'],
  ['a list fails twice', { [LIST]: refusing(500) }, 'GitHub not reached', 'passes by itself'],
  [
    'a membership is not readable',
    { [MEMBERSHIP]: { role: 'admin' } },
    'unreadable answer',
    'GITHUB_API_URL',
  ],
  [
    'the user’s token is not taken',
    { [LIST]: refusing(401) },
    'fresh user token not accepted',
    'GITHUB_API_URL',
  ],
  ['GitHub has had enough of us', { [LIST]: refusing(429) }, 'rate limited by GitHub', 'passes by itself'],
  [
    'the rate limit is used up',
    { [LIST]: refusing(403, { 'x-ratelimit-remaining': '0' }) },
    'rate limited by GitHub',
    'passes by itself',
  ],
  [
    'a secondary rate limit applies',
    { [MEMBERSHIP]: refusing(403, { 'retry-after': '60' }) },
    'rate limited by GitHub',
    'passes by itself',
  ],
  ['GitHub refuses in a new way', { [LIST]: refusing(418) }, 'refused by GitHub', 'status in the log'],
]

const MISCONFIGURED: Row[] = [
  [
    'the client secret is wrong',
    oauthError('incorrect_client_credentials'),
    'client credentials not accepted',
    'GITHUB_CLIENT_SECRET',
  ],
  [
    'the client is unknown',
    { [EXCHANGE]: refusing(404) },
    'client credentials not accepted',
    'GITHUB_CLIENT_ID',
  ],
  [
    'the return URL is not registered',
    oauthError('redirect_uri_mismatch'),
    'redirect URL not registered',
    '/return',
  ],
  ['the App is suspended', oauthError('application_suspended'), 'App suspended', 'GITHUB_CLIENT_ID'],
  [
    'the App’s key is wrong',
    { [APP_LOOKUP]: refusing(401) },
    'App credentials not accepted',
    'GITHUB_APP_PRIVATE_KEY',
  ],
  ['the App lacks a permission', { [MEMBERSHIP]: refusing(403) }, 'App lacks a permission', 'Members: read'],
  ['an address does not exist', { [LIST]: refusing(404) }, 'API not found', 'GITHUB_API_URL'],
  ['the exchange sends elsewhere', { [EXCHANGE]: redirect }, 'GitHub sent elsewhere', 'GITHUB_URL'],
  ['the API sends elsewhere', { [LIST]: redirect }, 'GitHub sent elsewhere', 'GITHUB_API_URL'],
]

/** Everything that somebody could print. */
function printed(...values: unknown[]): string {
  const shown = values.map((value) => inspect(value, { depth: null, showHidden: true, getters: true }))
  const json = values.map((value) => JSON.stringify(value))
  const texts = values.map((value) => String(value instanceof Error ? value.stack : value))
  return [...shown, ...json, ...texts].join('\n')
}

function expectRevoked(github: FakeGitHub): void {
  const wasIssued = github.routes.includes(MEMBERSHIP)
  expect(github.routes.filter((route) => route === REVOKE)).toHaveLength(wasIssued ? 1 : 0)
  if (wasIssued) expect(github.routes.at(-1)).toBe(REVOKE)
}

describe.each([
  ['ownership_unavailable', UNAVAILABLE],
  ['ownership_misconfigured', MISCONFIGURED],
] as const)('%s, when', (code, rows) => {
  it.each(rows)('%s', async (_, changes, reason, cure) => {
    const github = await startGitHub(changes)
    // Little time only where time has to run out.
    const timeoutMs = reason === 'GitHub too slow' ? 2000 : 16_000
    const answer = await github.prover(OWN_APP, { timeoutMs }).prove(claim({ code: CODE }))
    expect(answer).toMatchObject({ verdict: 'failed', code, reason })
    expect(answer).toHaveProperty('cure', expect.stringContaining(cure))
    expectRevoked(github)
    const cause = answer.verdict === 'failed' ? answer.cause : undefined
    const text = printed(answer, cause, github.logged)
    for (const secret of [TOKEN, CLIENT_SECRET, CODE, 'hello', 'elsewhere.example'])
      expect(text).not.toContain(secret)
  })
})

it('waits for an exchange under way when the proof is stopped, so that the token can be given back', async () => {
  const stop = new AbortController()
  const github = await startGitHub({
    [EXCHANGE]: (response: ServerResponse) => {
      stop.abort()
      setImmediate(() => {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ access_token: TOKEN, token_type: 'bearer', scope: '' }))
      })
    },
  })
  const answer = await github.prover(OWN_APP).prove(claim({ signal: stop.signal }))
  expect(answer).toMatchObject({ verdict: 'failed', reason: 'GitHub too slow' })
  expect(github.routes).toEqual([APP_LOOKUP, EXCHANGE, REVOKE])
})

it('uses no code up when the proof was stopped before', async () => {
  const github = await startGitHub()
  const answer = await github.prover(OWN_APP).prove(claim({ signal: AbortSignal.abort() }))
  expect(answer).toMatchObject({ verdict: 'failed', code: 'ownership_unavailable' })
  expect(github.routes).toEqual([])
})

it('ends the proofs under way when it is closed, and gives their tokens back', async () => {
  let isAsked = (): void => undefined
  const asked = new Promise<void>((resolve) => (isAsked = resolve))
  const github = await startGitHub({ [LIST]: () => isAsked() })
  const prover = github.prover(OWN_APP)
  const proving = prover.prove(claim())
  await asked
  await prover.close()
  expect(await proving).toMatchObject({ verdict: 'failed', reason: 'GitHub too slow' })
  expect(github.routes.at(-1)).toBe(REVOKE)
})

it.each([
  ['refused', refusing(422)],
  ['cut', cut],
  ['never answered', hang],
])('keeps the verdict when giving the token back is %s, and says so in the log', async (_, answer) => {
  const github = await startGitHub({ [REVOKE]: answer })
  expect(await github.prover(OWN_APP, { timeoutMs: 2000 }).prove(claim())).toMatchObject({
    verdict: 'proved',
  })
  expect(github.logged.map(({ event }) => event)).toEqual(['ownership_revocation_failed'])
  expect(printed(github.logged, github.logged[0]?.fields?.error)).not.toContain(TOKEN)
})

it('would keep the token of a failed proof, were it given back after good ones only (control)', async () => {
  const create = await importBroken({
    file: 'ownership/github-user.ts',
    from: '  } finally {\n    for (const token of tokens) await revoke(access, token)',
    to: '  } finally {\n    void revoke',
  })
  const github = await startGitHub({ [LIST]: refusing(500) })
  await github.prover(OWN_APP, {}, create).prove(claim())
  expect(github.routes).not.toContain(REVOKE)
})

it('would let a member who may read through, were the role not looked at (control)', async () => {
  const create = await importBroken({
    file: 'ownership/github-membership.ts',
    from: "membership.role === 'admin' && ",
    to: '',
  })
  const github = await startGitHub({
    [MEMBERSHIP]: { role: 'member', state: 'active', organization: { id: 42, login: 'acme-coffee' } },
  })
  expect(await github.prover(OWN_APP, {}, create).prove(claim())).toMatchObject({ verdict: 'proved' })
})
