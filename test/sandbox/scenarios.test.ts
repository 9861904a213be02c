// Every scenario, seen from outside: through the control API, and what a client then meets.

import { describe, expect, it } from 'vitest'
import { SCENARIO_NAMES } from '../../demo/sandbox/index.ts'
import {
  getError,
  getReturnParameters,
  installOnGithub,
  RETURN_URL,
  send,
  startTestSandbox,
  submitInstallPage,
} from './sandbox-client.ts'

const INSTALL_URL = `/v1/github/installation/install-url?${new URLSearchParams({ returnUrl: RETURN_URL })}`

const distort = async (shape: string) => {
  const { call, sandbox } = await startTestSandbox()
  sandbox.scenario('wrong_shape_next', { route: 'install_url', shape })
  const answer = await call('GET', INSTALL_URL)
  return { answer, sandbox, state: sandbox.states[0]?.state ?? '' }
}

const returnAfter = async (name: string) => {
  const test = await startTestSandbox()
  test.sandbox.scenario(name)
  const { authUrl, state } = await test.getInstallUrl()
  const first = await submitInstallPage(authUrl, { account: 'acme-coffee' })
  const second = await submitInstallPage(authUrl, { account: 'acme-coffee' })
  expect(getReturnParameters(second)).toEqual({
    installation_id: '61200417',
    setup_action: 'update',
    state,
  })
  return { first, state, sandbox: test.sandbox }
}

describe('fail_next', () => {
  it('fails as often as asked, with everything asked for, and then no more', async () => {
    const { call, control } = await startTestSandbox()
    const asked = await control('/scenarios', {
      name: 'fail_next',
      route: 'whoami',
      times: 2,
      status: 429,
      code: 'RATE_LIMITED',
      message: 'Slow down.',
      retryAfterSeconds: 7,
      details: { bucket: 'x' },
    })
    expect(asked.status).toBe(204)
    for (let time = 1; time <= 2; time += 1) {
      const answer = await call('GET', '/v1/whoami')
      expect(answer.status).toBe(429)
      expect(answer.headers.get('retry-after')).toBe('7')
      expect(answer.headers.get('x-ratelimit-endpoint-class')).toBe('read-light')
      const requestId = answer.headers.get('x-request-id')
      expect(getError(answer)).toEqual({
        code: 'RATE_LIMITED',
        message: 'Slow down.',
        requestId,
        details: { bucket: 'x' },
      })
    }
    expect((await call('GET', '/v1/whoami')).status).toBe(200)
  })

  it('fails only the route that was named', async () => {
    const { call, sandbox } = await startTestSandbox()
    sandbox.scenario('fail_next', { route: 'install_url', status: 500, code: 'INTERNAL' })
    expect((await call('GET', '/v1/github/installation')).status).toBe(404)
    expect((await call('GET', INSTALL_URL)).status).toBe(500)
  })

  it('has no effect of the call it fails', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    test.sandbox.scenario('fail_next', { route: 'bind', status: 503, code: 'UNAVAILABLE' })
    expect((await test.bind(installationId, state)).status).toBe(503)
    expect(test.sandbox.bindings).toEqual([])
    expect((await test.bind(installationId, state)).status).toBe(201)
  })

  it('comes in the order it was queued in', async () => {
    const { call, sandbox } = await startTestSandbox()
    sandbox.scenario('fail_next', { route: 'whoami', status: 500, code: 'ONE' })
    sandbox.scenario('wrong_shape_next', { route: 'whoami', shape: 'empty' })
    sandbox.scenario('fail_next', { route: 'whoami', status: 502, code: 'TWO' })
    const statuses: number[] = []
    for (let time = 1; time <= 3; time += 1) statuses.push((await call('GET', '/v1/whoami')).status)
    expect(statuses).toEqual([500, 200, 502])
  })
})

describe('delay_next', () => {
  it('makes an answer late by at least the time asked for', async () => {
    const { call, sandbox } = await startTestSandbox()
    sandbox.scenario('delay_next', { route: 'whoami', delayMs: 120 })
    const startedAt = performance.now()
    expect((await call('GET', '/v1/whoami')).status).toBe(200)
    // Timers may fire up to a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(119)
  })

  it('can be combined with a failure', async () => {
    const { call, sandbox } = await startTestSandbox()
    sandbox.scenario('fail_next', { route: 'whoami', status: 500, code: 'INTERNAL' })
    sandbox.scenario('delay_next', { route: 'whoami', delayMs: 1 })
    expect((await call('GET', '/v1/whoami')).status).toBe(500)
    expect((await call('GET', '/v1/whoami')).status).toBe(200)
  })

  it('does not keep the sandbox from closing', async () => {
    const { call, sandbox } = await startTestSandbox()
    sandbox.scenario('delay_next', { route: 'whoami', delayMs: 600_000 })
    const outcome = call('GET', '/v1/whoami').catch((error: unknown) => error)
    await expect.poll(() => sandbox.requests.length).toBe(1)
    await sandbox.close()
    expect(await outcome).toMatchObject({ message: 'fetch failed' })
  })
})

describe('cut_next', () => {
  it('before: cuts the connection and binds nothing', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    test.sandbox.scenario('cut_next', { route: 'bind', when: 'before' })
    await expect(test.bind(installationId, state)).rejects.toThrow('fetch failed')
    expect(test.sandbox.bindings).toEqual([])
    expect(test.sandbox.requests.at(-1)).toMatchObject({ method: 'POST', status: null })
  })

  it('after: cuts the connection although it has bound', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    test.sandbox.scenario('cut_next', { route: 'bind', when: 'after' })
    await expect(test.bind(installationId, state)).rejects.toThrow('fetch failed')
    expect(test.sandbox.bindings).toHaveLength(1)
    const repeat = await test.bind(installationId, state)
    expect(repeat.json?.['registeredAt']).toBe(test.sandbox.bindings[0]?.registeredAt)
  })
})

describe('wrong_shape_next', () => {
  it('html: a page instead of JSON', async () => {
    const { answer } = await distort('html')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.text).toContain('<!doctype html>')
  })

  it('empty: no body', async () => {
    const { answer } = await distort('empty')
    expect(answer.text).toBe('')
    expect(answer.headers.get('content-type')).toContain('application/json')
  })

  it('truncated: half a body', async () => {
    const { answer } = await distort('truncated')
    expect(answer.text).toMatch(/^\{"authUrl":/)
    expect(answer.json).toBeUndefined()
  })

  it('missing_fields: only the first one', async () => {
    const { answer } = await distort('missing_fields')
    expect(Object.keys(answer.json ?? {})).toEqual(['authUrl'])
  })

  it('wrong_types: all fields, none as documented', async () => {
    const { answer } = await distort('wrong_types')
    expect(answer.json).toEqual({ authUrl: 42, installUrl: 42, state: 42, expiresAt: 42 })
  })

  it('wrong_types of a binding: a number as text, an object as text', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    test.sandbox.scenario('wrong_shape_next', { route: 'bind', shape: 'wrong_types' })
    const { json } = await test.bind(installationId, state)
    expect(json).toMatchObject({ installationId: '61200417', githubAccount: 'not an object', status: 42 })
  })

  it('huge: a right answer with a megabyte of padding', async () => {
    const { answer } = await distort('huge')
    expect(answer.text.length).toBeGreaterThan(1024 * 1024)
    expect(answer.json).toHaveProperty('authUrl')
  })

  it('other_state: a state that was not issued, in the field and in both URLs', async () => {
    const { answer, state } = await distort('other_state')
    expect(answer.json?.['state']).not.toBe(state)
    expect(new URL(String(answer.json?.['authUrl'])).searchParams.get('state')).toBe(answer.json?.['state'])
    expect(answer.json?.['installUrl']).toBe(answer.json?.['authUrl'])
  })

  it('other_host: both URLs on a host that looks like GitHub', async () => {
    const { answer, state } = await distort('other_host')
    expect(answer.json?.['authUrl']).toMatch(/^https:\/\/github\.com\.example\.net\/apps\/layers-connector\//)
    expect(answer.json?.['installUrl']).toBe(answer.json?.['authUrl'])
    expect(answer.json?.['state']).toBe(state)
  })

  it('expired: an hour ago', async () => {
    const { answer } = await distort('expired')
    expect(answer.json?.['expiresAt']).toBe('2026-07-02T09:30:00.250Z')
  })

  it('redirect: a 302 away from Layers', async () => {
    const { answer, sandbox } = await distort('redirect')
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe(`${sandbox.githubUrl}/moved`)
  })

  it('other_installation: an id that was not asked about', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    test.sandbox.scenario('wrong_shape_next', { route: 'bind', shape: 'other_installation' })
    expect((await test.bind(installationId, state)).json?.['installationId']).toBe(installationId + 1)
    expect(test.sandbox.bindings[0]?.installationId).toBe(installationId)
  })
})

describe('a scenario for the redirect', () => {
  it('foreign_id_next: the id of an account the person has nothing to do with, which Layers would bind', async () => {
    const { first, state, sandbox } = await returnAfter('foreign_id_next')
    expect(getReturnParameters(first)).toEqual({
      installation_id: '61200418',
      setup_action: 'install',
      state,
    })
    expect(sandbox.installations[1]).toMatchObject({
      installationId: 61_200_418,
      account: { login: 'initech-labs' },
    })
  })

  it('no_state_next: everything but the state', async () => {
    const { first } = await returnAfter('no_state_next')
    expect(getReturnParameters(first)).toEqual({ installation_id: '61200417', setup_action: 'install' })
  })

  it('other_state_next: a state nobody issued', async () => {
    const { first, state, sandbox } = await returnAfter('other_state_next')
    const other = getReturnParameters(first)['state']
    expect(other).toMatch(/^[\w-]{32}$/)
    expect(other).not.toBe(state)
    expect(sandbox.states.map((issued) => issued.state)).toEqual([state])
  })

  it('no_return_next: installed, but GitHub stays on its own page', async () => {
    const { first, sandbox } = await returnAfter('no_return_next')
    expect(first.status).toBe(200)
    expect(sandbox.installations).toHaveLength(1)
  })

  it('with_code_next: a code beside the rest', async () => {
    const { first, state } = await returnAfter('with_code_next')
    expect(getReturnParameters(first)).toEqual({
      code: expect.stringMatching(/^[0-9a-f]{20}$/),
      installation_id: '61200417',
      setup_action: 'install',
      state,
    })
  })

  it('return_twice_next: the page submits to a new tab and asks for the same redirect itself', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    sandbox.scenario('return_twice_next')
    const { authUrl } = await getInstallUrl()
    const page = await send(authUrl)
    const ticket = /data-ticket="([\w-]+)"/.exec(page.text)?.[1] ?? ''
    expect(page.text).toContain(`target="_blank"`)
    // The second tab may well ask first; it then waits.
    const again = send(`${sandbox.githubUrl}/return-again?ticket=${ticket}`)
    const body = new URLSearchParams({ account: 'acme-coffee', ticket })
    const first = await send(authUrl, { method: 'POST', body })
    expect(first.status).toBe(302)
    expect((await again).headers.get('location')).toBe(first.headers.get('location'))
    expect((await send(authUrl)).text).not.toContain('data-ticket')
  })

  it('return_twice_next: does not keep a waiting tab when the sandbox closes', async () => {
    const { sandbox } = await startTestSandbox()
    const again = send(`${sandbox.githubUrl}/return-again?ticket=never`).catch(() => 'cut')
    // Answered only after the waiting request arrived, as both go to the same server.
    await send(sandbox.githubUrl)
    await sandbox.close()
    expect(await again).toBe('cut')
  })

  it('redirect_on_update off: Save stays on GitHub’s own page, Install still leads back', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    sandbox.scenario('redirect_on_update', { on: false })
    const { authUrl } = await getInstallUrl()
    expect((await submitInstallPage(authUrl, { account: 'mona' })).status).toBe(302)
    const saved = await submitInstallPage(authUrl, { account: 'mona', button: 'Save' })
    expect(saved.status).toBe(200)
    expect(saved.text).toContain('<h1>Settings saved</h1>')
    sandbox.scenario('redirect_on_update', { on: true })
    expect((await submitInstallPage(authUrl, { account: 'mona' })).status).toBe(302)
  })

  it.each(['same-origin', 'same-origin-allow-popups', 'unsafe-none'])('coop: %s', async (value) => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    sandbox.scenario('coop', { value })
    const { headers } = await send((await getInstallUrl()).authUrl)
    expect(headers.get('cross-origin-opener-policy')).toBe(value)
  })
})

describe('a scenario on GitHub', () => {
  it('approve_request: installs what the member asked for, with the member’s name on it', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox()
    const repositories = ['acme-coffee/menu-web']
    const choice = { account: 'acme-coffee', repositories, cookie: 'sandbox_person=hubot' }
    await submitInstallPage((await getInstallUrl()).authUrl, choice)
    sandbox.scenario('approve_request', { account: 'acme-coffee' })
    expect(sandbox.pendingRequests).toEqual([])
    expect(sandbox.installations).toMatchObject([
      { installationId: 61_200_417, requestedBy: 'hubot', repositories },
    ])
  })

  it.each(['uninstall', 'suspend', 'unsuspend', 'approve_request'])(
    '%s: is refused when there is nothing to do it to',
    async (name) => {
      const { control } = await startTestSandbox()
      const answer = await control('/scenarios', { name, account: 'mona' })
      expect(answer.status).toBe(422)
    },
  )
})

describe('a scenario that cannot be run', () => {
  it.each([
    ['an unknown name', { name: 'explode' }, SCENARIO_NAMES.join(', ')],
    ['a name of Object', { name: 'constructor' }, 'unknown scenario "constructor"'],
    ['no name', {}, 'fail_next'],
    [
      'an unknown route',
      { name: 'cut_next', route: 'x', when: 'before' },
      'install_url, bind, get_installation, repos, whoami',
    ],
    [
      'an unknown parameter',
      { name: 'kill_switch', on: true, off: false },
      'unknown parameter off; allowed: on',
    ],
    ['a missing parameter', { name: 'kill_switch' }, 'on must be true or false'],
    [
      'a status that is no error',
      { name: 'fail_next', route: 'bind', status: 200, code: 'X' },
      'from 400 to 599',
    ],
    ['too many times', { name: 'no_state_next', times: 10_001 }, 'from 1 to 10000'],
    [
      'a shape the route cannot have',
      { name: 'wrong_shape_next', route: 'bind', shape: 'other_state' },
      'one of install_url',
    ],
    [
      'an unknown account',
      { name: 'install', account: 'x' },
      'acme-coffee, nordwind-shop, mona, initech-labs',
    ],
    [
      'details that are no object',
      { name: 'fail_next', route: 'bind', status: 500, code: 'X', details: [1] },
      'a JSON object',
    ],
  ])('is refused with 422 for %s, naming what is allowed', async (_what, body, named) => {
    const { control, sandbox } = await startTestSandbox()
    const answer = await control('/scenarios', body)
    expect(answer.status).toBe(422)
    expect(getError(answer)['message']).toContain(named)
    const { json } = await send(`${sandbox.controlUrl}/state`)
    expect(json?.['scenarios']).toMatchObject({ waiting: {}, killSwitch: false })
  })

  it('is refused when more than 10,000 would wait', async () => {
    const { sandbox } = await startTestSandbox()
    sandbox.scenario('no_state_next', { times: 10_000 })
    expect(() => sandbox.scenario('no_state_next')).toThrow('at most 10000 can wait at a time')
  })
})
