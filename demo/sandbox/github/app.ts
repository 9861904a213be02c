// The GitHub origin over HTTP: API, front page, install, authorize and settings pages, person switch, and its assets.

import { Router } from '@koa/router'
import Koa from 'koa'
import { createStateText } from '../random-text.ts'
import { readBody } from '../request-body.ts'
import type { World } from '../world.ts'
import { createPicturePath, drawPicture, PICTURE_PATH } from './account-picture.ts'
import { createAppName } from './app-name.ts'
import { renderHomePage } from './home-page.ts'
import { addAuthorizeRoutes } from './oauth/authorize-routes.ts'
import { renderInstallPage } from './install-page.ts'
import { RETURN_TWICE_SCRIPT_PATH, STYLESHEET_PATH, SWITCH_PERSON_PATH } from './page-frame.ts'
import { HOME_PATH, INSTALL_PATH, isPagePath } from './page-paths.ts'
import { GITHUB_STYLES } from './page-styles.ts'
import { createRestApp } from './rest/app.ts'
import { createReturnsAgain } from './return-again.ts'
import { createReturn, findDestination } from './return-redirect.ts'
import { RETURN_TWICE_PATH, RETURN_TWICE_SCRIPT } from './return-twice-script.ts'
import { readPerson, sendMessage, sendPage, sendRedirect, setPerson } from './send-page.ts'
import { addSettingsRoutes } from './settings-routes.ts'
import { submitInstall } from './submit-install.ts'

export interface GithubAppOptions {
  readonly getWorld: () => World
  readonly githubUrl: string
  readonly log: (line: string) => void
  readonly stopped: AbortSignal
}

export function createGithubApp({ getWorld, githubUrl, log, stopped }: GithubAppOptions): Koa {
  const returnsAgain = createReturnsAgain()
  const router = new Router()

  router.get(STYLESHEET_PATH, (ctx) => {
    ctx.type = 'css'
    ctx.body = GITHUB_STYLES
  })
  router.get(RETURN_TWICE_SCRIPT_PATH, (ctx) => {
    ctx.type = 'js'
    ctx.body = RETURN_TWICE_SCRIPT
  })
  router.get(RETURN_TWICE_PATH, async (ctx) => {
    const ticket = new URLSearchParams(ctx.querystring).get('ticket') ?? ''
    const location = await returnsAgain.waitFor(ticket, stopped)
    if (location === undefined) sendMessage(ctx, 404, 'Not found', ['There is no second redirect to repeat.'])
    else sendRedirect(ctx, 302, location)
  })

  router.post(SWITCH_PERSON_PATH, async (ctx) => {
    const form = new URLSearchParams((await readBody(ctx.req)) ?? '')
    const back = form.get('back') ?? ''
    setPerson(ctx, form.get('person'))
    sendRedirect(ctx, 303, isPagePath(back) ? back : HOME_PATH)
  })

  router.get(HOME_PATH, (ctx) => sendPage(ctx, 200, renderHomePage(getWorld(), readPerson(ctx))))
  addSettingsRoutes(router, getWorld)
  addAuthorizeRoutes(router, getWorld)

  router.get('/:login.png', (ctx, next) => {
    const account = getWorld().directory.findAccount(ctx.params['login'] ?? '')
    if (!account) return next()
    const size = new URLSearchParams(ctx.querystring).get('size') ?? ''
    return sendRedirect(ctx, 302, createPicturePath(account.accountId, size))
  })
  router.get(PICTURE_PATH, (ctx) => {
    ctx.type = 'png'
    ctx.body = drawPicture(Number(ctx.params['accountId']))
  })

  router.get(INSTALL_PATH, (ctx) => {
    const destination = checkLink(ctx)
    if (!destination) return
    sendInstallPage(ctx, 200, null, new URLSearchParams(ctx.querystring).get('account'))
  })

  router.post(INSTALL_PATH, async (ctx) => {
    const destination = checkLink(ctx)
    if (!destination) return
    const world = getWorld()
    const form = new URLSearchParams((await readBody(ctx.req)) ?? '')
    const person = readPerson(ctx)
    const outcome = submitInstall(world, person, form)
    const appName = createAppName(world.apps.connector.slug)
    if (outcome.kind === 'invalid') return sendInstallPage(ctx, 422, outcome.problem, outcome.account)
    if (outcome.kind === 'cancelled') {
      return sendMessage(ctx, 200, 'Nothing was changed', [
        `You left ${appName} as it was. You can close this tab.`,
      ])
    }
    if (outcome.kind === 'owners_only') {
      return sendMessage(ctx, 200, 'Already installed', [
        `${outcome.account} has ${appName} already. Only its owners can change it.`,
      ])
    }
    const ticket = form.get('ticket')
    const staysHere = outcome.setupAction === 'update' && !world.redirectOnUpdate
    const back =
      destination.kind === 'registered' && !staysHere
        ? createReturn(world, destination.target, { ...outcome, person, canRepeat: ticket !== null })
        : null
    if (back?.location == null) {
      return sendMessage(ctx, 200, STAY_TITLES[outcome.setupAction], [
        `${appName} on ${outcome.account}: done. GitHub does not lead back from here; return to where you came from.`,
      ])
    }
    if (back.isTwice && ticket !== null) returnsAgain.add(ticket, back.location)
    return sendRedirect(ctx, 302, back.location)
  })

  const app = new Koa()
  app.use(createRestApp({ getWorld, githubUrl, log, stopped }))
  app.use(async (ctx, next) => {
    setHeaders(ctx)
    await next()
    log(`github ${ctx.method} ${ctx.path} ${ctx.status}`)
  })
  app.use(router.routes())
  app.use((ctx) => sendMessage(ctx, 404, 'Not found', ['The sandbox has no such page.']))
  return app

  function setHeaders(ctx: Koa.Context): void {
    ctx.set({
      'Cache-Control': 'no-store',
      'Cross-Origin-Opener-Policy': getWorld().coop,
      // No form-action: browsers apply it to redirects after a form too, and the return page may redirect anywhere.
      'Content-Security-Policy':
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
      'X-Frame-Options': 'DENY',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'strict-origin-when-cross-origin',
    })
  }

  /** The destination of a genuine install link; otherwise the error page is sent and nothing returned. */
  function checkLink(ctx: Koa.Context) {
    const world = getWorld()
    if (ctx.path.split('/')[2] !== encodeURIComponent(world.apps.connector.slug)) {
      return sendMessage(ctx, 404, 'Not found', ['There is no App with this name.'])
    }
    const destination = findDestination(world, new URLSearchParams(ctx.querystring))
    if (destination.kind === 'refused')
      return sendMessage(ctx, 400, 'This link does not work', [destination.reason])
    return destination
  }

  function sendInstallPage(
    ctx: Koa.Context,
    status: number,
    problem: string | null,
    account: string | null,
  ): void {
    const world = getWorld()
    const ticket = world.faults.isReturnQueued('return_twice') ? createStateText(world.randomBytes) : null
    const page = { person: readPerson(ctx), here: ctx.url, problem, account, ticket }
    sendPage(ctx, status, renderInstallPage(world, page))
  }
}

const STAY_TITLES = { install: 'Installed', update: 'Settings saved', request: 'Request sent' } as const
