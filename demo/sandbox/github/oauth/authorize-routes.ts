// GET and POST /login/oauth/authorize: the authorize page over HTTP, and the redirect with a code or an error.

import type { Router } from '@koa/router'
import type Koa from 'koa'
import type { AppName } from '../../options.ts'
import { readBody } from '../../request-body.ts'
import type { World } from '../../world.ts'
import { readPerson, sendMessage, sendPage, sendRedirect } from '../send-page.ts'
import { renderAuthorizePage } from './authorize-page.ts'

const AUTHORIZE_PATH = '/login/oauth/authorize'

const DOCS = 'https://docs.github.com/apps/managing-oauth-apps/troubleshooting-authorization-request-errors'

interface AuthorizeRequest {
  readonly app: AppName
  readonly redirectUrl: string
  readonly state: string | null
  readonly codeChallenge: string | null
}

export function addAuthorizeRoutes(router: Router, getWorld: () => World): void {
  router.get(AUTHORIZE_PATH, (ctx) => {
    const request = checkRequest(ctx)
    if (!request) return
    const { app, redirectUrl } = request
    const page = { app: getWorld().apps[app], person: readPerson(ctx), here: ctx.url, redirectUrl }
    sendPage(ctx, 200, renderAuthorizePage(page))
  })

  router.post(AUTHORIZE_PATH, async (ctx) => {
    const request = checkRequest(ctx)
    if (!request) return
    const action = new URLSearchParams((await readBody(ctx.req)) ?? '').get('action')
    if (action !== 'authorize') {
      return sendError(ctx, request, 'access_denied', 'The user has denied your application access.')
    }
    const code = getWorld().grants.issueCode({ ...request, person: readPerson(ctx) })
    return sendBack(ctx, request, { code })
  })

  /** A request that may lead back; otherwise a page says what is wrong, or the redirect does, and nothing is returned. */
  function checkRequest(ctx: Koa.Context): AuthorizeRequest | undefined {
    const { apps } = getWorld()
    const query = new URLSearchParams(ctx.querystring)
    const app = apps.findByClientId(query.get('client_id') ?? '')
    if (app === undefined) return sendMessage(ctx, 404, 'Not found', ['There is no App with this client_id.'])
    const { callbackUrls } = apps[app]
    const redirectUrl = query.get('redirect_uri') ?? callbackUrls[0]
    // Leading anywhere else would make the sandbox an open redirector.
    if (redirectUrl === undefined || !callbackUrls.includes(redirectUrl)) {
      return sendMessage(ctx, 400, 'Be careful!', [
        'The redirect_uri is not associated with this application (redirect_uri_mismatch).',
        'The application might be misconfigured, or somebody is trying to lead you astray.',
      ])
    }
    const codeChallenge = query.get('code_challenge')
    const request: AuthorizeRequest = { app, redirectUrl, state: query.get('state'), codeChallenge }
    const method = query.get('code_challenge_method')
    // GitHub knows no other method; what it answers to one is unverified, so RFC 7636 §4.4.1 decides.
    if ((codeChallenge === null) !== (method === null) || (method !== null && method !== 'S256')) {
      return sendError(ctx, request, 'invalid_request', 'The code_challenge_method must be S256.')
    }
    return request
  }
}

function sendError(
  ctx: Koa.Context,
  request: AuthorizeRequest,
  error: string,
  description: string,
): undefined {
  const anchor = error.replaceAll('_', '-')
  sendBack(ctx, request, { error, error_description: description, error_uri: `${DOCS}/#${anchor}` })
}

function sendBack(
  ctx: Koa.Context,
  { redirectUrl, state }: AuthorizeRequest,
  parameters: Readonly<Record<string, string>>,
): void {
  const url = new URL(redirectUrl)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  if (state !== null) url.searchParams.set('state', state)
  sendRedirect(ctx, 302, url.href)
}
