// POST /v1/github/installation (https://developers.layers.com/docs/api/reference/github/register-installation).

import type { Answer, Call } from './answer.ts'
import { parseBindingBody } from './binding-body.ts'
import { toWireBinding, type Binding } from './bindings.ts'
import { createValidationError, LayersError, type Issue } from './errors.ts'
import { isHeldBy, type IssuedState } from './states.ts'
import { toMicrosecondTimestamp } from './timestamps.ts'

export function bindInstallation(call: Call): Answer {
  const { world, organization } = call
  const body = parseBindingBody(call.bodyText)
  const state = getIssuedState(call, body.state)
  const bound = world.bindings.get(organization.id)

  // The documentation calls the repeat a no-op. So a state that already made this binding (a lost answer, a second
  // return) is no reason to refuse it. A new state is used up by the repeat like by any other binding.
  if (bound?.installationId === body.installationId) {
    if (state.usedAt === null) checkNotExpired(call, state)
    world.states.markUsed(state.state)
    return created(call, bound)
  }

  if (state.usedAt !== null) throw refuse('state', 'This state was used already.')
  checkNotExpired(call, state)
  // An uninstalled binding still counts as bound: "Detach first" is all the page says. Unverified.
  if (bound) {
    throw new LayersError(
      'CONFLICT',
      'Your organization already has a different installation bound. Detach first.',
    )
  }
  // A suspended installation does exist and the App can see it, so it can be bound; its status tells. Unverified.
  const installation = world.installations.findById(body.installationId)
  if (!installation) throw refuse('installationId', 'GitHub reports that this installation does not exist.')

  const binding: Binding = {
    organizationId: organization.id,
    installationId: installation.installationId,
    account: installation.account,
    registeredAt: toMicrosecondTimestamp(world.clock.now(), world.randomBytes),
  }
  world.bindings.set(organization.id, binding)
  // Used up by success only. Whether a refused attempt uses a state up as well is unverified.
  world.states.markUsed(state.state)
  return created(call, binding)
}

/** Unverified: that Layers checks the state at all, and with this code. The sandbox is on the strict side. */
function getIssuedState(call: Call, text: string): IssuedState {
  const state = call.world.states.find(text)
  // Unknown and foreign ones get the same answer, so that nobody learns which states exist.
  if (!state || !isHeldBy(state, { key: call.key.key, organizationId: call.organization.id })) {
    throw refuse('state', 'This state is not known.')
  }
  return state
}

function checkNotExpired(call: Call, state: IssuedState): void {
  if (call.world.clock.now() >= state.expiresAt) throw refuse('state', 'This state has expired.')
}

function created({ world }: Call, binding: Binding): Answer {
  // The status of a repeat is not documented; the page knows only 201.
  return {
    status: 201,
    headers: {},
    body: toWireBinding(binding, world.installations),
  }
}

function refuse(name: keyof ReturnType<typeof parseBindingBody>, message: string): LayersError {
  const issue: Issue = { path: [name], code: 'invalid_value', message }
  return createValidationError(message, [issue])
}
