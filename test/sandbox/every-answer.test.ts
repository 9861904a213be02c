// What is the same for each answer of the Layers side: ids, envelope, 404, 405; and whoami.

import { describe, expect, it } from 'vitest'
import { DEFAULT_ORGANIZATIONS } from '../../demo/sandbox/index.ts'
import { getError, RETURN_URL, send, startTestSandbox } from './sandbox-client.ts'

const INSTALL_URL = `/v1/github/installation/install-url?${new URLSearchParams({ returnUrl: RETURN_URL })}`
const EVERY_ROUTE = [
  ['GET', INSTALL_URL],
  ['POST', '/v1/github/installation'],
  ['GET', '/v1/github/installation'],
  ['GET', '/v1/github/repos'],
  ['GET', '/v1/whoami'],
] as const

const { parent } = DEFAULT_ORGANIZATIONS

describe('whoami', () => {
  it('is answered with exactly the documented keys, and always the same ids', async () => {
    const { call } = await startTestSandbox()
    const { json } = await call('GET', '/v1/whoami')
    expect(json).toEqual({
      organizationId: parent.id,
      workspaceId: expect.stringMatching(/^wsp_[0-9a-f-]{36}$/),
      organizationName: 'Sandbox Partner',
      parentOrganizationId: null,
      scopes: ['github:admin', 'org:admin', 'ingest:write'],
      rateLimitTier: 'standard',
      apiKeyId: expect.stringMatching(/^key_[0-9a-f-]{36}$/),
      creditBalance: 0,
    })
    const other = await startTestSandbox()
    expect((await other.call('GET', '/v1/whoami')).json).toEqual(json)
  })
})

describe('every answer', () => {
  it('has its own request id, which an error repeats in its body', async () => {
    const { call } = await startTestSandbox()
    const ids = new Set<string | null>()
    const errors: boolean[] = []
    for (const [method, path] of [...EVERY_ROUTE, ['GET', '/v1/nowhere'], ['PUT', '/v1/whoami']] as const) {
      const answer = await call(method, path)
      const requestId = answer.headers.get('x-request-id')
      expect(requestId).toMatch(/^req_[0-9A-Z]{26}$/)
      ids.add(requestId)
      errors.push(...(answer.status >= 400 ? [getError(answer)['requestId'] === requestId] : []))
    }
    expect(ids.size).toBe(7)
    expect(errors).toEqual([true, true, true, true, true])
  })

  it('that is an error has the envelope and nothing else', async () => {
    const { call } = await startTestSandbox()
    const answer = await call('GET', '/v1/github/installation')
    const requestId = answer.headers.get('x-request-id') ?? ''
    const message = String(getError(answer)['message'])
    expect(answer.text).toBe(
      `{"error":{"code":"NOT_FOUND","message":"${message}","requestId":"${requestId}"}}`,
    )
  })

  it.each(['/v1/nowhere', '/v1', '/', '/v1/github/installation/', '/V1/whoami', '/partner/v1/whoami'])(
    'for the unknown path %s is 404 NOT_FOUND',
    async (path) => {
      const { call } = await startTestSandbox()
      const answer = await call('GET', path)
      expect(answer.status).toBe(404)
      expect(getError(answer)['code']).toBe('NOT_FOUND')
    },
  )

  it.each([
    ['DELETE', '/v1/github/installation', 'POST, GET'],
    ['POST', '/v1/github/installation/install-url', 'GET'],
    ['PUT', '/v1/whoami', 'GET'],
    ['OPTIONS', '/v1/github/repos', 'GET'],
  ])('for %s %s is 405, naming what is possible', async (method, path, allowed) => {
    const { call } = await startTestSandbox()
    const answer = await call(method, path)
    expect(answer.status).toBe(405)
    expect(getError(answer)['code']).toBe('METHOD_NOT_ALLOWED')
    expect(answer.headers.get('allow')).toBe(allowed)
  })

  it('for HEAD is 405 without a body, so that no state can be made by accident', async () => {
    const { call, sandbox } = await startTestSandbox()
    expect((await call('HEAD', INSTALL_URL)).status).toBe(405)
    expect(sandbox.states).toEqual([])
  })

  it('is not for browsers of other origins', async () => {
    const { sandbox } = await startTestSandbox()
    const answer = await send(`${sandbox.layersUrl}/v1/whoami`, {
      headers: { Origin: 'https://app.example.com' },
    })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })
})
