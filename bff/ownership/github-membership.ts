// Asks whether a person owns an organization; members who may merely read do not.
import { membershipAnswer, type MembershipAnswer } from './github-answers.ts'
import { GitHubError } from './github-error.ts'
import type { AskGitHub } from './github-user.ts'

/** Undefined when the person has nothing to do with the organization. `login` is a name, not a path. */
export async function findMembership(ask: AskGitHub, login: string): Promise<MembershipAnswer | undefined> {
  try {
    const { data } = await ask({
      call: 'membership',
      route: 'GET /user/memberships/orgs/{org}',
      parameters: { org: login },
      answer: membershipAnswer,
    })
    return data
  } catch (error) {
    if (error instanceof GitHubError && error.failure === 'status' && error.status === 404) return undefined
    throw error
  }
}

/** GitHub calls an owner `admin`; an invitation that was not accepted yet is `pending`. */
export function isOwnerOf(membership: MembershipAnswer): boolean {
  return membership.role === 'admin' && membership.state === 'active'
}
