// Where GitHub sends the browser when it is done, and with which parameters.

import { createStateText } from '../random-text.ts'
import type { World } from '../world.ts'
import { FOREIGN_ACCOUNT_ID, type PersonLogin } from './catalogue.ts'

export type SetupAction = 'install' | 'update' | 'request'

export interface ReturnTarget {
  readonly returnUrl: string
  readonly state: string
}

/** Whether an install URL leads back somewhere: to the registered return URL, nowhere, or it is not genuine. */
export type Destination =
  | { readonly kind: 'registered'; readonly target: ReturnTarget }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Finds the return URL that Layers registered for a state. Nothing else is ever redirected to, so the sandbox is no open
 * redirector. An expired state still leads back: GitHub knows nothing of Layers' 15 minutes.
 */
export function findDestination(world: World, query: URLSearchParams): Destination {
  const state = query.get('state')
  const redirectUri = query.get('redirect_uri')
  // The App's public page: nobody waits for an answer.
  if (state === null && redirectUri === null) return { kind: 'none' }
  const issued = state === null ? undefined : world.states.find(state)
  if (!issued) return { kind: 'refused', reason: 'This link carries a state that Layers did not issue.' }
  if (redirectUri !== issued.returnUrl) {
    return {
      kind: 'refused',
      reason: 'The redirect_uri of this link is not the one that Layers registered for its state.',
    }
  }
  return { kind: 'registered', target: issued }
}

export interface Return {
  /** `null`: GitHub stays on its own page, as it sometimes does. */
  readonly location: string | null
  /** The same URL is visited a second time. */
  readonly isTwice: boolean
}

/**
 * Builds the redirect; queued oddities are used up here. `canRepeat` says whether the page that was submitted knows how to
 * visit the return page twice; if not, that oddity waits for a page that does.
 */
export function createReturn(
  world: World,
  target: ReturnTarget,
  outcome: {
    person: PersonLogin
    setupAction: SetupAction
    installationId: number | null
    canRepeat: boolean
  },
): Return {
  const { faults, randomBytes } = world
  if (faults.takeReturn('no_return')) return { location: null, isTwice: false }
  let { installationId } = outcome
  if (installationId !== null) {
    const swapped = faults.takeReturn('foreign_id') ? FOREIGN_ACCOUNT_ID : faults.takeReturnedAccount()
    if (swapped !== undefined) installationId = getInstallationId(world, swapped)
  }
  const url = new URL(target.returnUrl)
  // With an update GitHub was seen to bring none, and with a request reports differ: the sandbox brings none there.
  const bringsCode = world.apps.connector.requestAuthorizationOnInstall && outcome.setupAction === 'install'
  if (faults.takeReturn('with_code') || bringsCode) {
    const { person } = outcome
    // The App named no redirect_uri for this code, so the exchange has none to match.
    const code = world.grants.issueCode({ app: 'connector', person, redirectUrl: null, codeChallenge: null })
    url.searchParams.set('code', code)
  }
  // A member's request brings no id: there is no installation yet.
  if (installationId !== null) url.searchParams.set('installation_id', String(installationId))
  url.searchParams.set('setup_action', outcome.setupAction)
  const isOtherState = faults.takeReturn('other_state')
  if (!faults.takeReturn('no_state')) {
    url.searchParams.set('state', isOtherState ? createStateText(randomBytes) : target.state)
  }
  return { location: url.href, isTwice: outcome.canRepeat && faults.takeReturn('return_twice') }
}

/** Installs the App there if need be, so that the id is one that Layers would bind. */
function getInstallationId({ directory, installations }: World, accountId: number): number {
  const { login } = directory.getAccountById(accountId)
  return (installations.findByAccount(login) ?? installations.install(login, 'all')).installationId
}
