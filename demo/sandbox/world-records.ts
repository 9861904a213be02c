// The world as its user sees it: bindings with their live status, states without their key.

import { getBindingAccount, getBindingStatus } from './layers/bindings.ts'
import type { RecordedBinding, RecordedState } from './records.ts'
import type { World } from './world.ts'

export function listBindings(world: World): RecordedBinding[] {
  return [...world.bindings.values()].map((binding) => ({
    ...binding,
    account: getBindingAccount(binding, world.installations),
    status: getBindingStatus(binding, world.installations),
  }))
}

export function listStates(world: World): RecordedState[] {
  return world.states.list().map(({ state, organizationId, returnUrl, expiresAt, usedAt }) => ({
    state,
    organizationId,
    returnUrl,
    expiresAt,
    usedAt,
  }))
}
