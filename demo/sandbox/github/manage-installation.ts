// What the buttons of a settings page do on GitHub, decided by account and person, whatever page sent them.

import type { World } from '../world.ts'
import { createAppName } from './app-name.ts'
import { getPerson, type PersonLogin, type Role } from './catalogue.ts'
import type { Installations } from './installations.ts'

export type ManageOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'owners_only' }
  | { readonly kind: 'invalid'; readonly problem: string }

type Change = (installations: Installations, login: string) => boolean

const CHANGES: Readonly<Record<string, Change>> = {
  suspend: (installations, login) => installations.setSuspended(login, true),
  unsuspend: (installations, login) => installations.setSuspended(login, false),
  uninstall: (installations, login) => installations.uninstall(login),
  approve: (installations, login) => installations.approve(login) !== undefined,
  deny: (installations, login) => installations.deny(login),
}

/** `action` is one of `suspend`, `unsuspend`, `uninstall`, `approve`, `deny`. */
export function manageInstallation(
  world: World,
  person: PersonLogin,
  login: string,
  action: string | null,
): ManageOutcome {
  if (findRole(person, login) !== 'owner') return { kind: 'owners_only' }
  const change = action !== null && Object.hasOwn(CHANGES, action) ? CHANGES[action] : undefined
  if (!change) return { kind: 'invalid', problem: 'Choose one of the buttons.' }
  if (change(world.installations, login)) return { kind: 'done' }
  const appName = createAppName(world.appSlug)
  const problem =
    action === 'approve' || action === 'deny'
      ? `Nobody is asking for ${appName} on ${login} any more.`
      : `${appName} is not installed on ${login} any more.`
  return { kind: 'invalid', problem }
}

/** What a person is on an account; everybody owns their personal one. Undefined for somebody who does not belong to it. */
export function findRole(person: PersonLogin, login: string): Role | undefined {
  if (person === login) return 'owner'
  return getPerson(person).accounts.find((account) => account.login === login)?.role
}
