// Who calls GitHub's REST API: a person through an App, an App by a signed token, or an App by its client secret.

import { createPublicKey } from 'node:crypto'
import { decodeJwt, jwtVerify } from 'jose'
import type { AppName } from '../../options.ts'
import type { RecordedUserToken } from '../../records.ts'
import type { RestCall } from './answers.ts'
import { RestError } from './answers.ts'

/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const LONGEST_JWT_SECONDS = 10 * 60

/** @throws RestError 401 without a token, or with one that is unknown, expired or revoked */
export function authenticateUser({ world, headers }: RestCall): RecordedUserToken {
  const credentials = /^(?:token|bearer) +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1]
  if (credentials === undefined) throw new RestError(401, 'Requires authentication')
  const token = world.grants.findToken(credentials)
  if (!token) throw new RestError(401, 'Bad credentials')
  return token
}

/** @throws RestError 401 unless an App signed the JWT with RS256 and it is valid now, for at most ten minutes */
export async function authenticateApp({ world, headers }: RestCall): Promise<AppName> {
  const jwt = /^bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1]
  const app = jwt === undefined ? undefined : world.apps.findByIssuer(readIssuer(jwt))
  if (jwt === undefined || app === undefined) {
    throw new RestError(401, 'A JSON web token could not be decoded')
  }
  const nowMs = world.clock.now()
  let expiresAtSeconds = 0
  try {
    const { payload } = await jwtVerify(jwt, createPublicKey(world.apps[app].publicKeyPem), {
      algorithms: ['RS256'],
      currentDate: new Date(nowMs),
      requiredClaims: ['iat', 'exp'],
    })
    expiresAtSeconds = payload.exp ?? 0
  } catch {
    throw new RestError(401, 'A JSON web token could not be decoded')
  }
  if (expiresAtSeconds > nowMs / 1_000 + LONGEST_JWT_SECONDS) {
    throw new RestError(401, "'Expiration time' claim ('exp') is too far in the future")
  }
  return app
}

function readIssuer(jwt: string): string {
  try {
    // Octokit signs the number of the App as a number; RFC 7519 wants text, and GitHub takes both.
    const issuer: unknown = decodeJwt(jwt).iss
    return typeof issuer === 'string' || typeof issuer === 'number' ? String(issuer) : ''
  } catch {
    return ''
  }
}

/** @throws RestError 401 unless name and password are the client id in the path and its secret */
export function authenticateClient({ world, headers, pathParameters }: RestCall): AppName {
  const encoded = /^basic +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? ''
  const [clientId, clientSecret] = splitOnce(Buffer.from(encoded, 'base64').toString('utf8'))
  const app = world.apps.findByClientId(clientId)
  if (app === undefined || clientId !== pathParameters[0] || clientSecret !== world.apps[app].clientSecret) {
    throw new RestError(401, 'Bad credentials')
  }
  return app
}

/** A password may hold a colon, a user name may not (https://www.rfc-editor.org/rfc/rfc7617#section-2). */
function splitOnce(text: string): [name: string, password: string] {
  const colon = text.indexOf(':')
  return colon === -1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
}
