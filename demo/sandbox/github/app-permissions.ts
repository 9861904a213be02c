// Which organizations have given an App the permission "Administration: read", as the scenario `app_permission` says.

import type { AppName } from '../options.ts'

export interface AppPermissions {
  /** `accountId` null stands for every organization, also those that were named before. */
  set(app: AppName, accountId: number | null, isGiven: boolean): void
  isGiven(app: AppName, accountId: number): boolean
}

export function createAppPermissions(): AppPermissions {
  const everywhere: Record<AppName, boolean> = { connector: true, partner: true }
  const named: Record<AppName, Map<number, boolean>> = { connector: new Map(), partner: new Map() }
  return {
    set(app, accountId, isGiven) {
      if (accountId !== null) {
        named[app].set(accountId, isGiven)
        return
      }
      named[app].clear()
      everywhere[app] = isGiven
    },
    isGiven: (app, accountId) => named[app].get(accountId) ?? everywhere[app],
  }
}
