// POST /login/oauth/access_token: a code, or a refresh token, for a user access token.

import type { World } from '../../world.ts'
import type { RestAnswer } from '../rest/answers.ts'
import { REFRESH_LIFETIME_SECONDS, TOKEN_LIFETIME_SECONDS, type IssuedTokens } from './grants.ts'

export const TOKEN_PATH = '/login/oauth/access_token'

const DOCS = 'https://docs.github.com/apps/managing-oauth-apps'

/** Words and links of the page "Troubleshooting OAuth app access token request errors". All of them come with 200. */
const REFUSALS = {
  incorrect_client_credentials: {
    error_description: 'The client_id and/or client_secret passed are incorrect.',
    error_uri: `${DOCS}/troubleshooting-oauth-app-access-token-request-errors/#incorrect-client-credentials`,
  },
  bad_verification_code: {
    error_description: 'The code passed is incorrect or expired.',
    error_uri: `${DOCS}/troubleshooting-oauth-app-access-token-request-errors/#bad-verification-code`,
  },
  redirect_uri_mismatch: {
    error_description: 'The redirect_uri MUST match the registered callback URL for this application.',
    error_uri: `${DOCS}/troubleshooting-authorization-request-errors/#redirect-uri-mismatch2`,
  },
  bad_refresh_token: {
    error_description: 'The refresh token passed is incorrect or expired.',
    error_uri: `${DOCS}/troubleshooting-oauth-app-access-token-request-errors/#bad-verification-code`,
  },
  unsupported_grant_type: {
    error_description: 'The grant_type is not supported.',
    error_uri: `${DOCS}/troubleshooting-oauth-app-access-token-request-errors/`,
  },
} as const

export interface TokenRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly bodyText: string
}

export function answerTokenRequest(world: World, request: TokenRequest): RestAnswer {
  const readField = createFieldReader(request)
  const app = world.apps.findByClientId(readField('client_id') ?? '')
  if (app === undefined || readField('client_secret') !== world.apps[app].clientSecret) {
    return refuse('incorrect_client_credentials')
  }
  const grantType = readField('grant_type')
  if (grantType === 'refresh_token') {
    const tokens = world.grants.refresh(app, readField('refresh_token') ?? '')
    return tokens ? issue(tokens) : refuse('bad_refresh_token')
  }
  if (grantType !== null && grantType !== 'authorization_code') return refuse('unsupported_grant_type')
  const redirectUrl = readField('redirect_uri')
  if (redirectUrl !== null && !world.apps[app].callbackUrls.includes(redirectUrl)) {
    return refuse('redirect_uri_mismatch')
  }
  const outcome = world.grants.exchange({
    app,
    code: readField('code') ?? '',
    redirectUrl,
    codeVerifier: readField('code_verifier'),
  })
  if (outcome.kind === 'issued') return issue(outcome)
  return refuse(outcome.kind === 'bad_code' ? 'bad_verification_code' : 'redirect_uri_mismatch')
}

/** GitHub takes the fields from a form, from JSON, and from the query. */
function createFieldReader({ headers, query, bodyText }: TokenRequest): (name: string) => string | null {
  const isJson = /^application\/json\b/i.test(headers['content-type'] ?? '')
  const json = isJson ? parseJsonObject(bodyText) : {}
  const form = new URLSearchParams(isJson ? '' : bodyText)
  return (name) => {
    const value = json[name]
    return typeof value === 'string' ? value : (form.get(name) ?? query.get(name))
  }
}

function parseJsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    // Like an empty body: the credentials are missing then, and the answer says so.
    return {}
  }
}

function issue({ token, refreshToken }: IssuedTokens): RestAnswer {
  return {
    status: 200,
    headers: {},
    body: {
      access_token: token,
      expires_in: TOKEN_LIFETIME_SECONDS,
      refresh_token: refreshToken,
      refresh_token_expires_in: REFRESH_LIFETIME_SECONDS,
      token_type: 'bearer',
      scope: '',
    },
  }
}

function refuse(error: keyof typeof REFUSALS): RestAnswer {
  return { status: 200, headers: {}, body: { error, ...REFUSALS[error] } }
}
