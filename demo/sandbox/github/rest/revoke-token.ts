// DELETE /applications/{client_id}/token (https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-token).

import { RestError, type AppCall, type RestAnswer } from './answers.ts'

const DOCS_PATH = '/apps/oauth-applications#delete-an-app-token'

export function revokeToken({ world, app, bodyText }: AppCall): RestAnswer {
  const token = readAccessToken(bodyText)
  if (token === null) {
    throw new RestError(422, 'Validation Failed', {
      docsPath: DOCS_PATH,
      details: { errors: [{ resource: 'OauthAccess', field: 'access_token', code: 'missing_field' }] },
    })
  }
  // Unverified: what a token that does not work any more gets. 404 is what the same page says of checking one.
  if (!world.grants.revoke(app, token)) throw new RestError(404, 'Not Found', { docsPath: DOCS_PATH })
  return { status: 204, headers: {}, body: null }
}

function readAccessToken(bodyText: string): string | null {
  try {
    const body: unknown = JSON.parse(bodyText)
    if (typeof body !== 'object' || body === null || !('access_token' in body)) return null
    return typeof body.access_token === 'string' && body.access_token !== '' ? body.access_token : null
  } catch {
    return null
  }
}
