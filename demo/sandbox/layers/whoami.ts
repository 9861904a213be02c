// GET /v1/whoami (https://developers.layers.com/docs/api/reference/organizations/whoami, newer generation).

import { createHash } from 'node:crypto'
import type { Answer, Call } from './answer.ts'
import { parseStrictQuery } from './strict-query.ts'

export function whoami(call: Call): Answer {
  const { key, organization } = call
  parseStrictQuery(call.query, [])
  return {
    status: 200,
    headers: {},
    body: {
      organizationId: organization.id,
      // The prefix of a workspace id is unverified.
      workspaceId: `wsp_${createUuid(`workspace ${organization.id}`)}`,
      organizationName: organization.name,
      parentOrganizationId: organization.parentOrganizationId,
      scopes: key.scopes,
      rateLimitTier: key.tier ?? 'standard',
      apiKeyId: `key_${createUuid(`key ${key.key}`)}`,
      creditBalance: 0,
    },
  }
}

/** A UUID (version 8, RFC 9562 §5.8) that is always the same for the same name. */
function createUuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
