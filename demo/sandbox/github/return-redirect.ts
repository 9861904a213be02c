// Where GitHub sends the browser when it is done, and with which parameters.

import { createCode, createStateText } from '../random-text.ts'
import type { World } from '../world.ts'
import { FOREIGN_ACCOUNT } from './catalogue.ts'

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
  outcome: { setupAction: SetupAction; installationId: number | null; canRepeat: boolean },
): Return {
  const { faults, installations, randomBytes } = world
  if (faults.takeReturn('no_return')) return { location: null, isTwice: false }
  let { installationId } = outcome
  if (installationId !== null && faults.takeReturn('foreign_id')) {
    const foreign =
      installations.findByAccount(FOREIGN_ACCOUNT) ?? installations.install(FOREIGN_ACCOUNT, 'all')
    installationId = foreign.installationId
  }
  const url = new URL(target.returnUrl)
  if (faults.takeReturn('with_code')) url.searchParams.set('code', createCode(randomBytes))
  // A member's request brings no id: there is no installation yet.
  if (installationId !== null) url.searchParams.set('installation_id', String(installationId))
  url.searchParams.set('setup_action', outcome.setupAction)
  const isOtherState = faults.takeReturn('other_state')
  if (!faults.takeReturn('no_state')) {
    url.searchParams.set('state', isOtherState ? createStateText(randomBytes) : target.state)
  }
  return { location: url.href, isTwice: outcome.canRepeat && faults.takeReturn('return_twice') }
}
