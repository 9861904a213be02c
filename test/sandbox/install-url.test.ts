// GET /v1/github/installation/install-url: its answer, its return-URL rules and its states.

import { describe, expect, it } from 'vitest'
import { DEFAULT_KEYS, DEFAULT_ORGANIZATIONS } from '../../demo/sandbox/index.ts'
import { getError, getIssuePaths, RETURN_URL, START_AT, startTestSandbox } from './sandbox-client.ts'

const PATH = '/v1/github/installation/install-url'
const withReturnUrl = (returnUrl: string) => `${PATH}?${new URLSearchParams({ returnUrl })}`

describe('the install URL', () => {
  it('is answered with exactly the documented keys, in their order', async () => {
    const { call } = await startTestSandbox()
    const answer = await call('GET', withReturnUrl(RETURN_URL))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(Object.keys(answer.json ?? {})).toEqual(['authUrl', 'installUrl', 'state', 'expiresAt'])
  })

  it('leads to the App on the GitHub origin, with the state and the encoded return URL', async () => {
    const { call, sandbox } = await startTestSandbox()
    const { json } = await call('GET', withReturnUrl(RETURN_URL))
    expect(json?.['authUrl']).toBe(
      `${sandbox.githubUrl}/apps/layers-connector/installations/new?state=${String(json?.['state'])}` +
        '&redirect_uri=https%3A%2F%2Fapp.example.com%2Fconnect%2Fgithub%2Freturn',
    )
    expect(json?.['installUrl']).toBe(json?.['authUrl'])
  })

  it('carries another App when the sandbox has one', async () => {
    const { call } = await startTestSandbox({ appSlug: 'another-app' })
    const { json } = await call('GET', withReturnUrl(RETURN_URL))
    expect(json?.['authUrl']).toContain('/apps/another-app/installations/new?')
  })

  it('expires 15 minutes from now, to the second, in the documented shape', async () => {
    const { call, sandbox } = await startTestSandbox()
    const { json } = await call('GET', withReturnUrl(RETURN_URL))
    expect(json?.['expiresAt']).toBe('2026-07-02T10:45:00.000Z')
    expect(sandbox.states[0]?.expiresAt).toBe(START_AT - 250 + 15 * 60_000)
  })

  it('gets a fresh 32-character state when the caller brings none', async () => {
    const { getInstallUrl } = await startTestSandbox()
    const [one, other] = [await getInstallUrl(), await getInstallUrl()]
    expect(one.state).toMatch(/^[\w-]{32}$/)
    expect(other.state).not.toBe(one.state)
  })

  it('echoes the state that the caller brings', async () => {
    const { getInstallUrl } = await startTestSandbox()
    const { state, authUrl } = await getInstallUrl({ state: 'mine-0123456789/+=&' })
    expect(state).toBe('mine-0123456789/+=&')
    expect(new URL(authUrl).searchParams.get('state')).toBe(state)
  })
})

describe('the return URL', () => {
  it.each([
    ['nothing', PATH],
    ['an empty value', `${PATH}?returnUrl=`],
    ['http', withReturnUrl('http://app.example.com/return')],
    [
      'http on loopback, unless the sandbox was told to accept it',
      withReturnUrl('http://localhost:3000/return'),
    ],
    ['a relative URL', withReturnUrl('/return')],
    ['another scheme', withReturnUrl('javascript:alert(1)')],
    ['a scheme without slashes', withReturnUrl('https:app.example.com')],
    ['a backslash', withReturnUrl('https://app.example.com\\@evil.example')],
    ['white space', withReturnUrl(' https://app.example.com/')],
    ['a line break', withReturnUrl('https://app.example.com/\r\nx')],
    ['credentials', withReturnUrl('https://user:secret@app.example.com/return')],
    ['a fragment', withReturnUrl('https://app.example.com/return#part')],
    ['an empty host', withReturnUrl('https:///return')],
    ['more than 2048 characters', withReturnUrl(`https://app.example.com/${'x'.repeat(2048)}`)],
  ])('is refused with 422 VALIDATION when it is %s', async (_what, path) => {
    const { call, sandbox } = await startTestSandbox()
    const answer = await call('GET', path)
    expect(answer.status).toBe(422)
    expect(getError(answer)['code']).toBe('VALIDATION')
    expect(getIssuePaths(answer)).toEqual(['returnUrl'])
    expect(sandbox.states).toEqual([])
  })

  it.each([
    'https://evil.example/return',
    'https://sub.app.example.com/return',
    'https://example.com/return',
    'https://app.example.com.evil.example/return',
    'https://app.example.com./return',
    'https://evilapp.example.com/',
  ])('is refused with 403 RETURN_URL_NOT_ALLOWED when its host is not listed: %s', async (returnUrl) => {
    const { call } = await startTestSandbox()
    const answer = await call('GET', withReturnUrl(returnUrl))
    expect(answer.status).toBe(403)
    expect(getError(answer)['code']).toBe('RETURN_URL_NOT_ALLOWED')
  })

  it('may have its host in any case, any port, and a query', async () => {
    const { call } = await startTestSandbox()
    const answer = await call('GET', withReturnUrl('https://APP.Example.COM:8443/return?tenant=1'))
    expect(answer.status).toBe(200)
  })

  it('is compared with the list in any case', async () => {
    const [base] = DEFAULT_KEYS
    if (!base) throw new Error('the default keys are empty')
    const { call } = await startTestSandbox({
      keys: [{ ...base, allowedReturnDomains: ['App.EXAMPLE.com'] }],
    })
    expect((await call('GET', withReturnUrl(RETURN_URL))).status).toBe(200)
  })

  it.each(['http://localhost:3000/return', 'http://127.0.0.1:3000/return'])(
    'may be %s when the sandbox accepts http on loopback',
    async (returnUrl) => {
      const { call } = await startTestSandbox({ allowLoopbackHttpReturnUrls: true })
      expect((await call('GET', withReturnUrl(returnUrl))).status).toBe(200)
    },
  )

  it('may not be http elsewhere even then', async () => {
    const { call } = await startTestSandbox({ allowLoopbackHttpReturnUrls: true })
    expect((await call('GET', withReturnUrl('http://app.example.com/return'))).status).toBe(422)
  })
})

describe('the state of an install URL', () => {
  it.each([
    ['empty', ''],
    ['too long', 'x'.repeat(513)],
    ['not visible ASCII', 'sté te'],
  ])('is refused when it is %s', async (_what, state) => {
    const { call } = await startTestSandbox()
    const answer = await call('GET', `${PATH}?${new URLSearchParams({ returnUrl: RETURN_URL, state })}`)
    expect(answer.status).toBe(422)
    expect(getIssuePaths(answer)).toEqual(['state'])
  })

  it('may be asked for again by its holder while unused, and then lives 15 minutes more', async () => {
    const { getInstallUrl, sandbox, pass } = await startTestSandbox()
    await getInstallUrl({ state: 'again-and-again' })
    pass(10 * 60_000)
    await getInstallUrl({ state: 'again-and-again' })
    expect(sandbox.states).toHaveLength(1)
    expect(sandbox.states[0]?.expiresAt).toBe(START_AT - 250 + 25 * 60_000)
  })

  it('is refused when it belongs to another organization', async () => {
    const { call, getInstallUrl } = await startTestSandbox()
    await getInstallUrl({
      state: 'of-the-parent',
      headers: { 'X-Layers-Organization': DEFAULT_ORGANIZATIONS.northwind.id },
    })
    const answer = await call(
      'GET',
      `${PATH}?${new URLSearchParams({ returnUrl: RETURN_URL, state: 'of-the-parent' })}`,
    )
    expect(answer.status).toBe(422)
  })
})

describe('the query', () => {
  it('is refused with an unknown parameter, which is named', async () => {
    const { call } = await startTestSandbox()
    const answer = await call('GET', `${withReturnUrl(RETURN_URL)}&return_url=x`)
    expect(answer.status).toBe(422)
    expect(getIssuePaths(answer)).toEqual(['return_url'])
  })

  it('is refused with a parameter given twice', async () => {
    const { call } = await startTestSandbox()
    const answer = await call(
      'GET',
      `${withReturnUrl(RETURN_URL)}&returnUrl=${encodeURIComponent(RETURN_URL)}`,
    )
    expect(answer.status).toBe(422)
    expect(getIssuePaths(answer)).toEqual(['returnUrl'])
  })
})
