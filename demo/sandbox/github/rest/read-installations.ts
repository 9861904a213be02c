// Installations through REST: those a person can reach, those of an organization, and an App's own.

import { APP_NAMES } from '../../options.ts'
import { answerOk, RestError, type AppCall, type RestAnswer, type UserCall } from './answers.ts'
import { paginate } from './paging.ts'
import { toWireApp, toWireInstallation } from './wire-installations.ts'

/**
 * Those of the token's App, on accounts whose repositories the person can at least read: a plain member is enough
 * (https://docs.github.com/en/rest/apps/installations#list-app-installations-accessible-to-the-user-access-token).
 */
export function listUserInstallations(call: UserCall): RestAnswer {
  const { world, githubUrl, app, person } = call
  const installations = world.installationsOf[app]
    .list()
    .filter(({ account }) => world.directory.findRole(person, account.login) !== undefined)
  const { items, headers } = paginate(call, installations)
  return answerOk(
    {
      total_count: installations.length,
      installations: items.map((one) => toWireInstallation({ ...world, githubUrl }, app, one)),
    },
    headers,
  )
}

/**
 * Those of all Apps, for owners (https://docs.github.com/en/rest/orgs/orgs#list-app-installations-for-an-organization).
 * Unverified: the page names no answer for anybody else. Strangers get what they get for an organization that does not exist.
 */
export function listOrganizationInstallations(call: UserCall): RestAnswer {
  const { world, githubUrl, app, person, pathParameters } = call
  const docsPath = '/orgs/orgs#list-app-installations-for-an-organization'
  const account = world.directory.findAccount(pathParameters[0] ?? '')
  const role = account && world.directory.findRole(person, account.login)
  if (account?.type !== 'Organization' || role === undefined) {
    throw new RestError(404, 'Not Found', { docsPath })
  }
  if (!world.appPermissions.isGiven(app, account.accountId)) {
    throw new RestError(403, 'Resource not accessible by integration', { docsPath })
  }
  if (role !== 'owner') {
    throw new RestError(403, 'You must be an organization owner to list its installations.', { docsPath })
  }
  const installations = APP_NAMES.flatMap((name) => {
    const installation = world.installationsOf[name].findByAccount(account.login)
    return installation ? [{ name, installation }] : []
  })
  const { items, headers } = paginate(call, installations)
  return answerOk(
    {
      total_count: installations.length,
      installations: items.map(({ name, installation }) =>
        toWireInstallation({ ...world, githubUrl }, name, installation),
      ),
    },
    headers,
  )
}

export function readApp({ world, githubUrl, app }: AppCall): RestAnswer {
  return answerOk(toWireApp({ ...world, githubUrl }, app))
}

/** Whoever installed it: an App sees all of its installations, which is why existence proves nothing. */
export function readAppInstallation({ world, githubUrl, app, pathParameters }: AppCall): RestAnswer {
  const text = pathParameters[0] ?? ''
  const installation = /^\d{1,15}$/.test(text) ? world.installationsOf[app].findById(Number(text)) : undefined
  if (!installation) {
    throw new RestError(404, 'Not Found', {
      docsPath: '/apps/apps#get-an-installation-for-the-authenticated-app',
    })
  }
  return answerOk(toWireInstallation({ ...world, githubUrl }, app, installation))
}
