// GET /v1/github/installation/install-url (https://developers.layers.com/docs/api/reference/github/install-url).

import type { Answer, Call } from './answer.ts'
import { createValidationError } from './errors.ts'
import { parseReturnUrl } from './return-url.ts'
import { parseStrictQuery } from './strict-query.ts'

/** Unverified: no page limits a state. Visible ASCII, as it has to survive being a query parameter. */
const STATE = /^[\x21-\x7e]{1,512}$/

export function getInstallUrl(call: Call): Answer {
  const { world, key, organization } = call
  const readQuery = parseStrictQuery(call.query, ['returnUrl', 'state'])
  const state = readQuery('state')
  if (state !== null && !STATE.test(state)) {
    throw createValidationError('state is not valid.', [
      { path: ['state'], code: 'invalid_value', message: 'state must be 1 to 512 visible ASCII characters.' },
    ])
  }
  const returnUrl = parseReturnUrl(readQuery('returnUrl'), {
    allowedReturnDomains: key.allowedReturnDomains,
    allowLoopbackHttp: world.allowLoopbackHttpReturnUrls,
  })
  const issued = world.states.issue({
    key: key.key,
    organizationId: organization.id,
    returnUrl,
    state,
  })
  const authUrl =
    `${call.githubUrl}/apps/${encodeURIComponent(world.apps.connector.slug)}/installations/new` +
    `?state=${encodeURIComponent(issued.state)}&redirect_uri=${encodeURIComponent(returnUrl)}`
  return {
    status: 200,
    headers: {},
    body: {
      authUrl,
      installUrl: authUrl,
      state: issued.state,
      expiresAt: new Date(issued.expiresAt).toISOString(),
    },
  }
}
