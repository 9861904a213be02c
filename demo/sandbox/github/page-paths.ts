// Where the pages of the GitHub side are. The paths are GitHub's own.

import type { Account } from './catalogue.ts'

export const HOME_PATH = '/'
export const INSTALL_PATH = '/apps/:slug/installations/new'
/** Apps installed on an organization, and on the personal account of whoever is signed in. */
export const ORGANIZATION_SETTINGS_PATH = '/organizations/:login/settings/installations'
export const PERSONAL_SETTINGS_PATH = '/settings/installations'

/** The App's public page: no state, so it leads nowhere afterwards. `account` is shown first. */
export function createInstallPath(slug: string, account?: string): string {
  const query = account === undefined ? '' : `?account=${encodeURIComponent(account)}`
  return INSTALL_PATH.replace(':slug', () => encodeURIComponent(slug)) + query
}

export function createSettingsPath({ login, type }: Pick<Account, 'login' | 'type'>): string {
  return type === 'Organization'
    ? ORGANIZATION_SETTINGS_PATH.replace(':login', () => encodeURIComponent(login))
    : PERSONAL_SETTINGS_PATH
}

/** Whether somebody who switched the person may be led here: a page of this origin, which `//host` would not be. */
export function isPagePath(path: string): boolean {
  return /^\/(?:apps|organizations|settings|login\/oauth)\//.test(path)
}
