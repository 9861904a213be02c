// The settings pages over HTTP: an organization's, and the personal account of whoever is signed in.

import type { Router } from '@koa/router'
import type Koa from 'koa'
import { readBody } from '../request-body.ts'
import type { World } from '../world.ts'
import type { Account } from './catalogue.ts'
import { manageInstallation } from './manage-installation.ts'
import { createSettingsPath, ORGANIZATION_SETTINGS_PATH, PERSONAL_SETTINGS_PATH } from './page-paths.ts'
import { readPerson, sendMessage, sendPage, sendRedirect } from './send-page.ts'
import { renderSettingsPage } from './settings-page.ts'

type SettingsAccount = Pick<Account, 'login' | 'type'>

export function addSettingsRoutes(router: Router, getWorld: () => World): void {
  router.get(ORGANIZATION_SETTINGS_PATH, (ctx) => {
    const account = findOrganization(ctx, ctx.params['login'])
    if (account) sendSettings(ctx, 200, account, null)
  })
  router.post(ORGANIZATION_SETTINGS_PATH, async (ctx) => {
    const account = findOrganization(ctx, ctx.params['login'])
    if (account) await submit(ctx, account)
  })
  router.get(PERSONAL_SETTINGS_PATH, (ctx) => sendSettings(ctx, 200, getPersonalAccount(ctx), null))
  router.post(PERSONAL_SETTINGS_PATH, (ctx) => submit(ctx, getPersonalAccount(ctx)))

  /** Sends a page when there is none, as also for a personal account, which has its settings elsewhere. */
  function findOrganization(ctx: Koa.Context, login: string | undefined): SettingsAccount | undefined {
    const account = getWorld().directory.findAccount(login ?? '')
    if (account?.type === 'Organization') return account
    return sendMessage(ctx, 404, 'Not found', ['There is no organization with this name.'])
  }

  async function submit(ctx: Koa.Context, account: SettingsAccount): Promise<void> {
    const action = new URLSearchParams((await readBody(ctx.req)) ?? '').get('action')
    const outcome = manageInstallation(getWorld(), readPerson(ctx), account.login, action)
    // See other, so that loading the page again does not press the button again.
    if (outcome.kind === 'done') sendRedirect(ctx, 303, createSettingsPath(account))
    else if (outcome.kind === 'owners_only') sendSettings(ctx, 403, account, 'Nothing was changed.')
    else sendSettings(ctx, 422, account, outcome.problem)
  }

  function sendSettings(
    ctx: Koa.Context,
    status: number,
    account: SettingsAccount,
    problem: string | null,
  ): void {
    sendPage(ctx, status, renderSettingsPage(getWorld(), { person: readPerson(ctx), account, problem }))
  }
}

function getPersonalAccount(ctx: Koa.Context): SettingsAccount {
  return { login: readPerson(ctx), type: 'User' }
}
