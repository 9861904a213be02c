// What a submitted install page does on GitHub, decided by account and person, whatever button sent it.

import type { World } from '../world.ts'
import { getUser, type Account, type PersonLogin } from './catalogue.ts'
import type { Selection } from './installations.ts'
import type { SetupAction } from './return-redirect.ts'

export type SubmitOutcome =
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'invalid'; readonly problem: string; readonly account: string | null }
  /** A member asked for what an owner has installed already: GitHub stays on its own page. */
  | { readonly kind: 'owners_only'; readonly account: string }
  | {
      readonly kind: 'done'
      readonly account: string
      readonly setupAction: SetupAction
      /** `null` for a request: nothing is installed yet. */
      readonly installationId: number | null
    }

/**
 * Fields: `account`; `repository_selection` (`all`, the default, or `selected`) and `repository` (full names), each
 * optionally followed by `:` and the account, as on the page, which holds the fields of several accounts; `action=cancel`.
 */
export function submitInstall(world: World, personLogin: PersonLogin, form: URLSearchParams): SubmitOutcome {
  if (form.get('action') === 'cancel') return { kind: 'cancelled' }
  const login = form.get('account')
  const membership = world.directory
    .listAccountsOf(personLogin)
    .find(({ account }) => account.login === login)
  if (!membership) return { kind: 'invalid', problem: 'Choose one of the accounts.', account: null }
  const account = membership.account.login
  const existing = world.installations.findByAccount(account)
  if (membership.role === 'member' && existing) return { kind: 'owners_only', account }

  const selection = parseSelection(form, membership.account)
  if (selection === null) {
    return { kind: 'invalid', problem: 'Choose at least one repository, or all of them.', account }
  }
  if (membership.role === 'member') {
    world.installations.request(account, personLogin, selection)
    return { kind: 'done', account, setupAction: 'request', installationId: null }
  }
  const { installationId } = world.installations.install(account, selection, getUser(personLogin))
  return { kind: 'done', account, setupAction: existing ? 'update' : 'install', installationId }
}

/** Null when only selected repositories were wanted and none of the account's own was named. */
function parseSelection(form: URLSearchParams, { login, repositories }: Account): Selection | null {
  const choice = form.get(`repository_selection:${login}`) ?? form.get('repository_selection') ?? 'all'
  if (choice !== 'selected') return 'all'
  const named = [...form.getAll(`repository:${login}`), ...form.getAll('repository')]
  const own = repositories.map((repository) => repository.fullName)
  const selection = own.filter((fullName) => named.includes(fullName))
  return selection.length > 0 ? selection : null
}
