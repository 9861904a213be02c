// POST /v1/github/installation: what is bound, what is refused, and what repeating does.

import { describe, expect, it } from 'vitest'
import { DEFAULT_KEY, DEFAULT_KEYS, DEFAULT_ORGANIZATIONS } from '../../demo/sandbox/index.ts'
import { getError, getIssuePaths, installOnGithub, startTestSandbox } from './sandbox-client.ts'

const MINUTE_MS = 60_000

describe('binding an installation', () => {
  it('answers 201 with exactly the documented keys, in their order', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    const answer = await test.bind(installationId, state)
    expect(answer.status).toBe(201)
    const registeredAt = answer.json?.['registeredAt']
    expect(answer.text).toBe(
      `{"installationId":${installationId},"githubAccount":{"login":"acme-coffee","type":"Organization"},` +
        `"orgLogin":"acme-coffee","status":"active","registeredAt":"${String(registeredAt)}"}`,
    )
    expect(registeredAt).toMatch(/^2026-07-02T10:30:00\.250\d{3}\+00:00$/)
  })

  it('calls a personal account a User', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test, 'mona')
    const answer = await test.bind(installationId, state)
    expect(answer.json?.['githubAccount']).toEqual({ login: 'mona', type: 'User' })
  })

  it('is a no-op when repeated, with the first registeredAt, although the state was used', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    const first = await test.bind(installationId, state)
    test.pass(60 * MINUTE_MS)
    const repeat = await test.bind(installationId, state)
    expect(repeat.status).toBe(201)
    expect(repeat.text).toBe(first.text)
    expect(test.sandbox.bindings).toHaveLength(1)
  })

  it('is a no-op with a new state too, and uses that state up', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    const first = await test.bind(installationId, state)
    const fresh = await test.getInstallUrl()
    const repeat = await test.bind(installationId, fresh.state)
    expect(repeat.text).toBe(first.text)
    expect(test.sandbox.states.map(({ usedAt }) => usedAt !== null)).toEqual([true, true])
  })

  it('binds an installation that an owner approved elsewhere', async () => {
    const test = await startTestSandbox()
    const { state } = await test.getInstallUrl()
    test.sandbox.scenario('install', { account: 'nordwind-shop' })
    const answer = await test.bind(test.sandbox.installations[0]?.installationId, state)
    expect(answer.json?.['orgLogin']).toBe('nordwind-shop')
  })

  it('tells that a suspended installation is suspended', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    test.sandbox.scenario('suspend', { account: 'acme-coffee' })
    const answer = await test.bind(installationId, state)
    expect(answer.status).toBe(201)
    expect(answer.json?.['status']).toBe('suspended')
  })

  it('keeps one binding per child organization', async () => {
    const test = await startTestSandbox()
    for (const [account, organization] of [
      ['acme-coffee', DEFAULT_ORGANIZATIONS.northwind],
      ['nordwind-shop', DEFAULT_ORGANIZATIONS.globex],
    ] as const) {
      const options = { headers: { 'X-Layers-Organization': organization.id } }
      const { installationId, state } = await installOnGithub(test, account, options)
      expect((await test.bind(installationId, state, options)).status).toBe(201)
    }
    expect(
      test.sandbox.bindings.map(({ organizationId, account }) => [organizationId, account.login]),
    ).toEqual([
      [DEFAULT_ORGANIZATIONS.northwind.id, 'acme-coffee'],
      [DEFAULT_ORGANIZATIONS.globex.id, 'nordwind-shop'],
    ])
  })
})

describe('a different installation', () => {
  it('is refused with 409 CONFLICT, and the first binding stays', async () => {
    const test = await startTestSandbox()
    const one = await installOnGithub(test)
    await test.bind(one.installationId, one.state)
    const other = await installOnGithub(test, 'nordwind-shop')
    const answer = await test.bind(other.installationId, other.state)
    expect(answer.status).toBe(409)
    expect(getError(answer)['code']).toBe('CONFLICT')
    expect(getError(answer)).not.toHaveProperty('details')
    expect(test.sandbox.bindings.map(({ installationId }) => installationId)).toEqual([one.installationId])
  })

  it('is refused even after the first one was uninstalled', async () => {
    const test = await startTestSandbox()
    const one = await installOnGithub(test)
    await test.bind(one.installationId, one.state)
    test.sandbox.scenario('uninstall', { account: 'acme-coffee' })
    const other = await installOnGithub(test, 'nordwind-shop')
    expect((await test.bind(other.installationId, other.state)).status).toBe(409)
  })
})

describe('an installation GitHub does not know', () => {
  it('is refused with 422 VALIDATION, and the state can still be used', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    const answer = await test.bind(installationId + 1000, state)
    expect(answer.status).toBe(422)
    expect(getIssuePaths(answer)).toEqual(['installationId'])
    expect((await test.bind(installationId, state)).status).toBe(201)
  })

  it('is refused when it was uninstalled before the binding', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    test.sandbox.scenario('uninstall', { account: 'acme-coffee' })
    expect((await test.bind(installationId, state)).status).toBe(422)
  })
})

describe('a state', () => {
  it('is refused when nobody issued it', async () => {
    const test = await startTestSandbox()
    const { installationId } = await installOnGithub(test)
    const answer = await test.bind(installationId, 'made-up')
    expect(answer.status).toBe(422)
    expect(getIssuePaths(answer)).toEqual(['state'])
  })

  it('is accepted one millisecond before it expires and refused when it has', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    const other = await installOnGithub(test, 'nordwind-shop')
    test.pass(15 * MINUTE_MS - 251)
    expect((await test.bind(installationId, state)).status).toBe(201)
    test.pass(1)
    const answer = await test.bind(other.installationId, other.state)
    expect(answer.status).toBe(422)
    expect(getIssuePaths(answer)).toEqual(['state'])
  })

  it('is refused when it expired unused, also for the installation that is bound', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    await test.bind(installationId, state)
    const late = await test.getInstallUrl()
    test.pass(15 * MINUTE_MS)
    expect((await test.bind(installationId, late.state)).status).toBe(422)
  })

  it('is refused for a second, different installation', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    await test.bind(installationId, state)
    test.sandbox.scenario('install', { account: 'mona' })
    const other = test.sandbox.installations.find(({ account }) => account.login === 'mona')
    const answer = await test.bind(other?.installationId, state)
    expect(answer.status).toBe(422)
    expect(getIssuePaths(answer)).toEqual(['state'])
  })

  it('is refused in another organization, like one that does not exist', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    const headers = { 'X-Layers-Organization': DEFAULT_ORGANIZATIONS.globex.id }
    const foreign = await test.bind(installationId, state, { headers })
    const unknown = await test.bind(installationId, 'made-up', { headers })
    expect(foreign.status).toBe(422)
    expect(getError(foreign)['message']).toBe(getError(unknown)['message'])
  })

  it('is refused with another key of the same organization', async () => {
    const second = `${DEFAULT_KEY.slice(0, -1)}2`
    const test = await startTestSandbox({
      keys: DEFAULT_KEYS.flatMap((key) => [key, { ...key, key: second }]),
    })
    const { installationId, state } = await installOnGithub(test)
    expect((await test.bind(installationId, state, { key: second })).status).toBe(422)
    expect((await test.bind(installationId, state)).status).toBe(201)
  })
})

describe('the body', () => {
  const valid = { installationId: 61_200_417, state: 'some-state' }
  it.each([
    ['nothing at all', '', ['']],
    ['no JSON', '{"installationId":', ['']],
    ['a list', [1], ['']],
    ['null', 'null', ['']],
    ['a missing id', { state: 'x' }, ['installationId']],
    ['a missing state', { installationId: 1 }, ['state']],
    ['neither', {}, ['installationId', 'state']],
    ['an id in quotes', { ...valid, installationId: '61200417' }, ['installationId']],
    ['a fraction', { ...valid, installationId: 1.5 }, ['installationId']],
    ['zero', { ...valid, installationId: 0 }, ['installationId']],
    ['a negative id', { ...valid, installationId: -1 }, ['installationId']],
    ['an id beyond safe integers', { ...valid, installationId: 2 ** 53 }, ['installationId']],
    ['an empty state', { ...valid, state: '' }, ['state']],
    ['a state that is no string', { ...valid, state: 1 }, ['state']],
    ['the key orgLogin', { ...valid, orgLogin: 'acme-coffee' }, ['orgLogin']],
    ['the key note', { ...valid, note: 'x' }, ['note']],
    ['the key __proto__', '{"installationId":1,"state":"x","__proto__":{}}', ['__proto__']],
  ])('is refused with 422 VALIDATION and its issues when it has %s', async (_what, body, paths) => {
    const { call } = await startTestSandbox()
    const answer = await call('POST', '/v1/github/installation', { body })
    expect(answer.status).toBe(422)
    expect(getError(answer)['code']).toBe('VALIDATION')
    expect(getIssuePaths(answer)).toEqual(paths)
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
    'application/jsonp',
  ])('is refused with 415 as %s', async (contentType) => {
    const { call } = await startTestSandbox()
    const answer = await call('POST', '/v1/github/installation', {
      headers: { 'Content-Type': contentType },
      body: JSON.stringify(valid),
    })
    expect(answer.status).toBe(415)
    expect(getError(answer)['code']).toBe('UNSUPPORTED_MEDIA_TYPE')
  })

  it('may name utf-8', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    const headers = { 'Content-Type': 'application/json; charset=UTF-8' }
    expect((await test.bind(installationId, state, { headers })).status).toBe(201)
  })

  it('is refused with 413 above 64 KB', async () => {
    const { call } = await startTestSandbox()
    const answer = await call('POST', '/v1/github/installation', {
      body: { ...valid, state: 'x'.repeat(70_000) },
    })
    expect(answer.status).toBe(413)
    expect(getError(answer)['code']).toBe('PAYLOAD_TOO_LARGE')
  })
})
