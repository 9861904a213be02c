// GitHub's API for an App itself: its signed token, its installations, and ending a user's token.

import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createBasic, signIn, signJwt, startRest } from './rest-client.ts'
import { START_AT } from './sandbox-client.ts'

const NOW_SECONDS = Math.floor(START_AT / 1_000)

function createPrivateKeyPem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
}

describe('GET /app', () => {
  it.each([
    ['connector', 'layers-connector', 210_417],
    ['partner', 'brightline-app', 310_982],
  ] as const)('tells the %s about itself', async (name, slug, id) => {
    const { rest, sandbox } = await startRest()
    const answer = await rest('GET', '/app', await signJwt(sandbox, {}, name))
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ id, slug, client_id: sandbox.apps[name].clientId })
  })

  it('accepts the client id as issuer too', async () => {
    const { rest, sandbox } = await startRest()
    const authorization = await signJwt(sandbox, { iss: sandbox.apps.connector.clientId })
    expect((await rest('GET', '/app', authorization)).status).toBe(200)
  })

  it('verifies with a public key that was given', async () => {
    const given = await startRest()
    const { publicKeyPem } = given.sandbox.apps.connector
    const { rest } = await startRest({ apps: { connector: { publicKeyPem } } })
    expect((await rest('GET', '/app', await signJwt(given.sandbox))).status).toBe(200)
  })

  it.each([
    ['another issuer', { iss: '1' }],
    ['no issuer', { iss: undefined }],
    ['an end that has passed', { exp: NOW_SECONDS }],
    ['no end', { exp: undefined }],
    ['no beginning', { iat: undefined }],
  ])('is 401 for a JWT with %s', async (_what, claims) => {
    const { rest, sandbox } = await startRest()
    const answer = await rest('GET', '/app', await signJwt(sandbox, claims))
    expect([answer.status, answer.json?.['message']]).toEqual([401, 'A JSON web token could not be decoded'])
  })

  it('is 401 for a JWT of more than ten minutes', async () => {
    const { rest, sandbox } = await startRest()
    const answer = await rest('GET', '/app', await signJwt(sandbox, { exp: NOW_SECONDS + 602 }))
    expect(answer.status).toBe(401)
    expect(String(answer.json?.['message'])).toContain('too far in the future')
  })

  it('is 401 for a JWT signed with another key', async () => {
    const { rest, sandbox } = await startRest()
    const other = await startRest({ apps: { connector: { privateKeyPem: createPrivateKeyPem() } } })
    expect((await rest('GET', '/app', await signJwt(sandbox))).status).toBe(200)
    expect((await rest('GET', '/app', await signJwt(other.sandbox))).status).toBe(401)
  })

  it.each([
    ['nothing', null],
    ['no JWT', 'Bearer x.y.z'],
    ['an unsigned JWT', `Bearer ${createUnsigned()}`],
  ])('is 401 for %s', async (_what, authorization) => {
    const { rest } = await startRest()
    expect((await rest('GET', '/app', authorization)).status).toBe(401)
  })

  it('is 401 for a user’s token', async () => {
    const { rest, sandbox } = await startRest()
    expect((await rest('GET', '/app', await signIn(sandbox))).status).toBe(401)
  })
})

function createUnsigned(): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss: '210417', iat: NOW_SECONDS - 30, exp: NOW_SECONDS + 300 }
  return `${encode({ alg: 'none' })}.${encode(claims)}.`
}

describe('GET /app/installations/{id}', () => {
  it('shows any installation of the App, whoever made it', async () => {
    const { rest, sandbox } = await startRest()
    sandbox.scenario('install', { account: 'initech-labs' })
    const answer = await rest('GET', '/app/installations/61200417', await signJwt(sandbox))
    expect(answer.json).toMatchObject({ id: 61_200_417, account: { login: 'initech-labs' } })
  })

  it.each(['61200418', '0', 'x', '1e3'])('is 404 for %s', async (id) => {
    const { rest, sandbox } = await startRest()
    sandbox.scenario('install', { account: 'acme-coffee' })
    expect((await rest('GET', `/app/installations/${id}`, await signJwt(sandbox))).status).toBe(404)
  })

  it('is 404 for an installation of another App', async () => {
    const { rest, sandbox } = await startRest()
    sandbox.scenario('install', { account: 'acme-coffee' })
    const authorization = await signJwt(sandbox, {}, 'partner')
    expect((await rest('GET', '/app/installations/61200417', authorization)).status).toBe(404)
  })
})

describe('DELETE /applications/{client_id}/token', () => {
  async function startSignedIn() {
    const test = await startRest()
    const authorization = await signIn(test.sandbox)
    const { clientId, clientSecret } = test.sandbox.apps.connector
    const path = `/applications/${clientId}/token`
    const body = { access_token: authorization.replace('Bearer ', '') }
    return { ...test, authorization, path, body, basic: createBasic(clientId, clientSecret) }
  }

  it('ends the token at once', async () => {
    const { rest, sandbox, authorization, path, body, basic } = await startSignedIn()
    expect((await rest('DELETE', path, basic, body)).status).toBe(204)
    expect((await rest('GET', '/user', authorization)).status).toBe(401)
    expect(sandbox.userTokens).toMatchObject([{ person: 'mona', app: 'connector', revokedAt: START_AT }])
  })

  it('is 404 for a token that works no more', async () => {
    const { rest, path, body, basic } = await startSignedIn()
    await rest('DELETE', path, basic, body)
    expect((await rest('DELETE', path, basic, body)).status).toBe(404)
  })

  it('is 404 for a token of another App, which goes on working', async () => {
    const { rest, sandbox, authorization, body } = await startSignedIn()
    const { clientId, clientSecret } = sandbox.apps.partner
    const path = `/applications/${clientId}/token`
    expect((await rest('DELETE', path, createBasic(clientId, clientSecret), body)).status).toBe(404)
    expect((await rest('GET', '/user', authorization)).status).toBe(200)
  })

  it.each([[{}], [{ access_token: '' }], [{ access_token: 1 }], [[]]])(
    'is 422 for the body %j',
    async (body) => {
      const { rest, path, basic } = await startSignedIn()
      expect((await rest('DELETE', path, basic, body)).status).toBe(422)
    },
  )

  it('is 401 with another secret, another client or none, and the token goes on working', async () => {
    const { rest, sandbox, authorization, path, body } = await startSignedIn()
    const { partner, connector } = sandbox.apps
    for (const credentials of [
      createBasic(connector.clientId, 'guessed'),
      createBasic(partner.clientId, partner.clientSecret),
      authorization,
      null,
    ]) {
      expect((await rest('DELETE', path, credentials, body)).status).toBe(401)
    }
    expect((await rest('GET', '/user', authorization)).status).toBe(200)
  })
})
