// Brightline's own web server: signs people in, serves the web app, and tells it who is there.
import { Router } from '@koa/router'
import Koa, { type Middleware } from 'koa'
import { findPerson, type Person } from '../people.ts'
import { findForm } from './read-form.ts'
import { requireSameOrigin } from './same-origin.ts'
import { createSecurityHeaders } from './security-headers.ts'
import type { Sessions } from './sessions.ts'
import type { WebFiles } from './web-files.ts'

export interface HostOptions {
  /** Origin of the host, e.g. `http://localhost:4000`. */
  readonly hostUrl: string
  readonly sessions: Sessions
  readonly webFiles: WebFiles
  /** The BFF's Koa middleware, mounted before everything of the host, because it brings headers of its own; none with `bffOrigin`. */
  readonly connectGitHub?: Middleware
  /** Origin of a BFF that is not mounted here; the page may call it. */
  readonly bffOrigin?: string
  /** Where the page finds the BFF: a path, or a URL with `bffOrigin`. */
  readonly bffBaseURL: string
  /** Signs a connect token for somebody; left out when the BFF reads the session itself. */
  readonly signToken?: (person: Person) => Promise<string>
  /** Links to the stand-ins for Layers and GitHub, shown in the footer. */
  readonly sandboxLinks: { readonly controlUrl: string; readonly githubPageUrl: string }
}

export function createHostApp(options: HostOptions): Koa {
  const app = new Koa()
  if (options.connectGitHub) app.use(options.connectGitHub)
  app.use(createSecurityHeaders(options.bffOrigin))
  app.use(requireSameOrigin(options.hostUrl))
  app.use(createRouter(options).routes())
  return app
}

const CONNECT_TOKEN_PATH = '/api/connect-token'

function createRouter({ sessions, webFiles, sandboxLinks, bffBaseURL, signToken }: HostOptions): Router {
  const router = new Router()

  router.get('/login', (context) => {
    if (sessions.findPerson(context.req) !== undefined) return context.redirect('/')
    showPage(context)
  })

  router.post('/login', async (context) => {
    const form = await findForm(context.req)
    const person = findPerson(form?.get('person') ?? '')
    if (person === undefined) {
      context.status = 422
      context.body = 'Nobody of that name works here. Go back and pick one of the people shown.'
      return
    }
    context.set('Set-Cookie', sessions.open(context.req, person))
    seeOther(context, '/')
  })

  router.post('/logout', (context) => {
    context.set('Set-Cookie', sessions.close(context.req))
    seeOther(context, '/login')
  })

  router.get(['/', '/integrations'], (context) => {
    if (sessions.findPerson(context.req) === undefined) return context.redirect('/login')
    showPage(context)
  })

  router.get('/api/session', (context) => {
    const person = sessions.findPerson(context.req)
    if (person === undefined) return refuseNobody(context)
    context.body = {
      personId: person.id,
      connectGitHub: { baseURL: bffBaseURL, tokenPath: signToken ? CONNECT_TOKEN_PATH : null },
      sandbox: sandboxLinks,
    }
  })

  if (signToken) {
    // The person and the role are read anew each time: a token must not outlive either by more than its own minutes.
    router.get(CONNECT_TOKEN_PATH, async (context) => {
      const person = sessions.findPerson(context.req)
      if (person === undefined) return refuseNobody(context)
      context.body = { token: await signToken(person) }
    })
  }

  router.get('/assets/:name', (context) => {
    const file = webFiles.findAsset(context.path)
    if (file === undefined) return
    // The file name contains a hash of the content.
    context.set('Cache-Control', 'public, max-age=31536000, immutable')
    context.type = file.contentType
    context.body = file.body
  })

  function showPage(context: Koa.Context): void {
    context.type = webFiles.page.contentType
    context.body = webFiles.page.body
  }

  return router
}

function refuseNobody(context: Koa.Context): void {
  context.status = 401
  context.body = { error: 'Nobody is signed in.' }
}

// 303 makes the browser follow with GET after a form: https://www.rfc-editor.org/rfc/rfc9110#name-303-see-other
function seeOther(context: Koa.Context, path: string): void {
  context.redirect(path)
  context.status = 303
}
