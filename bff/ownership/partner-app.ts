// Proof with another App of the partner's, which signs the customer in: an owner of an organization may see every App installed there.
import type { OwnershipConfig } from '../config-ownership.ts'
import {
  installationsAnswer,
  membershipsAnswer,
  userAnswer,
  type MembershipAnswer,
} from './github-answers.ts'
import { GitHubError } from './github-error.ts'
import { findMembership, isOwnerOf } from './github-membership.ts'
import { readPages } from './github-pages.ts'
import { asUser, type AskGitHub, type GitHubAccess } from './github-user.ts'
import type { OwnershipClaim, OwnershipVerdict } from './ownership.ts'
import { accept, isSameLogin, refuse } from './verdicts.ts'

type PartnerApp = Extract<OwnershipConfig, { kind: 'partner-app' }>
type Organization = MembershipAnswer['organization']

/** Most organizations of one person that are looked into: each costs a call, and all of them share the proof's time. */
const MAX_ORGANIZATIONS = 50

/** @throws GitHubError for what GitHub did not answer. */
export async function proveWithPartnerApp(
  app: PartnerApp,
  access: GitHubAccess,
  claim: OwnershipClaim,
  signal: AbortSignal,
): Promise<OwnershipVerdict> {
  const { code, expectedAccount } = claim
  if (code === null) return refuse('no code came back from GitHub')
  return asUser(access, { ...claim, code }, signal, async (ask) => {
    if (expectedAccount === null) return searchOrganizations(ask, app, claim, await listOwned(ask))
    const { data: person } = await ask({ call: 'user', route: 'GET /user', answer: userAnswer })
    // GitHub shows nobody else's App on a personal account, so the id stays unproved: Layers has to name this very account for it.
    if (isSameLogin(person.login, expectedAccount)) return accept(person.login)
    const membership = await findMembership(ask, expectedAccount)
    if (membership === undefined || !isOwnerOf(membership))
      return refuse('not an owner of the expected account')
    return searchOrganizations(ask, app, claim, { organizations: [membership.organization] })
  })
}

interface Owned {
  readonly organizations: readonly Organization[]
  /** Why these may not be all. */
  readonly closed?: GitHubError
}

async function listOwned(ask: AskGitHub): Promise<Owned> {
  const request = {
    call: 'memberships',
    route: 'GET /user/memberships/orgs',
    parameters: { state: 'active' },
    answer: membershipsAnswer,
  } as const
  const organizations: Organization[] = []
  try {
    for await (const membership of readPages(ask, request)) {
      if (isOwnerOf(membership)) organizations.push(membership.organization)
    }
  } catch (error) {
    if (error instanceof GitHubError && error.failure === 'sign_on') return { organizations, closed: error }
    throw error
  }
  return { organizations }
}

/** An organization that cannot be looked into matters only when the others have not settled it. */
async function searchOrganizations(
  ask: AskGitHub,
  app: PartnerApp,
  claim: OwnershipClaim,
  owned: Owned,
): Promise<OwnershipVerdict> {
  const { organizations } = owned
  let { closed } = owned
  for (const organization of organizations.slice(0, MAX_ORGANIZATIONS)) {
    try {
      if (await isInstalled(ask, app, claim.installationId, organization)) return accept(null)
    } catch (error) {
      if (!(error instanceof GitHubError && isClosed(error))) throw error
      // What the customer can open by signing in comes before what the partner has to mend.
      if (closed === undefined || error.failure === 'sign_on') closed = error
    }
  }
  if (closed !== undefined) throw closed
  if (organizations.length > MAX_ORGANIZATIONS)
    throw new GitHubError('too_many', { call: 'organization_installations' })
  return refuse('not installed on an organization the person owns')
}

/**
 * Without the App, its permission, a session of the single sign-on or an address that the organization allows, GitHub refuses to look,
 * or denies that there is anything.
 */
function isClosed({ failure, status }: GitHubError): boolean {
  if (failure === 'status') return status === 403 || status === 404
  return failure === 'sign_on' || failure === 'address'
}

async function isInstalled(
  ask: AskGitHub,
  app: PartnerApp,
  installationId: number,
  organization: Organization,
): Promise<boolean> {
  const request = {
    call: 'organization_installations',
    route: 'GET /orgs/{org}/installations',
    parameters: { org: organization.login },
    answer: installationsAnswer,
  } as const
  for await (const installation of readPages(ask, request)) {
    if (installation.installationId !== installationId) continue
    return installation.appSlug === app.installedAppSlug && installation.account?.id === organization.id
  }
  return false
}
