// The routes of GitHub's REST API that the sandbox has, and who may call each.

import type { GithubRouteName } from '../../faults.ts'
import type { AppCall, RestAnswer, RestCall, UserCall } from './answers.ts'
import { authenticateApp, authenticateClient, authenticateUser } from './authenticate.ts'
import {
  listOrganizationInstallations,
  listUserInstallations,
  readApp,
  readAppInstallation,
} from './read-installations.ts'
import { listMemberships, readMembership, readUser } from './read-user.ts'
import { revokeToken } from './revoke-token.ts'

/** As on GitHub Enterprise Server; github.com has a host of its own for it. */
export const API_PREFIX = '/api/v3'

interface RestRoute {
  readonly name: GithubRouteName
  readonly method: 'GET' | 'DELETE'
  /** Below the prefix; `{}` stands for one segment. */
  readonly path: string
  readonly handle: (call: RestCall) => Promise<RestAnswer>
}

const ROUTES: readonly RestRoute[] = [
  { name: 'github_user', method: 'GET', path: '/user', handle: asUser(readUser) },
  {
    name: 'github_user_installations',
    method: 'GET',
    path: '/user/installations',
    handle: asUser(listUserInstallations),
  },
  {
    name: 'github_memberships',
    method: 'GET',
    path: '/user/memberships/orgs',
    handle: asUser(listMemberships),
  },
  {
    name: 'github_membership',
    method: 'GET',
    path: '/user/memberships/orgs/{}',
    handle: asUser(readMembership),
  },
  {
    name: 'github_organization_installations',
    method: 'GET',
    path: '/orgs/{}/installations',
    handle: asUser(listOrganizationInstallations),
  },
  { name: 'github_app', method: 'GET', path: '/app', handle: asApp(readApp) },
  {
    name: 'github_app_installation',
    method: 'GET',
    path: '/app/installations/{}',
    handle: asApp(readAppInstallation),
  },
  {
    name: 'github_revoke_token',
    method: 'DELETE',
    path: '/applications/{}/token',
    handle: asClient(revokeToken),
  },
]

export interface FoundRoute {
  readonly route: RestRoute
  readonly pathParameters: readonly string[]
}

/** `path` includes the prefix. Undefined also for a wrong method, which GitHub answers with 404 as well. */
export function findRestRoute(method: string, path: string): FoundRoute | undefined {
  const segments = path.slice(API_PREFIX.length).split('/')
  for (const route of ROUTES) {
    const wanted = route.path.split('/')
    const fits =
      route.method === method &&
      wanted.length === segments.length &&
      wanted.every((text, index) => text === segments[index] || (text === '{}' && segments[index] !== ''))
    if (!fits) continue
    return { route, pathParameters: segments.filter((_text, index) => wanted[index] === '{}').map(decode) }
  }
  return undefined
}

/** Malformed escapes stay as they are: they name nothing. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

function asUser(handle: (call: UserCall) => RestAnswer): RestRoute['handle'] {
  return async (call) => {
    const { app, person } = authenticateUser(call)
    return handle({ ...call, app, person })
  }
}

function asApp(handle: (call: AppCall) => RestAnswer): RestRoute['handle'] {
  return async (call) => handle({ ...call, app: await authenticateApp(call) })
}

function asClient(handle: (call: AppCall) => RestAnswer): RestRoute['handle'] {
  return async (call) => handle({ ...call, app: authenticateClient(call) })
}
