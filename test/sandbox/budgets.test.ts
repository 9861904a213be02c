// Rate limits by class and tier, and Idempotency-Key.

import { describe, expect, it } from 'vitest'
import {
  DEFAULT_KEY,
  DEFAULT_KEYS,
  DEFAULT_ORGANIZATIONS,
  type SandboxKey,
  type Tier,
} from '../../demo/sandbox/index.ts'
import { createClock } from '../../demo/sandbox/clock.ts'
import { createRateLimits } from '../../demo/sandbox/layers/rate-limits.ts'
import {
  getError,
  installOnGithub,
  RETURN_URL,
  START_AT,
  startTestSandbox,
  type TestSandbox,
} from './sandbox-client.ts'

const INSTALL_URL = `/v1/github/installation/install-url?${new URLSearchParams({ returnUrl: RETURN_URL })}`
const MINUTE_MS = 60_000

async function spend({ call }: TestSandbox, path: string, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) {
    const answer = await call('GET', path)
    if (answer.status === 429) throw new Error(`refused after ${count} of ${times}`)
  }
}

describe('the budget', () => {
  it.each([
    ['GET', INSTALL_URL, 'write-light', '60'],
    ['POST', '/v1/github/installation', 'write-light', '60'],
    ['GET', '/v1/github/installation', 'read-light', '120'],
    ['GET', '/v1/github/repos', 'read-light', '120'],
    ['GET', '/v1/whoami', 'read-light', '120'],
    ['GET', '/v1/nowhere', 'read-light', '120'],
  ])('of %s %s is %s', async (method, path, endpointClass, limit) => {
    const { call } = await startTestSandbox()
    const { headers } = await call(method, path)
    expect(headers.get('x-ratelimit-endpoint-class')).toBe(endpointClass)
    expect(headers.get('x-ratelimit-limit')).toBe(limit)
    expect(headers.get('x-ratelimit-remaining')).toBe(String(Number(limit) - 1))
    expect(headers.get('x-ratelimit-reset')).toBe(String(Math.ceil((START_AT + MINUTE_MS) / 1000)))
  })

  it.each<[Tier, string, string]>([
    ['standard', '120', '60'],
    ['pilot', '1200', '600'],
    ['partner', '6000', '3000'],
    ['unlimited', '1000000000', '1000000000'],
  ])('of the tier %s is %s reads and %s writes a minute', async (tier, reads, writes) => {
    const { call } = await startTestSandbox({ keys: DEFAULT_KEYS.map((key) => ({ ...key, tier })) })
    expect((await call('GET', '/v1/whoami')).headers.get('x-ratelimit-limit')).toBe(reads)
    expect((await call('GET', INSTALL_URL)).headers.get('x-ratelimit-limit')).toBe(writes)
  })

  it('of writes is used up by 60 install URLs, whoever they were for, and comes back after a minute', async () => {
    const test = await startTestSandbox()
    await spend(test, INSTALL_URL, 60)
    test.pass(20_500)
    const headers = { 'X-Layers-Organization': DEFAULT_ORGANIZATIONS.globex.id }
    const refused = await test.call('GET', INSTALL_URL, { headers })
    expect(refused.status).toBe(429)
    expect(getError(refused)['code']).toBe('RATE_LIMITED')
    expect(refused.headers.get('retry-after')).toBe('40')
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(refused.headers.get('x-ratelimit-endpoint-class')).toBe('write-light')
    expect((await test.bind(1, 'x')).status).toBe(429)
    expect((await test.call('GET', '/v1/whoami')).status).toBe(200)
    test.pass(39_499)
    expect((await test.call('GET', INSTALL_URL)).status).toBe(429)
    test.pass(1)
    expect((await test.call('GET', INSTALL_URL)).status).toBe(200)
  })

  it('of reads is used up by 120 reads', async () => {
    const test = await startTestSandbox()
    await spend(test, '/v1/whoami', 120)
    expect((await test.call('GET', '/v1/github/installation')).status).toBe(429)
    expect((await test.call('GET', INSTALL_URL)).status).toBe(200)
  })

  it('is counted per key', async () => {
    const second = `${DEFAULT_KEY.slice(0, -1)}2`
    const test = await startTestSandbox({
      keys: DEFAULT_KEYS.flatMap((key): SandboxKey[] => [key, { ...key, key: second }]),
    })
    await spend(test, INSTALL_URL, 60)
    expect((await test.call('GET', INSTALL_URL, { key: second })).status).toBe(200)
  })

  it('is not charged for a request without a key, and told nothing about', async () => {
    const { call } = await startTestSandbox()
    const { headers } = await call('GET', INSTALL_URL, { key: null })
    expect(headers.get('x-ratelimit-limit')).toBeNull()
    expect((await call('GET', INSTALL_URL)).headers.get('x-ratelimit-remaining')).toBe('59')
  })
})

describe('the budget of a day', () => {
  it('is 10,000 writes for the tier standard, and the day’s bucket is then the one reported', () => {
    let now = START_AT
    const limits = createRateLimits(createClock(() => now))
    const write = () => limits.charge('key', 'standard', 'write-light')
    for (let count = 0; count < 10_000; count += 1) {
      if (count % 60 === 0) now += MINUTE_MS
      write()
    }
    now += MINUTE_MS
    const day = expect.objectContaining({
      code: 'RATE_LIMITED',
      headers: expect.objectContaining({ 'X-RateLimit-Limit': '10000', 'X-RateLimit-Remaining': '0' }),
    })
    expect(write).toThrow(day)
    expect(limits.charge('key', 'standard', 'read-light')).toMatchObject({ 'X-RateLimit-Remaining': '119' })
    now = START_AT + MINUTE_MS + 24 * 60 * MINUTE_MS
    expect(write()).toMatchObject({ 'X-RateLimit-Remaining': '59' })
  })
})

describe('an Idempotency-Key', () => {
  const UUID = '3f1d2c4b-5a69-4788-9c0d-e1f203142536'

  it('gives the stored answer again for the same body', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    const headers = { 'Idempotency-Key': UUID }
    const first = await test.bind(installationId, state, { headers })
    test.sandbox.scenario('suspend', { account: 'acme-coffee' })
    const again = await test.bind(installationId, state, { headers })
    expect(again.status).toBe(201)
    expect(again.text).toBe(first.text)
    expect((await test.bind(installationId, state)).json?.['status']).toBe('suspended')
  })

  it('gives a stored refusal again, although it would succeed by now', async () => {
    const test = await startTestSandbox()
    const { state } = await test.getInstallUrl()
    const headers = { 'Idempotency-Key': UUID }
    const refused = await test.bind(61_200_417, state, { headers })
    test.sandbox.scenario('install', { account: 'acme-coffee' })
    const again = await test.bind(61_200_417, state, { headers })
    expect(again.status).toBe(422)
    expect(again.text).toBe(refused.text)
    expect((await test.bind(61_200_417, state)).status).toBe(201)
  })

  it('is refused with 409 IDEMPOTENCY_CONFLICT for another body', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    const headers = { 'Idempotency-Key': UUID }
    await test.bind(installationId, state, { headers })
    const answer = await test.bind(installationId + 1, state, { headers })
    expect(answer.status).toBe(409)
    expect(getError(answer)['code']).toBe('IDEMPOTENCY_CONFLICT')
  })

  it('is forgotten after 24 hours', async () => {
    const test = await startTestSandbox()
    const headers = { 'Idempotency-Key': UUID }
    await test.bind(1, 'one', { headers })
    test.pass(24 * 60 * MINUTE_MS - 1)
    expect((await test.bind(1, 'two', { headers })).status).toBe(409)
    test.pass(1)
    expect((await test.bind(1, 'two', { headers })).status).toBe(422)
  })

  it('does not store what was refused before the body was looked at', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    const headers = { 'Idempotency-Key': UUID }
    test.sandbox.scenario('kill_switch', { on: true })
    expect((await test.bind(installationId, state, { headers })).status).toBe(503)
    test.sandbox.scenario('kill_switch', { on: false })
    expect((await test.bind(installationId, state, { headers })).status).toBe(201)
  })

  it('is separate for each organization', async () => {
    const test = await startTestSandbox()
    const headers = { 'Idempotency-Key': UUID }
    await test.bind(1, 'one', { headers })
    const inChild = { ...headers, 'X-Layers-Organization': DEFAULT_ORGANIZATIONS.globex.id }
    expect((await test.bind(1, 'two', { headers: inChild })).status).toBe(422)
  })

  it('may be a ULID, but nothing shorter or looser', async () => {
    const test = await startTestSandbox()
    const { installationId, state } = await installOnGithub(test)
    for (const key of ['1', 'my-key', '3f1d2c4b-5a69-1788-9c0d-e1f203142536', `${UUID}0`]) {
      expect((await test.bind(installationId, state, { headers: { 'Idempotency-Key': key } })).status).toBe(
        422,
      )
    }
    const headers = { 'Idempotency-Key': '01JZ4T6Y8N0Q2S4V6X8Z0B2D4F' }
    expect((await test.bind(installationId, state, { headers })).status).toBe(201)
  })
})
