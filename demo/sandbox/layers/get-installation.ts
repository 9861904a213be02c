// GET /v1/github/installation (https://developers.layers.com/docs/api/reference/github/get-installation).

import type { Answer, Call } from './answer.ts'
import { toWireBinding } from './bindings.ts'
import { LayersError } from './errors.ts'
import { parseStrictQuery } from './strict-query.ts'
import { toMicrosecondTimestamp } from './timestamps.ts'

export function getInstallation(call: Call): Answer {
  const { world, organization } = call
  parseStrictQuery(call.query, [])
  const binding = world.bindings.get(organization.id)
  if (!binding) throw new LayersError('NOT_FOUND', 'No GitHub installation is bound to this organization.')
  return {
    status: 200,
    headers: {},
    body: {
      ...toWireBinding(binding, world.installations),
      // The sandbox asks its GitHub side on every call, so this is always now.
      lastVerifiedAt: toMicrosecondTimestamp(world.clock.now(), world.randomBytes),
    },
  }
}
