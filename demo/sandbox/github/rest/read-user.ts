// GET /user and the organizations of the person (https://docs.github.com/en/rest/users/users, https://docs.github.com/en/rest/orgs/members).

import { getUser } from '../catalogue.ts'
import { MEMBERSHIP_STATES, type Membership } from '../directory.ts'
import { answerOk, RestError, type RestAnswer, type UserCall } from './answers.ts'
import { paginate } from './paging.ts'
import { toWireAccount, toWireOrganization, toWireUser } from './wire-accounts.ts'

const DOCS_PATH = '/orgs/members'

export function readUser({ githubUrl, person }: UserCall): RestAnswer {
  return answerOk(toWireUser(githubUrl, getUser(person)))
}

export function listMemberships(call: UserCall): RestAnswer {
  const { world, person, query } = call
  const wanted = query.get('state')
  if (wanted !== null && !MEMBERSHIP_STATES.some((state) => state === wanted)) {
    throw new RestError(422, 'Validation Failed', {
      docsPath: `${DOCS_PATH}#list-organization-memberships-for-the-authenticated-user`,
      details: { errors: [{ resource: 'Membership', field: 'state', code: 'invalid' }] },
    })
  }
  const memberships = world.directory
    .listMemberships(person)
    .filter(({ state }) => wanted === null || state === wanted)
  const { items, headers } = paginate(call, memberships)
  return answerOk(
    items.map((membership) => toWireMembership(call, membership)),
    headers,
  )
}

/** Pending ones too; whoever is not invited gets the same answer as for an organization that does not exist. */
export function readMembership(call: UserCall): RestAnswer {
  const { world, person, pathParameters } = call
  const accountId = world.directory.findAccount(pathParameters[0] ?? '')?.accountId
  const membership = world.directory.listMemberships(person).find((one) => one.accountId === accountId)
  if (!membership) {
    throw new RestError(404, 'Not Found', {
      docsPath: `${DOCS_PATH}#get-an-organization-membership-for-the-authenticated-user`,
    })
  }
  return answerOk(toWireMembership(call, membership))
}

/** The schema `org-membership`. GitHub calls an owner an admin. */
function toWireMembership(call: UserCall, { accountId, role, state, person }: Membership): object {
  const { world, githubUrl } = call
  const account = world.directory.getAccountById(accountId)
  const organizationUrl = `${githubUrl}/api/v3/orgs/${account.login}`
  return {
    url: `${organizationUrl}/memberships/${person}`,
    state,
    role: role === 'owner' ? 'admin' : 'member',
    organization_url: organizationUrl,
    user: toWireAccount(githubUrl, getUser(person), 'User'),
    organization: toWireOrganization(githubUrl, account),
    direct_membership: true,
    enterprise_teams_providing_indirect_membership: [],
  }
}
