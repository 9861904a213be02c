// What the BFF throws holds no secret, in whatever way a program turns an error into text: hosts log what they catch.
import { inspect } from 'node:util'
import { afterAll, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../bff/index.ts'
import { createDataKey } from '../../bff/data-keys.ts'
import { createSealer } from '../../bff/seal.ts'
import { Secret } from '../../bff/secret.ts'
import { openPostgresStorage } from '../../bff/storage/postgres.ts'
import { KEY, startUpstream, STATE } from '../bff/upstream-server.ts'
import { createArtefacts, createCanaryKey } from '../stack/artefacts.ts'
import { createScan, type Canary } from './scan.ts'

const INSTALLATION_ID = 61_200_417
const PASSWORD = createCanaryKey()
const DATA_KEY = createDataKey()
const CANARIES: readonly Canary[] = [
  { kind: 'key', value: KEY },
  { kind: 'key', value: PASSWORD },
  { kind: 'key', value: DATA_KEY },
  { kind: 'state', value: STATE },
  { kind: 'installation', value: String(INSTALLATION_ID) },
]
const artefacts = createArtefacts()
for (const { kind, value } of CANARIES) artefacts.addCanary(kind, value)
afterAll(() => artefacts.discard())

/** Everything that is printed of an error somewhere, with what only a curious one would look at. */
function print(error: unknown): string {
  const isObject = typeof error === 'object' && error !== null
  return [
    String(error),
    JSON.stringify(error),
    JSON.stringify(error, isObject ? Object.getOwnPropertyNames(error) : undefined),
    inspect(error, { depth: null, showHidden: true }),
    inspect(structuredClone(error), { depth: null, showHidden: true }),
  ].join('\n')
}

function findLeaks(error: unknown): readonly string[] {
  const text = print(error)
  return createScan(CANARIES)(Buffer.from(text)).map(({ kind, shape }) => `${kind} (${shape})`)
}

const register = { organization: null, installationId: INSTALLATION_ID, state: STATE }

/** Sends the binding to a Layers that answers like this. */
const sent =
  (...answer: Parameters<typeof startUpstream>) =>
  async (): Promise<unknown> => {
    const { client } = await startUpstream(...answer)
    return client.registerInstallation(register)
  }

const configured = (variables: Readonly<Record<string, string>>) => async (): Promise<unknown> =>
  readConfig({}, { LAYERS_API_KEY: KEY, PUBLIC_URL: 'https://app.example.com/connect', ...variables })

const CASES: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['a partner key with a space in it', configured({ LAYERS_API_KEY: `${KEY} ` })],
  ['a partner key in the place of a URL', configured({ LAYERS_API_URL: KEY })],
  ['a URL with a key in it', configured({ LAYERS_API_URL: `https://x:${KEY}@api.layers.com` })],
  [
    'a database URL with a bare slash in the password',
    configured({ DATABASE_URL: `postgres://x:${PASSWORD}/y@z/d` }),
  ],
  ['data keys that are none', configured({ DATA_KEYS: `${DATA_KEY}x` })],
  ['a private key that is none', configured({ OWNERSHIP: 'own-app', GITHUB_APP_PRIVATE_KEY: PASSWORD })],
  ['a shared secret that is too long', configured({ CONNECT_TOKEN_SECRET: PASSWORD.repeat(20) })],
  ['nobody listening at Layers', sent((response) => response.socket?.destroy())],
  [
    'Layers repeating everything it was sent',
    sent((response, request) =>
      response.writeHead(401, { 'content-type': 'application/json', 'x-echo': KEY }).end(
        JSON.stringify({
          error: {
            code: 'X',
            message: `${KEY} ${STATE}`,
            requestId: 'req_1',
            details: { ...request.headers },
          },
        }),
      ),
    ),
  ],
  [
    'an answer of Layers that is no JSON',
    sent((response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${KEY} ${STATE}`)),
  ],
  [
    'an answer of Layers of another shape',
    sent((response) =>
      response
        .writeHead(201, { 'content-type': 'application/json' })
        .end(JSON.stringify({ installationId: KEY, state: STATE, id: INSTALLATION_ID })),
    ),
  ],
  [
    'Layers leading elsewhere',
    sent((response) => response.writeHead(307, { location: `http://127.0.0.1:1/?k=${KEY}` }).end()),
  ],
  [
    'no database at that address',
    () => openPostgresStorage({ url: `postgres://tester:${PASSWORD}@127.0.0.1:1/connect` }),
  ],
  [
    'a value sealed with another key',
    async () => {
      const sealed = await createSealer([new Secret(DATA_KEY)]).seal('state', 'tenant', STATE)
      return createSealer([new Secret(createDataKey())]).unseal('state', 'tenant', sealed)
    },
  ],
  [
    'a value sealed for another tenant',
    async () => {
      const sealer = createSealer([new Secret(DATA_KEY)])
      return sealer.unseal('state', 'other', await sealer.seal('state', 'tenant', STATE))
    },
  ],
]

it.each(CASES)('says nothing secret about %s', async (_, act) => {
  const error: unknown = await act().then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Error)
  artefacts.record('errors', print(error))
  expect(findLeaks(error)).toEqual([])
})

it.each<[string, (value: string) => unknown]>([
  ['its message', (value) => new ConfigError([`LAYERS_API_KEY is ${value}`])],
  ['a property', (value) => Object.assign(new Error('x'), { deep: { headers: [value] } })],
  ['a hidden property', (value) => Object.defineProperty(new Error('x'), 'hidden', { value })],
  ['its cause', (value) => new Error('x', { cause: new Error(value) })],
  ['one of several errors', (value) => new AggregateError([new Error(value)], 'x')],
  ['bytes', (value) => Object.assign(new Error('x'), { body: Buffer.from(value) })],
])('would notice a secret in %s', (_, leak) => {
  for (const { value } of CANARIES.slice(0, 4)) expect(findLeaks(leak(value)).length).toBeGreaterThan(0)
})
