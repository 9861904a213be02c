// The control API and page: who may use them, what they show, and what a reset brings back.

import { request } from 'node:http'
import { JSDOM } from 'jsdom'
import { describe, expect, it } from 'vitest'
import { DEFAULT_KEY, DEFAULT_KEYS, SCENARIO_NAMES } from '../../demo/sandbox/index.ts'
import { installOnGithub, send, START_AT, startTestSandbox } from './sandbox-client.ts'

/** fetch does not let a caller choose the Host header. */
function getStatusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { Host: host } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}

describe('the state of the sandbox', () => {
  it('has every list, the scenarios and the clock', async () => {
    const { sandbox } = await startTestSandbox()
    const { status, json } = await send(`${sandbox.controlUrl}/state`)
    expect(status).toBe(200)
    expect(Object.keys(json ?? {})).toEqual([
      'requests',
      'bindings',
      'states',
      'installations',
      'pendingRequests',
      'apps',
      'githubRequests',
      'userTokens',
      'webhookDeliveries',
      'scenarios',
      'clockOffsetMs',
    ])
  })

  it('is the same as what the handle shows', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    await test.bind(installationId, state)
    const { json } = await send(`${test.sandbox.controlUrl}/state`)
    const { requests, bindings, states, installations, pendingRequests } = test.sandbox
    expect(json).toMatchObject({ requests, bindings, states, installations, pendingRequests })
    expect(bindings).toMatchObject([{ installationId, status: 'active', account: { login: 'acme-coffee' } }])
    expect(states).toMatchObject([{ state, usedAt: START_AT }])
  })

  it('has each request with all its headers, query, body and the status answered', async () => {
    const { call, sandbox } = await startTestSandbox()
    const body = { installationId: 1, state: 'x' }
    const answer = await call('POST', '/v1/github/installation?a=1&a=2', {
      body,
      headers: { 'X-Extra': 'Yes' },
    })
    expect(sandbox.requests).toEqual([
      {
        requestId: answer.headers.get('x-request-id'),
        at: START_AT,
        method: 'POST',
        path: '/v1/github/installation',
        query: { a: '2' },
        rawQuery: 'a=1&a=2',
        headers: expect.objectContaining({
          authorization: `Bearer ${DEFAULT_KEY}`,
          'content-type': 'application/json',
          'x-extra': 'Yes',
        }),
        body: JSON.stringify(body),
        status: 422,
      },
    ])
  })

  it('does not keep a live key that is not its own', async () => {
    const { call, sandbox } = await startTestSandbox()
    await call('GET', '/v1/whoami', { key: 'lp_live_01HX9Y6K7EJ4T2AB_verysecret' })
    expect(JSON.stringify(sandbox.requests)).not.toContain('verysecret')
    expect(sandbox.requests[0]?.headers['authorization']).toBe('Bearer lp_live_***')
  })

  it('accepts a live key that it was given', async () => {
    const key = 'lp_live_01HX9Y6K7EJ4T2AB_invented'
    const { call } = await startTestSandbox({ keys: DEFAULT_KEYS.map((one) => ({ ...one, key })) })
    expect((await call('GET', '/v1/whoami')).status).toBe(200)
  })

  it('leaves out requests that are not for the API', async () => {
    const { call, sandbox } = await startTestSandbox()
    await call('GET', '/favicon.ico')
    await send(sandbox.controlUrl)
    expect(sandbox.requests).toEqual([])
  })
})

describe('the clock', () => {
  it('moves forward, and states expire', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    expect((await test.control('/clock', { advanceMs: 15 * 60_000 })).status).toBe(204)
    expect((await test.bind(installationId, state)).status).toBe(422)
    expect((await send(`${test.sandbox.controlUrl}/state`)).json?.['clockOffsetMs']).toBe(15 * 60_000)
  })

  it.each([
    {},
    { advanceMs: -1 },
    { advanceMs: '5' },
    { advanceMs: 1.5 },
    { advanceMs: 1e15 },
    { advanceMs: 1, x: 1 },
  ])('is not moved by %j', async (body) => {
    const { control, sandbox } = await startTestSandbox()
    expect((await control('/clock', body)).status).toBe(422)
    expect((await send(`${sandbox.controlUrl}/state`)).json?.['clockOffsetMs']).toBe(0)
  })
})

describe('a reset', () => {
  it('brings back how it started: lists, scenarios, budgets, ids and the clock', async () => {
    const test = await startTestSandbox()
    const before = (await send(`${test.sandbox.controlUrl}/state`)).json
    const { installationId, state } = await installOnGithub(test)
    await test.bind(installationId, state, { headers: { 'Idempotency-Key': '01JZ4T6Y8N0Q2S4V6X8Z0B2D4F' } })
    for (const [name, params] of [
      ['kill_switch', { on: true }],
      ['coop', { value: 'unsafe-none' }],
      ['redirect_on_update', { on: false }],
      ['no_state_next', {}],
      ['fail_next', { route: 'bind', status: 500, code: 'X' }],
      ['install', { account: 'mona' }],
    ] as const) {
      test.sandbox.scenario(name, params)
    }
    test.sandbox.advanceClock(5_000)
    expect((await test.control('/reset', {})).status).toBe(204)
    expect((await send(`${test.sandbox.controlUrl}/state`)).json).toEqual(before)
    const again = await installOnGithub(test)
    expect(again.installationId).toBe(installationId)
    const whoami = await test.call('GET', '/v1/whoami')
    expect(whoami.headers.get('x-ratelimit-remaining')).toBe('119')
  })
})

describe('the control page', () => {
  it('has a button for most scenarios and a form for all of them', async () => {
    const { sandbox } = await startTestSandbox()
    const page = await send(sandbox.controlUrl)
    expect(page.headers.get('content-type')).toContain('text/html')
    const { document } = new JSDOM(page.text).window
    const names = [...document.querySelectorAll('option')].map((option) => option.textContent)
    expect(names).toEqual(SCENARIO_NAMES)
    expect(document.querySelectorAll('button[data-post]').length).toBeGreaterThan(30)
  })

  it('has only buttons that work', async () => {
    const { sandbox } = await startTestSandbox()
    const { document } = new JSDOM((await send(sandbox.controlUrl)).text).window
    for (const button of document.querySelectorAll('button[data-post]')) {
      sandbox.reset()
      // What the four buttons of an account need to have something to do.
      for (const account of ['acme-coffee', 'nordwind-shop', 'mona', 'initech-labs', 'trent'])
        sandbox.scenario('install', { account })
      const answer = await send(`${sandbox.layersUrl}${button.getAttribute('data-post')}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: button.getAttribute('data-body') ?? '',
      })
      const label = button.textContent?.trim()
      const isApproval = label === 'Approve request'
      expect([label, answer.status]).toEqual([label, isApproval ? 422 : 204])
    }
  })

  it('brings its style and script, and allows no others', async () => {
    const { sandbox } = await startTestSandbox()
    expect((await send(`${sandbox.controlUrl}/control.css`)).text).toContain('prefers-color-scheme: dark')
    expect((await send(`${sandbox.controlUrl}/control.js`)).headers.get('content-type')).toContain(
      'javascript',
    )
    expect((await send(sandbox.controlUrl)).headers.get('content-security-policy')).toContain(
      "script-src 'self'",
    )
  })
})

describe('the control API', () => {
  it.each(['evil.example', 'evil.example:4001', 'sandbox.internal', '10.0.0.7', 'localhost.evil.example'])(
    'does not answer for the host %s',
    async (host) => {
      const { sandbox } = await startTestSandbox()
      expect(await getStatusWithHost(`${sandbox.controlUrl}/state`, host)).toBe(403)
    },
  )

  it.each(['localhost', 'localhost:4001', '127.0.0.1', '[::1]:4001'])(
    'answers for the host %s',
    async (host) => {
      const { sandbox } = await startTestSandbox()
      expect(await getStatusWithHost(`${sandbox.controlUrl}/state`, host)).toBe(200)
    },
  )

  it('does not obey a page of another origin', async () => {
    const { sandbox } = await startTestSandbox()
    const init = {
      method: 'POST',
      headers: { Origin: sandbox.githubUrl, 'Content-Type': 'application/json' },
    }
    const answer = await send(`${sandbox.controlUrl}/scenarios`, {
      ...init,
      body: '{"name":"kill_switch","on":true}',
    })
    expect(answer.status).toBe(403)
    const own = { ...init, headers: { ...init.headers, Origin: sandbox.layersUrl } }
    expect((await send(`${sandbox.controlUrl}/reset`, own)).status).toBe(204)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded'])('does not take %s', async (contentType) => {
    const { sandbox } = await startTestSandbox()
    const headers = { 'Content-Type': contentType }
    const body = '{"name":"kill_switch","on":true}'
    const answer = await send(`${sandbox.controlUrl}/scenarios`, { method: 'POST', headers, body })
    expect(answer.status).toBe(422)
  })

  it('has no other paths', async () => {
    const { control, sandbox } = await startTestSandbox()
    expect((await control('/nowhere', {})).status).toBe(404)
    // Not below /sandbox, so it is the API that answers, and the API wants a key.
    expect((await send(`${sandbox.layersUrl}/sandboxes`)).status).toBe(401)
  })
})
