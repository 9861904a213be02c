// A GitHub that answers whatever a test wants, on a socket of its own, and provers that ask it.
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import type { OwnershipConfig } from '../../bff/config-ownership.ts'
import type { LogFields } from '../../bff/log.ts'
import {
  createOwnershipProver,
  type OwnershipProverOptions,
} from '../../bff/ownership/create-ownership-prover.ts'
import type { OwnershipClaim, OwnershipProver } from '../../bff/ownership/ownership.ts'
import { Secret } from '../../bff/secret.ts'
import { listen, sendJson } from './upstream-server.ts'

export const TOKEN = 'ghu_T0kenThatMustStayInMemory0123456789'
export const CLIENT_SECRET = 'c11ent5ecretc11ent5ecretc11ent5ecret0000'
export const INSTALLATION_ID = 4711
export const ACME = { id: 42, login: 'acme-coffee', type: 'Organization' }
export const MONA = { id: 7, login: 'mona', type: 'User' }

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

export const OWN_APP: Extract<OwnershipConfig, { kind: 'own-app' }> = {
  kind: 'own-app',
  appId: 100,
  privateKey: new Secret(privateKey),
  clientId: 'Iv23liOwn',
  clientSecret: new Secret(CLIENT_SECRET),
}
export const PARTNER_APP: Extract<OwnershipConfig, { kind: 'partner-app' }> = {
  kind: 'partner-app',
  clientId: 'Iv23liPartner',
  clientSecret: new Secret(CLIENT_SECRET),
  installedAppSlug: 'layers-connector',
}

export const INSTALLATION = { id: INSTALLATION_ID, app_id: 100, app_slug: 'layers-connector', account: ACME }
export const OWNER = { role: 'admin', state: 'active', organization: ACME }

/** JSON, or a function of response and request. */
type Answer = unknown

/** By method and path without the query: what mona, an owner of acme-coffee, gets to see. */
export const HONEST: Readonly<Record<string, Answer>> = {
  'POST /login/oauth/access_token': { access_token: TOKEN, token_type: 'bearer', scope: '' },
  [`GET /api/v3/app/installations/${INSTALLATION_ID}`]: INSTALLATION,
  'GET /api/v3/user': MONA,
  'GET /api/v3/user/installations': { total_count: 1, installations: [INSTALLATION] },
  'GET /api/v3/user/memberships/orgs': [OWNER],
  'GET /api/v3/user/memberships/orgs/acme-coffee': OWNER,
  'GET /api/v3/orgs/acme-coffee/installations': { total_count: 1, installations: [INSTALLATION] },
  'DELETE /api/v3/applications/Iv23liOwn/token': (response: ServerResponse) => response.writeHead(204).end(),
  'DELETE /api/v3/applications/Iv23liPartner/token': (response: ServerResponse) =>
    response.writeHead(204).end(),
}

export const REVOKE = 'DELETE /api/v3/applications/Iv23liOwn/token'
export const EXCHANGE = 'POST /login/oauth/access_token'

interface Received {
  readonly route: string
  readonly query: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface FakeGitHub {
  readonly url: string
  readonly received: readonly Received[]
  /** The routes that were asked, in order. */
  readonly routes: readonly string[]
  readonly logged: readonly { readonly event: string; readonly fields: LogFields | undefined }[]
  prover(
    config: OwnershipConfig,
    options?: Partial<OwnershipProverOptions>,
    create?: typeof createOwnershipProver,
  ): OwnershipProver
}

export async function startGitHub(changes: Readonly<Record<string, Answer>> = {}): Promise<FakeGitHub> {
  const answers: Readonly<Record<string, Answer>> = { ...HONEST, ...changes }
  const received: Received[] = []
  const logged: { event: string; fields: LogFields | undefined }[] = []
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://github')
    const route = `${request.method} ${pathname}`
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      received.push({ route, query: search, headers: request.headers, body })
      const answer = answers[route]
      if (typeof answer === 'function') answer(response, request)
      else if (answer === undefined) sendJson(response, { message: 'Not Found' }, 404)
      else sendJson(response, answer)
    })
  })
  const url = await listen(server)
  const note = (event: string, fields?: LogFields): void => void logged.push({ event, fields })
  return {
    url,
    received,
    get routes() {
      return received.map(({ route }) => route)
    },
    logged,
    prover(config, options = {}, create = createOwnershipProver) {
      const prover = create({
        config,
        githubOrigin: url,
        githubApiUrl: `${url}/api/v3`,
        log: { warn: note, error: note },
        timeoutMs: 16_000,
        ...options,
      })
      if (prover === null) throw new Error('no prover for this configuration')
      onTestFinished(() => prover.close())
      return prover
    },
  }
}

export function claim(changes: Partial<OwnershipClaim> = {}): OwnershipClaim {
  return {
    installationId: INSTALLATION_ID,
    code: 'c0de',
    redirectUrl: null,
    codeVerifier: null,
    tenantId: 'tenant-1',
    userId: 'user-1',
    expectedAccount: null,
    signal: new AbortController().signal,
    ...changes,
  }
}

/** A good answer with headers of its own. */
export function answering(body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return (response: ServerResponse): void => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    sendJson(response, body)
  }
}

/** An answer with this status. */
export function refusing(status: number, headers: Readonly<Record<string, string>> = {}, message = 'No') {
  return (response: ServerResponse): void => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    sendJson(response, { message }, status)
  }
}
