// Connect tokens over HTTP, with the headers as they come: what the page is told, and what the log is.
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startStack, type Stack } from '../stack/start-stack.ts'
import { createToken } from './connect-token-fixtures.ts'
import { createKey, signWith } from './connect-token-key-set-server.ts'
import { buildRequest, sendBytes, type RawAnswer, type RawHeaders } from './raw-request.ts'
import { listen } from './upstream-server.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack({ identity: 'token' })
})
afterAll(() => stack.close())

function ask(headers: RawHeaders, at: Stack = stack): Promise<RawAnswer> {
  const bytes = buildRequest({
    target: '/connect/github/connection',
    headers: [['Host', 'localhost'], ['Sec-Fetch-Site', 'same-origin'], ...headers],
  })
  return sendBytes(at.baseUrl, bytes, at.artefacts)
}

const authorized = (...values: readonly string[]): RawHeaders =>
  values.map((value) => ['Authorization', value] as const)

/** The log lines of the one request that `send` makes. */
async function logOf(send: () => Promise<unknown>): Promise<string> {
  const before = stack.logLines.length
  await send()
  return stack.logLines.slice(before).join('')
}

describe('a request', () => {
  it('with a good token is answered, however the scheme and the header are spelled', async () => {
    const token = await stack.signToken('ann')
    for (const [name, scheme] of [
      ['Authorization', 'Bearer'],
      ['authorization', 'bearer'],
      ['AUTHORIZATION', 'BEARER'],
    ] as const)
      expect(await ask([[name, `${scheme} ${token}`]])).toMatchObject({ status: 200 })
  })

  it('without one is 401, and the log has nothing to explain', async () => {
    for (const headers of [[], authorized('Basic YW5uOnNlY3JldA=='), [['Cookie', 'session=ann']] as const]) {
      const log = await logOf(async () => {
        expect(await ask(headers)).toMatchObject({ status: 401 })
      })
      expect(log).not.toContain('refused')
    }
  })

  it('with two is 401, in whichever order they come', async () => {
    const good = `Bearer ${await stack.signToken('ann')}`
    for (const values of [
      [good, good],
      [good, 'Basic eA=='],
      ['Basic eA==', good],
    ]) {
      const log = await logOf(async () => {
        expect(await ask(authorized(...values))).toMatchObject({ status: 401 })
      })
      expect(log).toContain('connect token refused: malformed (several Authorization headers)')
    }
  })

  it('with a token that is refused is 401 like any other; the log says why, and holds nothing of the token', async () => {
    const good = await stack.signToken('ann')
    const [header = '', payload = ''] = good.split('.')
    const cases: readonly (readonly [string, string])[] = [
      ['bad signature', createToken({}, {}, 'x'.repeat(32))],
      ['bad signature', good.replace(header, Buffer.from('{"alg":"HS256"}').toString('base64url'))],
      ['algorithm not allowed', createToken({}, { alg: 'none' })],
      ['malformed', `${header}.${payload}`],
    ]
    for (const [reason, token] of cases) {
      const log = await logOf(async () => {
        const { status, text } = await ask(authorized(`Bearer ${token}`))
        expect(status).toBe(401)
        expect(text).toContain('"code":"session_required","message":"Please sign in and try again."')
        expect(text).not.toContain('refused')
      })
      expect(log).toContain(`"code":"session_required","detail":"connect token refused: ${reason}`)
      for (const part of token.split('.').filter((text) => text.length > 8)) expect(log).not.toContain(part)
    }
  })

  it('with a token that was good is 401 when its time is over', async () => {
    const token = await stack.signToken('ann', { lifetimeSeconds: 60 })
    expect(await ask(authorized(`Bearer ${token}`))).toMatchObject({ status: 200 })
    stack.advance(65_000)
    const log = await logOf(async () => {
      expect(await ask(authorized(`Bearer ${token}`))).toMatchObject({ status: 401 })
    })
    expect(log).toContain('connect token refused: expired; the page has to ask its backend for a new one')
  })
})

it('without its key set the BFF answers 503 to tokens and 401 to nobody, and the log names the cure', async () => {
  const keySet = await listen(createServer((_, response) => response.writeHead(302, { location: '/' }).end()))
  const other = await startStack({
    identity: 'token',
    // A key set in place of the secret that the stack gives to its BFF.
    bff: { connectTokenSecret: [], connectTokenJwksUrl: `${keySet}/jwks.json` },
  })
  try {
    expect(await ask([], other)).toMatchObject({ status: 401 })
    const { status, text } = await ask(authorized(`Bearer ${await signWith(createKey('k'))}`), other)
    expect(status).toBe(503)
    expect(text).toContain('"code":"identity_unavailable"')
    expect(text).not.toMatch(/jwks|redirect/i)
    const line = await other.waitForLog((entry) => entry.includes('identity_unavailable'))
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      detail: 'CONNECT_TOKEN_JWKS_URL answered 302: name the final URL, redirects are not followed',
    })
  } finally {
    await other.close()
  }
})
