// Calls the sandbox's GitHub API; every answer is checked against GitHub's description before a test sees it.

import { SignJWT, importPKCS8 } from 'jose'
import { createPrivateKey } from 'node:crypto'
import type { AppName, Sandbox, SandboxOptions } from '../../demo/sandbox/index.ts'
import { checkAnswer } from './openapi-description.ts'
import { send, START_AT, startTestSandbox, type Answer } from './sandbox-client.ts'

export type Person = 'mona' | 'hubot' | 'trent'

/** A call below /api/v3; `path` may have a query. `authorization` is the whole header, or null for none. */
export type Rest = (
  method: string,
  path: string,
  authorization: string | null,
  body?: unknown,
) => Promise<Answer>

export async function startRest(options: SandboxOptions = {}) {
  const test = await startTestSandbox(options)
  return { ...test, rest: createRest(test.sandbox) }
}

export function createRest(sandbox: Sandbox): Rest {
  return async (method, path, authorization, body) => {
    const answer = await send(`${sandbox.githubApiUrl}${path}`, {
      method,
      headers: {
        'User-Agent': 'sandbox-test',
        Accept: 'application/vnd.github+json',
        ...(authorization === null ? {} : { Authorization: authorization }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const parsed: unknown = answer.text === '' ? undefined : JSON.parse(answer.text)
    checkAnswer(method, path.split('?')[0] ?? '', answer.status, parsed)
    return answer
  }
}

/** Fields of the token endpoint's form; the App's credentials are added. */
export function exchange(
  sandbox: Sandbox,
  fields: Readonly<Record<string, string>>,
  app: AppName = 'connector',
): Promise<Answer> {
  const { clientId, clientSecret } = sandbox.apps[app]
  return send(`${sandbox.githubUrl}/login/oauth/access_token`, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields }),
  })
}

/** Signs a person in and returns the Authorization header of the new token. */
export async function signIn(
  sandbox: Sandbox,
  person: Person = 'mona',
  app: AppName = 'connector',
): Promise<string> {
  const answer = await exchange(sandbox, { code: sandbox.issueCode({ app, person }) }, app)
  const token = answer.json?.['access_token']
  if (typeof token !== 'string') throw new Error(`no token in ${answer.text}`)
  return `Bearer ${token}`
}

/** The Authorization header of an App itself, for nine minutes unless told otherwise. */
export async function signJwt(
  sandbox: Sandbox,
  claims: Readonly<Record<string, unknown>> = {},
  app: AppName = 'connector',
): Promise<string> {
  const { appId, privateKeyPem } = sandbox.apps[app]
  const pkcs8 = createPrivateKey(privateKeyPem).export({ type: 'pkcs8', format: 'pem' }).toString()
  const nowSeconds = Math.floor(START_AT / 1_000)
  const payload = { iss: String(appId), iat: nowSeconds - 30, exp: nowSeconds + 9 * 60, ...claims }
  const jwt = await new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256' })
    .sign(await importPKCS8(pkcs8, 'RS256'))
  return `Bearer ${jwt}`
}

/** The Authorization header of a client id and its secret. */
export function createBasic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
}
