// One row for each way GitHub can fail a proof: our verdict, and the cure for the operator.
import type { GitHubError } from './github-error.ts'
import { MAX_ENTRIES } from './github-pages.ts'
import { CODE_NOT_ACCEPTED, type OwnershipVerdict } from './ownership.ts'

interface Judgement {
  readonly code: Extract<OwnershipVerdict, { verdict: 'failed' }>['code']
  readonly reason: string
  readonly cure: string
}

const CLIENT: Judgement = {
  code: 'ownership_misconfigured',
  reason: 'client credentials not accepted',
  cure: 'GitHub does not know the App, or not its secret: check GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET, both of the same App, and GITHUB_URL',
}

const UNREADABLE: Judgement = {
  code: 'ownership_unavailable',
  reason: 'unreadable answer',
  cure: 'GitHub’s answer is not what its documentation says: check that GITHUB_API_URL is the REST API that belongs to GITHUB_URL',
}

/** By failure, as far as it does not matter what was asked. */
const BY_FAILURE = {
  network: {
    code: 'ownership_unavailable',
    reason: 'GitHub not reached',
    cure: 'check that this server reaches GITHUB_URL and GITHUB_API_URL; an outage of GitHub passes by itself',
  },
  timeout: {
    code: 'ownership_unavailable',
    reason: 'GitHub too slow',
    cure: 'GitHub did not answer in time, or this server is stopping; it passes by itself',
  },
  shape: UNREADABLE,
  redirect: {
    code: 'ownership_misconfigured',
    reason: 'GitHub sent elsewhere',
    cure: 'GitHub answered with a redirect, which is not followed: check GITHUB_URL and GITHUB_API_URL, and that no expectedAccount was renamed',
  },
  limit: {
    code: 'ownership_unavailable',
    reason: 'rate limited by GitHub',
    cure: 'GitHub’s rate limit is used up; it passes by itself',
  },
  sign_on: {
    code: 'ownership_sign_on',
    reason: 'single sign-on needed',
    cure: 'an organization asks for a session of its SAML single sign-on: the customer signs in there and tries again (https://docs.github.com/en/apps/using-github-apps/saml-and-github-apps)',
  },
  address: {
    code: 'ownership_misconfigured',
    reason: 'address not allowed',
    cure: 'the customer’s organization has an IP allow list: its owner has to add the address that this server calls GitHub from',
  },
  too_many: {
    code: 'ownership_unavailable',
    reason: 'list too long',
    cure: `GitHub lists more than ${MAX_ENTRIES} entries, and no more are read: let identify() say the expectedAccount, or prove ownership with a function of your own`,
  },
} as const satisfies Record<string, Judgement>

/** @see https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors */
const BY_OAUTH_ERROR: Readonly<Record<string, Judgement>> = {
  incorrect_client_credentials: CLIENT,
  redirect_uri_mismatch: {
    code: 'ownership_misconfigured',
    reason: 'redirect URL not registered',
    cure: 'the App’s settings on GitHub must list ${PUBLIC_URL}/return as a callback URL, exactly',
  },
  application_suspended: {
    code: 'ownership_misconfigured',
    reason: 'App suspended',
    cure: 'GitHub suspended the App of GITHUB_CLIENT_ID: talk to GitHub',
  },
}

const CODE_REFUSED: Judgement = {
  code: 'ownership_unavailable',
  reason: CODE_NOT_ACCEPTED,
  cure: 'the customer’s code was used up, too old, or of another App; the customer can try again. If it happens to everybody, check that GITHUB_CLIENT_ID is the App whose authorize page is shown',
}

const APP: Judgement = {
  code: 'ownership_misconfigured',
  reason: 'App credentials not accepted',
  cure: 'GitHub does not accept the App’s own credentials: check GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, both of the same App, and this server’s clock',
}

const TOKEN: Judgement = {
  code: 'ownership_unavailable',
  reason: 'fresh user token not accepted',
  cure: 'the customer may have revoked it; if it happens to everybody, check that GITHUB_API_URL is the REST API that belongs to GITHUB_URL',
}

/** @see https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps */
const PERMISSION: Judgement = {
  code: 'ownership_misconfigured',
  reason: 'App lacks a permission',
  cure: 'the App of GITHUB_CLIENT_ID needs the organization permission “Members: read”, and with OWNERSHIP=partner-app also “Administration: read”; it has to be installed on the organization, and an owner has to have accepted its latest permissions',
}

const WRONG_API: Judgement = {
  code: 'ownership_misconfigured',
  reason: 'API not found',
  cure: 'GitHub has no such address: check that GITHUB_API_URL is the REST API, e.g. https://api.github.com or https://HOST/api/v3',
}

const UNKNOWN: Judgement = {
  code: 'ownership_unavailable',
  reason: 'refused by GitHub',
  cure: 'GitHub refused for a reason this version does not know: see the status in the log',
}

export function judgeGitHubError(error: GitHubError): OwnershipVerdict {
  return { verdict: 'failed', ...findJudgement(error), cause: error }
}

function findJudgement(error: GitHubError): Judgement {
  if (error.failure === 'oauth') return BY_OAUTH_ERROR[error.code ?? ''] ?? CODE_REFUSED
  if (error.failure !== 'status') return BY_FAILURE[error.failure]
  const { status = 0, call } = error
  if (status >= 500) return BY_FAILURE.network
  if (call === 'exchange') return [401, 403, 404].includes(status) ? CLIENT : UNKNOWN
  if (call === 'installation') return status === 401 || status === 403 ? APP : UNKNOWN
  if (status === 401) return TOKEN
  if (status === 403 || call === 'organization_installations') return PERMISSION
  return status === 404 ? WRONG_API : UNKNOWN
}
