// How the GitHub side answers: a page, a page that only says something, or a redirect. And to whom.

import type Koa from 'koa'
import { PERSON_LOGINS, type PersonLogin } from './catalogue.ts'
import { renderMessage } from './page-frame.ts'
import { HOME_PATH, isPagePath } from './page-paths.ts'

const PERSON_COOKIE = 'sandbox_person'

/** The person who is signed in: mona unless the cookie names another. */
export function readPerson(ctx: Koa.Context): PersonLogin {
  return parsePerson(ctx.cookies.get(PERSON_COOKIE))
}

/** Signs a person in; a name that nobody has stands for mona. */
export function setPerson(ctx: Koa.Context, login: string | null): void {
  ctx.cookies.set(PERSON_COOKIE, parsePerson(login), { sameSite: 'lax', overwrite: true })
}

export function sendPage(ctx: Koa.Context, status: number, page: string): void {
  ctx.status = status
  ctx.type = 'html'
  ctx.body = page
}

/** Returns undefined, so that a handler can end with it. */
export function sendMessage(
  ctx: Koa.Context,
  status: number,
  title: string,
  paragraphs: readonly string[],
): undefined {
  const here = isPagePath(ctx.path) ? ctx.url : HOME_PATH
  sendPage(ctx, status, renderMessage({ title, person: readPerson(ctx), here }, paragraphs))
}

/** Location as it is: Koa's own redirect would rewrite it. */
export function sendRedirect(ctx: Koa.Context, status: 302 | 303, location: string): void {
  ctx.status = status
  ctx.set('Location', location)
  ctx.body = ''
}

function parsePerson(login: string | null | undefined): PersonLogin {
  return PERSON_LOGINS.find((known) => known === login) ?? 'mona'
}
