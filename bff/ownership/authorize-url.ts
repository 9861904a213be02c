// GitHub's page on which the customer confirms who they are.
import type { OwnershipProver } from './ownership.ts'

type AuthorizeRequest = Parameters<NonNullable<OwnershipProver['authorization']>['createUrl']>[0]

/** @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app */
export function createAuthorizeUrl(
  githubOrigin: string,
  clientId: string,
  { state, redirectUrl, codeChallenge }: AuthorizeRequest,
): string {
  const url = new URL('/login/oauth/authorize', githubOrigin)
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUrl,
    state,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    // An account made just now owns nothing that could be connected.
    allow_signup: 'false',
    // People have more than one account, and the wrong one proves nothing
    // (https://github.blog/changelog/2024-06-07-account-picker-updates-for-oauth-and-github-app-sign-in/).
    prompt: 'select_account',
  }).toString()
  return url.href
}
