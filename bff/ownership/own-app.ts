// Proof with the installed App's own credentials: the App says whose installation it is, the person's token that it is theirs.
// The id in GitHub's redirect proves nothing (https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/about-the-setup-url).
import { App } from '@octokit/app'
import type { OwnershipConfig } from '../config-ownership.ts'
import { installationAnswer, installationsAnswer, userAnswer, type AccountAnswer } from './github-answers.ts'
import { GitHubError } from './github-error.ts'
import { findMembership, isOwnerOf } from './github-membership.ts'
import { defineOctokit, SILENT_LOG } from './github-octokit.ts'
import { readPages } from './github-pages.ts'
import { askWith, asUser, type AskGitHub, type GitHubAccess } from './github-user.ts'
import type { OwnershipClaim, OwnershipVerdict } from './ownership.ts'
import { accept, isSameLogin, refuse } from './verdicts.ts'

type OwnApp = Extract<OwnershipConfig, { kind: 'own-app' }>
type Account = NonNullable<AccountAnswer>

/** @throws GitHubError for what GitHub did not answer. */
export async function proveWithOwnApp(
  app: OwnApp,
  access: GitHubAccess,
  claim: OwnershipClaim,
  signal: AbortSignal,
): Promise<OwnershipVerdict> {
  const { code, expectedAccount } = claim
  const found = await findInstallation(askAsApp(app, access, signal), claim.installationId)
  if (found === undefined)
    return refuse('no installation of this App', {
      cure: 'when it happens to everybody, GITHUB_APP_ID is not the App behind Layers’ install URL',
    })
  const { account } = found
  if (account === null) return refuse('not installed on an organization or a person')
  const type = account.type
  if (type !== 'Organization' && type !== 'User')
    return refuse('not installed on an organization or a person')
  if (expectedAccount !== null && !isSameLogin(account.login, expectedAccount))
    return refuse('installed on another account than expected', { code: 'account_mismatch' })
  if (code === null) return refuse('no code came back from GitHub')
  return asUser(access, { ...claim, code }, signal, async (ask) => {
    // Before the list, which leaves the organization out when the person has no session of its single sign-on: asked for this very
    // organization, GitHub says so.
    const owns = type === 'User' ? await isSelf(ask, account) : await isOwner(ask, account)
    if (!owns) return refuse('not an owner of the account')
    const isListed = await isAmongUsers(ask, app.appId, claim.installationId)
    return isListed ? accept(null) : refuse('not among the person’s installations')
  })
}

function askAsApp(app: OwnApp, access: GitHubAccess, until: AbortSignal): AskGitHub {
  // What comes later needs its time: a token that is not received in time cannot be revoked.
  const signal = AbortSignal.any([until, AbortSignal.timeout(access.lookupTimeoutMs)])
  const { octokit } = app.privateKey.reveal(
    (privateKey) =>
      new App({
        appId: app.appId,
        privateKey,
        Octokit: defineOctokit({ ...access, signal }),
        log: SILENT_LOG,
      }),
  )
  return askWith(octokit)
}

async function findInstallation(
  ask: AskGitHub,
  installationId: number,
): Promise<{ readonly account: AccountAnswer } | undefined> {
  try {
    const { data } = await ask({
      call: 'installation',
      route: 'GET /app/installations/{installation_id}',
      parameters: { installation_id: installationId },
      answer: installationAnswer,
    })
    if (data.installationId !== installationId) throw new GitHubError('shape', { call: 'installation' })
    return data
  } catch (error) {
    if (error instanceof GitHubError && error.failure === 'status' && error.status === 404) return undefined
    throw error
  }
}

/** Necessary, not enough: GitHub lists what the person may merely read, too. */
async function isAmongUsers(ask: AskGitHub, appId: number, installationId: number): Promise<boolean> {
  const request = {
    call: 'user_installations',
    route: 'GET /user/installations',
    answer: installationsAnswer,
  } as const
  for await (const installation of readPages(ask, request)) {
    if (installation.installationId === installationId) return installation.appId === appId
  }
  return false
}

async function isSelf(ask: AskGitHub, account: Account): Promise<boolean> {
  const { data } = await ask({ call: 'user', route: 'GET /user', answer: userAnswer })
  return data.id === account.id
}

/** The organization's id counts: a name can change hands between two calls. */
async function isOwner(ask: AskGitHub, account: Account): Promise<boolean> {
  const membership = await findMembership(ask, account.login)
  return membership !== undefined && isOwnerOf(membership) && membership.organization.id === account.id
}
