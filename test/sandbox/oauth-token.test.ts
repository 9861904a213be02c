// The token endpoint: what a code is worth, to whom, for how long, and how often.

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { exchange, startRest } from './rest-client.ts'
import { send } from './sandbox-client.ts'

const CALLBACK = 'https://app.example.com/connect/github/return'
const OTHER_CALLBACK = 'https://app.example.com/other'
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

async function startWithCode(code: { redirectUrl?: string; codeChallenge?: string } = {}) {
  const test = await startRest({
    apps: { connector: { callbackUrls: [CALLBACK, OTHER_CALLBACK] }, partner: { callbackUrls: [CALLBACK] } },
  })
  return { ...test, code: test.sandbox.issueCode({ app: 'connector', person: 'mona', ...code }) }
}

describe('a code', () => {
  it('is worth a token of eight hours, and a refresh token', async () => {
    const { sandbox, code } = await startWithCode()
    const { status, json } = await exchange(sandbox, { code })
    expect(status).toBe(200)
    expect(json).toEqual({
      access_token: expect.stringMatching(/^ghu_[A-Za-z\d]{36}$/),
      expires_in: 28_800,
      refresh_token: expect.stringMatching(/^ghr_[A-Za-z\d]{76}$/),
      refresh_token_expires_in: 15_897_600,
      token_type: 'bearer',
      scope: '',
    })
  })

  it('works once', async () => {
    const { sandbox, code } = await startWithCode()
    await exchange(sandbox, { code })
    const { status, json } = await exchange(sandbox, { code })
    expect(status).toBe(200)
    expect(json).toEqual({
      error: 'bad_verification_code',
      error_description: 'The code passed is incorrect or expired.',
      error_uri: expect.stringContaining('#bad-verification-code'),
    })
  })

  it('works for ten minutes', async () => {
    const { sandbox, code, pass } = await startWithCode()
    const late = sandbox.issueCode({ app: 'connector', person: 'mona' })
    pass(10 * 60_000 - 1)
    expect((await exchange(sandbox, { code })).json).toHaveProperty('access_token')
    pass(1)
    expect((await exchange(sandbox, { code: late })).json?.['error']).toBe('bad_verification_code')
  })

  it('works only for the App it was made for, and still does afterwards', async () => {
    const { sandbox, code } = await startWithCode()
    expect((await exchange(sandbox, { code }, 'partner')).json?.['error']).toBe('bad_verification_code')
    expect((await exchange(sandbox, { code })).json).toHaveProperty('access_token')
  })

  it.each([
    ['the same redirect_uri', CALLBACK, { redirect_uri: CALLBACK }, undefined],
    ['no redirect_uri', CALLBACK, {}, undefined],
    ['another registered one', CALLBACK, { redirect_uri: OTHER_CALLBACK }, 'redirect_uri_mismatch'],
    [
      'one that is not registered',
      CALLBACK,
      { redirect_uri: 'https://evil.example/' },
      'redirect_uri_mismatch',
    ],
    ['a registered one for the code of an installation', undefined, { redirect_uri: CALLBACK }, undefined],
  ] as const)('is exchanged with %s: %s', async (_what, redirectUrl, fields, error) => {
    const { sandbox, code } = await startWithCode(redirectUrl === undefined ? {} : { redirectUrl })
    const { json } = await exchange(sandbox, { code, ...fields })
    expect(json?.['error']).toBe(error)
    expect('access_token' in (json ?? {})).toBe(error === undefined)
  })

  it.each([
    ['its verifier', { code_verifier: VERIFIER }, undefined],
    ['no verifier', {}, 'bad_verification_code'],
    ['another verifier', { code_verifier: `${VERIFIER}x` }, 'bad_verification_code'],
    ['the challenge itself', { code_verifier: CHALLENGE }, 'bad_verification_code'],
  ])('with a challenge is exchanged with %s', async (_what, fields, error) => {
    const { sandbox, code } = await startWithCode({ codeChallenge: CHALLENGE })
    expect((await exchange(sandbox, { code, ...fields })).json?.['error']).toBe(error)
  })

  it('is used up by a wrong verifier, so that nobody can guess', async () => {
    const { sandbox, code } = await startWithCode({ codeChallenge: CHALLENGE })
    await exchange(sandbox, { code, code_verifier: 'wrong' })
    const { json } = await exchange(sandbox, { code, code_verifier: VERIFIER })
    expect(json?.['error']).toBe('bad_verification_code')
  })
})

describe('the token endpoint', () => {
  it.each([
    ['another secret', { client_secret: 'guessed' }],
    ['another client', { client_id: 'Iv23liNobody00000000' }],
    ['the client id of the other App', { client_id: 'Iv23liBrightline0001' }],
    ['no secret', { client_secret: '' }],
  ])('knows no client with %s, and leaves the code alone', async (_what, fields) => {
    const { sandbox, code } = await startWithCode()
    const { status, json } = await exchange(sandbox, { code, ...fields })
    expect([status, json?.['error']]).toEqual([200, 'incorrect_client_credentials'])
    expect((await exchange(sandbox, { code })).json).toHaveProperty('access_token')
  })

  it('takes JSON too', async () => {
    const { sandbox, code } = await startWithCode()
    const { clientId, clientSecret } = sandbox.apps.connector
    const answer = await send(`${sandbox.githubUrl}/login/oauth/access_token`, {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ client_id: clientId, client_secret: clientSecret, code }),
    })
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.json).toHaveProperty('access_token')
  })

  it.each(['not json', '[]', '{"client_id":1}', ''])('knows no client in the JSON %s', async (body) => {
    const { sandbox } = await startWithCode()
    const answer = await send(`${sandbox.githubUrl}/login/oauth/access_token`, {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body,
    })
    expect(answer.json?.['error']).toBe('incorrect_client_credentials')
  })

  it('answers with a form unless JSON is asked for', async () => {
    const { sandbox, code } = await startWithCode()
    const { clientId, clientSecret } = sandbox.apps.connector
    const answer = await send(`${sandbox.githubUrl}/login/oauth/access_token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, code }),
    })
    expect(answer.headers.get('content-type')).toContain('application/x-www-form-urlencoded')
    expect(new URLSearchParams(answer.text).get('access_token')).toMatch(/^ghu_/)
  })

  it('refuses another grant type', async () => {
    const { sandbox, code } = await startWithCode()
    const { json } = await exchange(sandbox, { code, grant_type: 'password' })
    expect(json?.['error']).toBe('unsupported_grant_type')
  })

  it('is recorded among the requests to GitHub', async () => {
    const { sandbox, code } = await startWithCode()
    await exchange(sandbox, { code })
    expect(sandbox.githubRequests).toMatchObject([
      { method: 'POST', path: '/login/oauth/access_token', status: 200, body: expect.stringContaining(code) },
    ])
    expect(sandbox.requests).toEqual([])
  })
})

describe('a refresh token', () => {
  async function startSignedIn() {
    const test = await startWithCode()
    const { json } = await exchange(test.sandbox, { code: test.code })
    const fields = { grant_type: 'refresh_token', refresh_token: String(json?.['refresh_token']) }
    return { ...test, fields, token: String(json?.['access_token']) }
  }

  it('is worth new tokens of the same person, and ends the old ones', async () => {
    const { sandbox, rest, fields, token } = await startSignedIn()
    const { json } = await exchange(sandbox, fields)
    expect((await rest('GET', '/user', `Bearer ${token}`)).status).toBe(401)
    const answer = await rest('GET', '/user', `Bearer ${String(json?.['access_token'])}`)
    expect(answer.json?.['login']).toBe('mona')
    expect((await exchange(sandbox, fields)).json?.['error']).toBe('bad_refresh_token')
  })

  it('works after its access token has expired, but not for ever', async () => {
    const { sandbox, fields, pass } = await startSignedIn()
    pass(9 * 60 * 60_000)
    const { json } = await exchange(sandbox, fields)
    expect(json).toHaveProperty('access_token')
    pass(15_897_600_000)
    const again = { ...fields, refresh_token: String(json?.['refresh_token']) }
    expect((await exchange(sandbox, again)).json?.['error']).toBe('bad_refresh_token')
  })

  it('works for its own App only', async () => {
    const { sandbox, fields } = await startSignedIn()
    expect((await exchange(sandbox, fields, 'partner')).json?.['error']).toBe('bad_refresh_token')
  })
})
