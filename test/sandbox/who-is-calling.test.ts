// Keys, scopes, the kill switch and organizations.

import { describe, expect, it } from 'vitest'
import {
  DEFAULT_KEYS,
  DEFAULT_KEY,
  DEFAULT_ORGANIZATIONS,
  type SandboxKey,
} from '../../demo/sandbox/index.ts'
import { getError, RETURN_URL, startTestSandbox } from './sandbox-client.ts'

const INSTALL_URL = `/v1/github/installation/install-url?${new URLSearchParams({ returnUrl: RETURN_URL })}`
const EVERY_ROUTE = [
  ['GET', INSTALL_URL],
  ['POST', '/v1/github/installation'],
  ['GET', '/v1/github/installation'],
  ['GET', '/v1/github/repos'],
  ['GET', '/v1/whoami'],
] as const
const { parent, northwind, globex } = DEFAULT_ORGANIZATIONS
const OTHER_KEY = `${DEFAULT_KEY.slice(0, -1)}2`

function createKey(changes: Partial<SandboxKey>): SandboxKey {
  const [base] = DEFAULT_KEYS
  if (!base) throw new Error('the default keys are empty')
  return { ...base, ...changes }
}

const whoamiIn = async (organization: string, keys?: readonly SandboxKey[]) => {
  const { call } = await startTestSandbox(keys ? { keys } : {})
  return call('GET', '/v1/whoami', { headers: { 'X-Layers-Organization': organization } })
}

const startWithChildKey = () =>
  startTestSandbox({ keys: [createKey({}), createKey({ key: OTHER_KEY, organizationId: northwind.id })] })

describe('a key', () => {
  it.each(EVERY_ROUTE)('is demanded by %s %s', async (method, path) => {
    const { call } = await startTestSandbox()
    const answer = await call(method, path, { key: null })
    expect(answer.status).toBe(401)
    expect(getError(answer)['code']).toBe('UNAUTHENTICATED')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  })

  it.each([
    ['unknown', { Authorization: `Bearer ${OTHER_KEY}` }],
    ['sent as Basic', { Authorization: `Basic ${DEFAULT_KEY}` }],
    ['sent without a scheme', { Authorization: DEFAULT_KEY }],
    ['sent in X-Api-Key', { 'X-Api-Key': DEFAULT_KEY }],
    ['followed by something', { Authorization: `Bearer ${DEFAULT_KEY} x` }],
    ['cut short', { Authorization: `Bearer ${DEFAULT_KEY.slice(0, -1)}` }],
  ])('is refused when it is %s', async (_what, headers) => {
    const { call } = await startTestSandbox()
    expect((await call('GET', '/v1/whoami', { key: null, headers })).status).toBe(401)
  })

  it('is accepted with the scheme in any case (RFC 9110 §11.1)', async () => {
    const { call } = await startTestSandbox()
    const headers = { Authorization: `bearer ${DEFAULT_KEY}` }
    expect((await call('GET', '/v1/whoami', { key: null, headers })).status).toBe(200)
  })

  it.each(EVERY_ROUTE.slice(0, 4))('needs github:admin for %s %s', async (method, path) => {
    const { call } = await startTestSandbox({ keys: [createKey({ scopes: ['ingest:write', 'org:admin'] })] })
    const answer = await call(method, path, method === 'POST' ? { body: {} } : {})
    expect(answer.status).toBe(403)
    expect(getError(answer)['code']).toBe('FORBIDDEN_SCOPE')
  })

  it('needs no scope to ask who it is', async () => {
    const { call } = await startTestSandbox({ keys: [createKey({ scopes: [] })] })
    expect((await call('GET', '/v1/whoami')).status).toBe(200)
  })

  it('with * has every scope but org:admin', async () => {
    const { call } = await startTestSandbox({ keys: [createKey({ scopes: ['*'] })] })
    expect((await call('GET', INSTALL_URL)).status).toBe(200)
    const answer = await call('GET', INSTALL_URL, { headers: { 'X-Layers-Organization': northwind.id } })
    expect(answer.status).toBe(403)
  })
})

describe('the kill switch', () => {
  it.each(EVERY_ROUTE)('stops %s %s with 503 KILL_SWITCH', async (method, path) => {
    const { call, sandbox } = await startTestSandbox()
    sandbox.scenario('kill_switch', { on: true })
    const answer = await call(method, path)
    expect(answer.status).toBe(503)
    expect(getError(answer)).toMatchObject({ code: 'KILL_SWITCH', details: { scope: 'key' } })
    sandbox.scenario('kill_switch', { on: false })
    expect((await call(method, path)).status).not.toBe(503)
  })

  it('stops unknown paths too', async () => {
    const { call, sandbox } = await startTestSandbox()
    sandbox.scenario('kill_switch', { on: true })
    expect((await call('GET', '/v1/nowhere')).status).toBe(503)
  })
})

describe('X-Layers-Organization', () => {
  it('acts in a child', async () => {
    const answer = await whoamiIn(northwind.id)
    expect(answer.json).toMatchObject({ organizationId: northwind.id, parentOrganizationId: parent.id })
  })

  it('may name the own organization', async () => {
    expect((await whoamiIn(parent.id)).json).toMatchObject({ organizationId: parent.id })
  })

  it('needs org:admin', async () => {
    const answer = await whoamiIn(northwind.id, [createKey({ scopes: ['github:admin'] })])
    expect(answer.status).toBe(403)
    expect(getError(answer)).toMatchObject({
      code: 'FORBIDDEN_SCOPE',
      details: { requiredScope: 'org:admin' },
    })
  })

  it.each([
    ['unknown', 'org_00000000-0000-4000-8000-000000000000'],
    ['malformed', 'northwind'],
    ['empty', ''],
  ])('is 404 NOT_FOUND when it is %s', async (_what, organization) => {
    const answer = await whoamiIn(organization)
    expect(answer.status).toBe(404)
    expect(getError(answer)['code']).toBe('NOT_FOUND')
  })

  it('is 404 for a foreign organization: a sibling, or the parent of a child key', async () => {
    const keys = [createKey({ organizationId: northwind.id })]
    expect((await whoamiIn(globex.id, keys)).status).toBe(404)
    expect((await whoamiIn(parent.id, keys)).status).toBe(404)
  })

  it('is 404 for an archived child', async () => {
    const { call, sandbox } = await startTestSandbox()
    sandbox.scenario('organization_status', { organization: globex.id, status: 'archived' })
    expect(
      (await call('GET', '/v1/whoami', { headers: { 'X-Layers-Organization': globex.id } })).status,
    ).toBe(404)
  })
})

describe('a child organization', () => {
  it('has keys of its own that need no header', async () => {
    const { call } = await startWithChildKey()
    expect((await call('GET', '/v1/whoami', { key: OTHER_KEY })).json).toMatchObject({
      organizationId: northwind.id,
    })
  })

  it('stops its own keys with 503 while suspended, but not the key of its parent', async () => {
    const { call, sandbox } = await startWithChildKey()
    sandbox.scenario('organization_status', { organization: northwind.id, status: 'suspended' })
    const own = await call('GET', '/v1/whoami', { key: OTHER_KEY })
    expect(own.status).toBe(503)
    expect(getError(own)['code']).toBe('KILL_SWITCH')
    const headers = { 'X-Layers-Organization': northwind.id }
    expect((await call('GET', '/v1/whoami', { headers })).status).toBe(200)
  })

  it('loses its own keys when it is archived', async () => {
    const { call, sandbox } = await startWithChildKey()
    sandbox.scenario('organization_status', { organization: northwind.id, status: 'archived' })
    expect((await call('GET', '/v1/whoami', { key: OTHER_KEY })).status).toBe(401)
  })
})
