// What one person may see on GitHub: a token for the time of one proof, revoked at its end whatever came of it.
import { OAuthApp } from '@octokit/oauth-app'
import type { Octokit } from '@octokit/core'
import type { z } from 'zod'
import type { Log } from '../log.ts'
import { Secret } from '../secret.ts'
import { GitHubError, toGitHubError, type GitHubCall } from './github-error.ts'
import type { GitHubTransport } from './github-fetch.ts'
import { defineOctokit, type GitHubHosts } from './github-octokit.ts'
import type { OwnershipClaim } from './ownership.ts'

export interface OAuthClient {
  readonly clientId: string
  readonly clientSecret: Secret
}

/** Everything a proof needs to talk to GitHub. */
export interface GitHubAccess {
  readonly hosts: GitHubHosts
  readonly transport: GitHubTransport
  readonly client: OAuthClient
  readonly log: Pick<Log, 'warn'>
  /** Longest that may pass before the code is exchanged. */
  readonly lookupTimeoutMs: number
  /** Longest the exchange of the code may take; it is not cut short, because a token nobody received cannot be revoked. */
  readonly exchangeTimeoutMs: number
  readonly revocationTimeoutMs: number
}

export interface GitHubRequest<Answer> {
  readonly call: GitHubCall
  /** E.g. `GET /user/memberships/orgs/{org}`. */
  readonly route: string
  readonly parameters?: Readonly<Record<string, string | number>>
  readonly answer: z.ZodType<Answer>
}

interface GitHubAnswer<Answer> {
  readonly data: Answer
  readonly hasNextPage: boolean
  /** GitHub left out organizations that want a session of their single sign-on first. */
  readonly isPartial: boolean
}

/** Throws {@link GitHubError} and nothing else. */
export type AskGitHub = <Answer>(request: GitHubRequest<Answer>) => Promise<GitHubAnswer<Answer>>

/** @throws GitHubError when the code or the person's token does not work, and what `check` throws. */
export async function asUser<Result>(
  access: GitHubAccess,
  claim: OwnershipClaim & { readonly code: string },
  signal: AbortSignal,
  check: (ask: AskGitHub) => Promise<Result>,
): Promise<Result> {
  if (signal.aborted) throw new GitHubError('timeout', { call: 'exchange' })
  const tokens: Secret[] = []
  try {
    await exchangeCode(access, claim, (token) => tokens.push(new Secret(token)))
    const [token] = tokens
    if (token === undefined) throw new GitHubError('shape', { call: 'exchange' })
    if (signal.aborted) throw new GitHubError('timeout', { call: 'exchange' })
    const Class = defineOctokit({ ...access, signal })
    return await check(askWith(token.reveal((value) => new Class({ auth: value }))))
  } finally {
    for (const token of tokens) await revoke(access, token)
  }
}

async function exchangeCode(
  access: GitHubAccess,
  claim: OwnershipClaim & { readonly code: string },
  onToken: (token: string) => void,
): Promise<void> {
  const oauth = createOAuthApp(access, access.exchangeTimeoutMs, {
    codeVerifier: claim.codeVerifier,
    onToken,
  })
  try {
    await oauth.createToken({
      code: claim.code,
      ...(claim.redirectUrl === null ? {} : { redirectUrl: claim.redirectUrl }),
    })
  } catch (error) {
    throw toGitHubError(error, 'exchange')
  }
}

/** The verdict stands without it: the token lives for hours at most and nobody has it any more. */
async function revoke(access: GitHubAccess, token: Secret): Promise<void> {
  const oauth = createOAuthApp(access, access.revocationTimeoutMs)
  try {
    await token.reveal((value) => oauth.deleteToken({ token: value }))
  } catch (error) {
    access.log.warn('ownership_revocation_failed', { error: toGitHubError(error, 'revoke') })
  }
}

function createOAuthApp(
  { hosts, transport, client }: GitHubAccess,
  timeoutMs: number,
  exchange?: { readonly codeVerifier: string | null; readonly onToken: (token: string) => void },
): OAuthApp<{ clientType: 'github-app'; Octokit: typeof Octokit }> {
  const signal = AbortSignal.timeout(timeoutMs)
  return client.clientSecret.reveal(
    (clientSecret) =>
      new OAuthApp({
        clientType: 'github-app',
        clientId: client.clientId,
        clientSecret,
        Octokit: defineOctokit({ hosts, transport, signal, ...(exchange === undefined ? {} : { exchange }) }),
      }),
  )
}

/** Asks with an Octokit that somebody else gave its credentials. */
export function askWith(octokit: Octokit): AskGitHub {
  return async ({ call, route, parameters, answer }) => {
    try {
      const { headers, data } = await octokit.request(route, parameters ?? {})
      return {
        data: answer.parse(data),
        hasNextPage: /\brel="next"/.test(headers.link ?? ''),
        // https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#authenticating-with-saml-sso
        isPartial: /^partial-results\b/.test(String(headers['x-github-sso'] ?? '')),
      }
    } catch (error) {
      throw toGitHubError(error, call)
    }
  }
}
