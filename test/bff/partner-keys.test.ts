// Which of two partner keys a call is made with, and what happens when Layers refuses one.
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { LogFields } from '../../bff/log.ts'
import { Secret } from '../../bff/secret.ts'
import { createCanaryKey } from '../stack/artefacts.ts'
import {
  BINDING,
  createKeys,
  failureOf,
  find,
  register,
  sendJson,
  startUpstream,
  STATE,
} from './upstream-server.ts'

const CURRENT = createCanaryKey()
const PREVIOUS = createCanaryKey()
const fingerprintOf = (key: string): string => key.slice(-4)
const URL_ANSWER = { authUrl: 'https://github.com/', state: STATE, expiresAt: '2031-05-04T12:15:00Z' }

/** An upstream that knows these keys. */
async function start(known: readonly string[], previous: string | null = PREVIOUS) {
  const logged: LogFields[] = []
  const keys = createKeys(CURRENT, previous)
  const answer = (response: ServerResponse, url: string, key: string): void => {
    if (!known.includes(key)) sendJson(response, { error: { code: 'UNAUTHENTICATED' } }, 401)
    else sendJson(response, url.includes('install-url') ? URL_ANSWER : BINDING)
  }
  const upstream = await startUpstream(
    (response, { url = '', headers }) => answer(response, url, String(headers.authorization).slice(7)),
    {
      keys,
      log: {
        security: (event, fields) => void logged.push({ ...fields, reason: `${event} ${fields?.reason}` }),
      },
    },
  )
  const used = (): string[] =>
    upstream.received.map(({ request }) =>
      request.headers.authorization === `Bearer ${CURRENT}` ? 'current' : 'previous',
    )
  return { ...upstream, keys, logged, used }
}

const installUrl = { organization: null, returnUrl: 'https://app.example.com/return', state: STATE }

describe('of two partner keys', () => {
  it('the current one makes new calls, and its fingerprint comes with the install URL', async () => {
    const { client, used, logged } = await start([CURRENT, PREVIOUS])
    expect(await client.getInstallUrl(installUrl)).toMatchObject({ partnerKey: fingerprintOf(CURRENT) })
    await find(client)
    expect(used()).toEqual(['current', 'current'])
    expect(logged).toEqual([])
  })

  it('the one that began a flow finishes it while it is there', async () => {
    const { client, used, keys } = await start([CURRENT, PREVIOUS])
    const ofFlow = { organization: null, partnerKey: fingerprintOf(PREVIOUS) }
    await client.findBinding(ofFlow)
    await client.registerInstallation({ ...ofFlow, installationId: 7, state: STATE })
    keys.replace({ current: new Secret(CURRENT), previous: null })
    await client.findBinding(ofFlow)
    expect(used()).toEqual(['previous', 'previous', 'current'])
  })

  it('the other is tried once when one is refused, and the log says which to replace', async () => {
    const { client, used, logged } = await start([PREVIOUS])
    expect(await client.getInstallUrl(installUrl)).toMatchObject({ partnerKey: fingerprintOf(PREVIOUS) })
    expect(await register(client)).toMatchObject({ installationId: 7 })
    expect(used()).toEqual(['current', 'previous', 'current', 'previous'])
    expect(logged).toHaveLength(2)
    expect(logged[0]).toMatchObject({
      reason: 'partner_key_refused current',
      code: 'UNAUTHENTICATED',
      detail: expect.stringContaining('LAYERS_API_KEY_PREVIOUS was tried: put a key there that Layers knows'),
    })
  })

  it('the previous one gives way to the current one, and is to be removed', async () => {
    const { client, used, logged } = await start([CURRENT])
    await client.findBinding({ organization: null, partnerKey: fingerprintOf(PREVIOUS) })
    expect(used()).toEqual(['previous', 'current'])
    expect(logged).toMatchObject([
      { reason: 'partner_key_refused previous', detail: expect.stringContaining('remove the previous key') },
    ])
  })

  it('none is tried again when both are refused', async () => {
    const { client, used } = await start([])
    expect(await failureOf(register(client))).toMatchObject({ status: 401, isTransient: false })
    expect(used()).toEqual(['current', 'previous'])
  })

  it.each([
    ['there is no other', null],
    ['the other is the same', CURRENT],
  ])('the refused one is not tried again when %s', async (_, previous) => {
    const { client, used, logged } = await start([], previous)
    expect(await failureOf(find(client))).toMatchObject({ status: 401 })
    expect(used()).toEqual(['current'])
    expect(logged).toMatchObject([{ detail: expect.stringContaining('check LAYERS_API_KEY') }])
  })
})

it('does not try the other key for any other refusal', async () => {
  const { client, received } = await startUpstream(
    (response) => sendJson(response, { error: { code: 'FORBIDDEN_SCOPE' } }, 403),
    { keys: createKeys(CURRENT, PREVIOUS) },
  )
  await failureOf(register(client))
  expect(received).toHaveLength(1)
})

it('gives both keys the time of one call together', async () => {
  const { client, received } = await startUpstream(
    (response) => {
      // The second call gets no answer.
      if (received.length === 1) sendJson(response, { error: { code: 'UNAUTHENTICATED' } }, 401)
    },
    { keys: createKeys(CURRENT, PREVIOUS), timeoutMs: 300 },
  )
  expect(await failureOf(find(client))).toMatchObject({ failure: 'timeout' })
  expect(received).toHaveLength(2)
})
