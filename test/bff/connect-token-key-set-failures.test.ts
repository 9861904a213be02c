// A key set that cannot be had, by a server that fails or means harm: it costs little, lets nobody in, and passes.
import { createServer, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { createTokenIdentify } from '../../bff/connect-token/verify-token.ts'
import { createConfig, createRequest, outcomeOf } from './connect-token-fixtures.ts'
import { answerWith, createKey, signWith, startKeySet, stopClock } from './connect-token-key-set-server.ts'
import { listen } from './upstream-server.ts'

let clock: ReturnType<typeof stopClock>
beforeEach(() => {
  clock = stopClock()
})

const MINUTE_MS = 60_000
const COOLDOWN_MS = 30_000
const key = createKey('one')
const good = JSON.stringify({ keys: [key.jwk] })
const send =
  (body: string | Buffer, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body)
const NOT_A_SET = 'answered something that is not a JSON Web Key Set of at most 32 keys'

const FAILURES: readonly [string, (response: ServerResponse) => void, string][] = [
  ['closes the connection', (response) => response.destroy(), 'could not be reached'],
  [
    'cuts its answer short',
    (response) => {
      response.writeHead(200, { 'content-length': good.length + 100 }).write(good)
      response.destroy()
    },
    'could not be reached, or cut its answer short',
  ],
  ['says nothing', () => undefined, 'did not answer in time'],
  ['stops in mid-answer', (response) => response.writeHead(200).write('{"keys":'), 'did not answer in time'],
  [
    'sends a space now and then',
    (response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(timer))
    },
    'did not answer in time',
  ],
  ['answers 404', (response) => response.writeHead(404).end(good), 'answered 404'],
  ['answers 500', (response) => response.writeHead(500).end(good), 'answered 500'],
  ['answers 204', (response) => response.writeHead(204).end(), 'answered 204'],
  [
    'redirects to itself',
    (response) => response.writeHead(302, { location: '/.well-known/jwks.json' }).end(),
    'answered 302: name the final URL',
  ],
  ['answers with 10 MB', send(Buffer.alloc(10_000_000, ' ')), 'answered with more than 65536 bytes'],
  ['answers with 64 KB and a byte', send(good.padEnd(65_537)), 'answered with more than 65536 bytes'],
  [
    'answers without an end',
    (response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384, ' ')));
      }
      response.writeHead(200).on('drain', write)
      write()
    },
    'answered with more than 65536 bytes',
  ],
  ['answers with a bomb', send(gzipSync(Buffer.alloc(5_000_000)), { 'content-encoding': 'gzip' }), NOT_A_SET],
  ['answers with a web page', send('<!doctype html><title>Sign in</title>'), NOT_A_SET],
  ['answers with nothing', send(''), NOT_A_SET],
  ['answers with null', send('null'), NOT_A_SET],
  ['answers with one key, not a set', send(JSON.stringify(key.jwk)), NOT_A_SET],
  ['answers with keys that are no list', send('{"keys":{}}'), NOT_A_SET],
  ['answers with keys that are texts', send('{"keys":["x"]}'), NOT_A_SET],
  ['answers with a key of no kind', send('{"keys":[{}]}'), NOT_A_SET],
  ['answers with 33 keys', send(JSON.stringify({ keys: Array(33).fill(key.jwk) })), NOT_A_SET],
  ['answers with a deep nest', send('['.repeat(60_000)), NOT_A_SET],
]

describe('a server that', () => {
  it.each(FAILURES)('%s lets nobody in, and the log learns why', async (_, fail, why) => {
    const server = await startKeySet(fail, 300)
    const token = await signWith(key)
    const failure: unknown = await Promise.resolve(server.identify(createRequest(`Bearer ${token}`))).catch(
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ code: 'identity_unavailable', status: 503 })
    expect(failure).toMatchObject({ detail: expect.stringContaining(`CONNECT_TOKEN_JWKS_URL ${why}`) })
    expect(server.requests).toHaveLength(1)

    // Left alone for 30 s, then asked again, and everything is well.
    server.answer = answerWith(key.jwk)
    clock.advance(COOLDOWN_MS - 1)
    expect(await outcomeOf(server.identify, await signWith(key))).toContain(
      `identity_unavailable: CONNECT_TOKEN`,
    )
    expect(server.requests).toHaveLength(1)
    clock.advance(1)
    expect(await outcomeOf(server.identify, await signWith(key))).toBe('accepted')
    expect(server.requests).toHaveLength(2)
  })

  it.each(FAILURES)('%s after a good answer changes nothing for an hour', async (_, fail, why) => {
    const server = await startKeySet(answerWith(key.jwk), 300)
    expect(await outcomeOf(server.identify, await signWith(key))).toBe('accepted')
    server.answer = fail
    clock.advance(10 * MINUTE_MS)
    expect(await outcomeOf(server.identify, await signWith(key))).toBe('accepted')
    expect(server.requests).toHaveLength(2)
    expect(server.warnings).toMatchObject([
      { event: 'token_keys_outdated', fields: { detail: expect.stringContaining(why) } },
    ])
  })

  it('sends on to another host does not make us go there', async () => {
    let visits = 0
    const elsewhere = await listen(
      createServer((_, response) => {
        visits += 1
        response.end(good)
      }),
    )
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await startKeySet((response) =>
        response.writeHead(status, { location: elsewhere }).end(),
      )
      expect(await outcomeOf(server.identify, await signWith(key))).toContain(`answered ${status}`)
    }
    expect(visits).toBe(0)
  })

  it('is not there lets nobody in', async () => {
    const identify = createTokenIdentify({
      // The discard port, where nothing listens.
      config: createConfig({ kind: 'jwks', url: new URL('http://127.0.0.1:9/jwks.json') }),
      now: () => Date.now(),
    })
    expect(await outcomeOf(identify, await signWith(key))).toContain(
      'CONNECT_TOKEN_JWKS_URL could not be reached',
    )
  })
})

describe('a server that is down for long', () => {
  it('is asked twice a minute at most, and the log says so each time', async () => {
    const server = await startKeySet(answerWith(key.jwk))
    await outcomeOf(server.identify, await signWith(key))
    server.answer = (response) => response.writeHead(503).end()
    clock.advance(10 * MINUTE_MS)
    for (let step = 0; step < 12; step += 1) {
      expect(await outcomeOf(server.identify, await signWith(key))).toBe('accepted')
      clock.advance(COOLDOWN_MS / 3)
    }
    expect(server.requests).toHaveLength(1 + 4)
    expect(server.warnings).toHaveLength(4)
  })

  it('is not waited for: what it said an hour ago does not count any more', async () => {
    const server = await startKeySet(answerWith(key.jwk))
    await outcomeOf(server.identify, await signWith(key))
    server.answer = (response) => response.writeHead(503).end()
    clock.advance(60 * MINUTE_MS - 1)
    expect(await outcomeOf(server.identify, await signWith(key))).toBe('accepted')
    clock.advance(1)
    expect(await outcomeOf(server.identify, await signWith(key))).toContain('identity_unavailable')
    server.answer = answerWith(key.jwk)
    clock.advance(COOLDOWN_MS)
    expect(await outcomeOf(server.identify, await signWith(key))).toBe('accepted')
  })

  it('leaves a new kid undecided rather than refused: it may be a key that was just made', async () => {
    const server = await startKeySet(answerWith(key.jwk))
    await outcomeOf(server.identify, await signWith(key))
    server.answer = (response) => response.writeHead(503).end()
    clock.advance(COOLDOWN_MS)
    const token = await signWith(createKey('next'))
    expect(await outcomeOf(server.identify, token)).toContain('identity_unavailable')
    expect(await outcomeOf(server.identify, await signWith(key))).toBe('accepted')
    expect(server.requests).toHaveLength(2)
  })
})
