// What GitHub's webhooks have told about an installation, and what that makes of a connection to it. Both stores follow these rules.
import type { GitHubAccount, ReconnectReason } from '../contract.ts'
import type { InstallationFact } from './storage.ts'

/** What is known of one installation. Deliveries come in any order, so `changedAt`, GitHub's clock, decides which of two is newer. */
export interface InstallationFacts {
  /** By the store's clock. Never undone: GitHub gives a new installation a new id. */
  readonly removedAt: number | null
  readonly suspension: Told<{ readonly isSuspended: boolean }> | null
  /** The login is null once Layers has said another name since: then only what is older is known, namely too old. */
  readonly rename: Told<{ readonly login: string | null }> | null
}

type Told<What> = What & {
  readonly changedAt: number
  /** By the store's clock. */
  readonly toldAt: number
}

/** What Layers said last, and when it was asked. */
export interface LayersWord {
  readonly reason: ReconnectReason | null
  readonly account: GitHubAccount
  readonly askedAt: number
}

/**
 * Layers hears of a suspension from GitHub as we do, only not at the same moment. When it still says `active` after this long, it
 * is right, and the delivery that would have told us of the end was lost.
 */
const SUSPENSION_TRUSTED_MS = 10 * 60_000

const HOUR_MS = 60 * 60_000
/**
 * Longer than a delivery can be sent again: 3 days on github.com, 7 on GitHub Enterprise Server
 * (https://docs.github.com/en/enterprise-server@3.17/webhooks/testing-and-troubleshooting-webhooks/redelivering-webhooks).
 */
export const DELIVERIES_KEPT_MS = 8 * 24 * HOUR_MS
/** A binding comes within minutes of the installation, or never. */
export const UNCONNECTED_KEPT_MS = 24 * HOUR_MS

const NOTHING: InstallationFacts = { removedAt: null, suspension: null, rename: null }

/** What is known with this fact added; undefined when it changes nothing, because something newer is known. */
export function addFact(
  known: InstallationFacts = NOTHING,
  fact: InstallationFact,
  toldAt: number,
): InstallationFacts | undefined {
  switch (fact.kind) {
    case 'removed':
      return known.removedAt === null ? { ...known, removedAt: toldAt } : undefined
    case 'suspended':
    case 'unsuspended': {
      const isSuspended = fact.kind === 'suspended'
      const { changedAt } = fact
      return isNewer(fact, known.suspension, isSuspended && known.suspension?.isSuspended === false)
        ? { ...known, suspension: { isSuspended, changedAt, toldAt } }
        : undefined
    }
    case 'renamed': {
      const { login, changedAt } = fact
      const knownLogin = known.rename?.login ?? null
      // Which of two names within one second is meant nobody can tell; all processes have to choose the same.
      return isNewer(fact, known.rename, knownLogin !== null && login > knownLogin)
        ? { ...known, rename: { login, changedAt, toldAt } }
        : undefined
    }
  }
}

/** GitHub counts whole seconds, so two changes can bear the same time. */
function isNewer(
  { changedAt }: { readonly changedAt: number },
  known: { readonly changedAt: number } | null,
  winsTie: boolean,
): boolean {
  return known === null || changedAt > known.changedAt || (changedAt === known.changedAt && winsTie)
}

/** Whether the connection works and what its account is called, from what Layers said and what GitHub told. */
export function applyFacts(
  said: LayersWord,
  facts: InstallationFacts | undefined,
): { readonly reason: ReconnectReason | null; readonly account: GitHubAccount } {
  if (facts === undefined) return { reason: said.reason, account: said.account }
  const { login, type } = said.account
  return { reason: reasonOf(said, facts), account: { login: facts.rename?.login ?? login, type } }
}

/** When in doubt the connection does not work: a false "connected" is worse than a false "reconnect". */
function reasonOf(
  { reason, askedAt }: LayersWord,
  { removedAt, suspension }: InstallationFacts,
): ReconnectReason | null {
  if (removedAt !== null) return 'uninstalled'
  if (suspension === null) return reason
  if (suspension.isSuspended)
    return reason === null && askedAt <= suspension.toldAt + SUSPENSION_TRUSTED_MS ? 'suspended' : reason
  return reason === 'suspended' && askedAt <= suspension.toldAt ? null : reason
}

/**
 * Whether Layers' new word on the name ends what a webhook told. Layers may never notice a rename, so repeating the old name says
 * nothing; a name other than the one it said before does.
 */
export function endsRename(
  facts: InstallationFacts | undefined,
  before: Pick<LayersWord, 'account'>,
  said: Pick<LayersWord, 'account' | 'askedAt'>,
): boolean {
  const rename = facts?.rename
  if (rename == null || rename.login === null) return false
  return said.account.login !== before.account.login && said.askedAt > rename.toldAt
}
