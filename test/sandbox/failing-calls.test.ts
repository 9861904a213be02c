// Calls that fail, come late or are cut off because a scenario asked for it.

import { describe, expect, it } from 'vitest'
import { getError, installOnGithub, RETURN_URL, send, startTestSandbox } from './sandbox-client.ts'

const INSTALL_URL = `/v1/github/installation/install-url?${new URLSearchParams({ returnUrl: RETURN_URL })}`

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

  it('lets the call take effect although the client has given up', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    test.sandbox.scenario('delay_next', { route: 'bind', delayMs: 60 })
    const giveUp = new AbortController()
    const outcome = send(`${test.sandbox.layersUrl}/v1/github/installation`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${test.sandbox.key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ installationId, state }),
      signal: giveUp.signal,
    }).catch((error: unknown) => error)
    await expect.poll(() => test.sandbox.requests.at(-1)?.body).not.toBe('')
    giveUp.abort()
    expect(await outcome).toMatchObject({ name: 'AbortError' })
    expect(test.sandbox.bindings).toEqual([])
    await expect.poll(() => test.sandbox.bindings.length).toBe(1)
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
