// Generated bodies, queries and install links: whatever comes, the answer is documented and nothing is bound by accident.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_KEYS } from '../../demo/sandbox/index.ts'
import { getError, getIssuePaths, RETURN_URL, send, startTestSandbox } from './sandbox-client.ts'

const RUNS = { numRuns: 150 }
const ROOMY = { keys: DEFAULT_KEYS.map((key) => ({ ...key, tier: 'partner' as const })) }
const BIND = '/v1/github/installation'
const INSTALL_URL = '/v1/github/installation/install-url'

describe('the strict body', () => {
  it('refuses any text with 422 or 413, never with a 500', async () => {
    const { call } = await startTestSandbox(ROOMY)
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), async (body) => {
        const answer = await call('POST', BIND, { body })
        expect(answer.status).toBe(422)
        expect(getError(answer)['code']).toBe('VALIDATION')
      }),
      RUNS,
    )
  })

  it('names every unknown key, whatever it is called', async () => {
    const { call } = await startTestSandbox(ROOMY)
    const unknownKey = fc
      .string({ minLength: 1 })
      .filter((name) => name !== 'installationId' && name !== 'state')
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(unknownKey, { minLength: 1, maxLength: 5 }), async (names) => {
        const fields = [...names.map((name) => [name, 1]), ['installationId', 1], ['state', 'x']]
        const body = `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`
        const answer = await call('POST', BIND, { body })
        expect(answer.status).toBe(422)
        expect(getIssuePaths(answer).toSorted()).toEqual(names.toSorted())
      }),
      RUNS,
    )
  })

  it('takes only positive safe integers for an id', async () => {
    const test = await startTestSandbox(ROOMY)
    const { state } = await test.getInstallUrl()
    const anyValue = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.maxSafeInteger(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
    )
    await fc.assert(
      fc.asyncProperty(anyValue, async (installationId) => {
        const sent: unknown = JSON.parse(JSON.stringify(installationId))
        const isId = typeof sent === 'number' && Number.isSafeInteger(sent) && sent > 0
        const answer = await test.bind(installationId, state)
        expect(answer.status).toBe(422)
        // A good id fails later, because no such installation exists; the code of its issue tells the two apart.
        const isInvalidType = answer.text.includes('"code":"invalid_type"')
        expect(isInvalidType).toBe(!isId)
      }),
      RUNS,
    )
  })
})

describe('the strict query', () => {
  it('accepts exactly the states of 1 to 512 visible ASCII characters, and echoes them', async () => {
    const { call } = await startTestSandbox(ROOMY)
    const state = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ unit: 'binary' }),
      fc.string({ minLength: 500, maxLength: 530 }),
    )
    await fc.assert(
      fc.asyncProperty(state, async (text) => {
        const query = new URLSearchParams({ returnUrl: RETURN_URL, state: text })
        const answer = await call('GET', `${INSTALL_URL}?${query}`)
        const isValid = /^[!-~]{1,512}$/.test(text)
        expect(answer.status).toBe(isValid ? 200 : 422)
        expect(answer.json?.['state']).toBe(isValid ? text : undefined)
      }),
      RUNS,
    )
  })

  it('issues nothing for a return URL on a host that is not listed', async () => {
    const { call, sandbox } = await startTestSandbox(ROOMY)
    await fc.assert(
      fc.asyncProperty(
        fc.webUrl({ validSchemes: ['http', 'https'], withQueryParameters: true }),
        async (returnUrl) => {
          const answer = await call('GET', `${INSTALL_URL}?${new URLSearchParams({ returnUrl })}`)
          expect(answer.status).toBe(returnUrl.startsWith('https:') ? 403 : 422)
          expect(sandbox.states).toEqual([])
        },
      ),
      RUNS,
    )
  })

  it('keeps a listed host that is only part of the URL from being enough', async () => {
    const { call } = await startTestSandbox(ROOMY)
    const trick = fc.constantFrom(
      (other: string) => `https://${other}/app.example.com`,
      (other: string) => `https://app.example.com.${other}/`,
      (other: string) => `https://app.example.com@${other}/`,
      (other: string) => `https://app.example.com:x@${other}/`,
      (other: string) => `https://${other}\\app.example.com`,
      (other: string) => `https://${other}#app.example.com`,
      (other: string) => `https://${other}?app.example.com`,
      (other: string) => `https:///${other}`,
    )
    await fc.assert(
      fc.asyncProperty(fc.domain(), trick, async (domain, create) => {
        const query = new URLSearchParams({ returnUrl: create(domain) })
        expect([403, 422]).toContain((await call('GET', `${INSTALL_URL}?${query}`)).status)
      }),
      RUNS,
    )
  })

  it('refuses any parameter that is not known, on each route', async () => {
    const { call } = await startTestSandbox(ROOMY)
    const known = new Set(['returnUrl', 'state', 'cursor', 'limit', 'search'])
    const name = fc.string({ minLength: 1 }).filter((text) => !known.has(text))
    const route = fc.constantFrom(INSTALL_URL, BIND, '/v1/github/repos', '/v1/whoami')
    await fc.assert(
      fc.asyncProperty(route, name, async (path, unknown) => {
        const answer = await call('GET', `${path}?${new URLSearchParams([[unknown, 'x']])}`)
        expect(answer.status).toBe(422)
        expect(getIssuePaths(answer)).toEqual([unknown])
      }),
      RUNS,
    )
  })
})

describe('the install link', () => {
  it('never redirects anywhere but to the return URL that was registered', async () => {
    const { getInstallUrl, sandbox } = await startTestSandbox(ROOMY)
    const { state } = await getInstallUrl()
    const redirectUri = fc.oneof(
      fc.webUrl(),
      fc.string(),
      fc.constantFrom(RETURN_URL, `${RETURN_URL}/`, `${RETURN_URL}?x`),
    )
    await fc.assert(
      fc.asyncProperty(redirectUri, fc.constantFrom(state, 'other'), async (redirect, sentState) => {
        const query = new URLSearchParams({ state: sentState, redirect_uri: redirect })
        const url = `${sandbox.githubUrl}/apps/layers-connector/installations/new?${query}`
        const answer = await send(url, { method: 'POST', body: new URLSearchParams({ account: 'mona' }) })
        const isGenuine = redirect === RETURN_URL && sentState === state
        expect(answer.status).toBe(isGenuine ? 302 : 400)
        expect(answer.headers.get('location')?.startsWith(`${RETURN_URL}?`)).toBe(
          isGenuine ? true : undefined,
        )
      }),
      RUNS,
    )
  })
})
