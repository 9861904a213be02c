// What the buttons of a settings page do on GitHub, decided by account and person, whatever page sent them.

import type { World } from '../world.ts'
import { createAppName } from './app-name.ts'
import { getUser, type PersonLogin, type User } from './catalogue.ts'
import type { Installations } from './installations.ts'

export type ManageOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'owners_only' }
  | { readonly kind: 'invalid'; readonly problem: string }

type Change = (installations: Installations, login: string, by: User) => boolean

const CHANGES: Readonly<Record<string, Change>> = {
  suspend: (installations, login, by) => installations.setSuspended(login, true, by),
  unsuspend: (installations, login, by) => installations.setSuspended(login, false, by),
  uninstall: (installations, login, by) => installations.uninstall(login, by),
  approve: (installations, login, by) => installations.approve(login, by) !== undefined,
  deny: (installations, login) => installations.deny(login),
}

/** `action` is one of `suspend`, `unsuspend`, `uninstall`, `approve`, `deny`. */
export function manageInstallation(
  world: World,
  person: PersonLogin,
  login: string,
  action: string | null,
): ManageOutcome {
  if (world.directory.findRole(person, login) !== 'owner') return { kind: 'owners_only' }
  const change = action !== null && Object.hasOwn(CHANGES, action) ? CHANGES[action] : undefined
  if (!change) return { kind: 'invalid', problem: 'Choose one of the buttons.' }
  if (change(world.installations, login, getUser(person))) return { kind: 'done' }
  const appName = createAppName(world.apps.connector.slug)
  const problem =
    action === 'approve' || action === 'deny'
      ? `Nobody is asking for ${appName} on ${login} any more.`
      : `${appName} is not installed on ${login} any more.`
  return { kind: 'invalid', problem }
}
