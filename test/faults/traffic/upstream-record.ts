// What the sandbox was sent and what it has bound, in the few words that a ledger is compared with.
import { z } from 'zod'
import type { Sandbox } from '../../../demo/sandbox/index.ts'

export interface UpstreamRecord {
  /** Every binding that was posted, answered or not, oldest first. */
  readonly posts: readonly UpstreamPost[]
  readonly bindings: readonly { readonly organizationId: string; readonly installationId: number }[]
}

export interface UpstreamPost {
  readonly organizationId: string
  readonly installationId: number
  readonly state: string
  /** When it arrived, epoch milliseconds. */
  readonly at: number
  /** Null when it was never answered. */
  readonly status: number | null
}

const bodySchema = z.object({ installationId: z.int(), state: z.string() })

export function readUpstreamRecord({
  requests,
  bindings,
}: Pick<Sandbox, 'requests' | 'bindings'>): UpstreamRecord {
  return {
    posts: requests
      // Cut off by a kill in the middle of the body: it never became a post.
      .filter(({ method, body }) => method === 'POST' && body !== '')
      .map(({ headers, body, at, status }) => ({
        organizationId: headers['x-layers-organization'] ?? '',
        ...bodySchema.parse(JSON.parse(body)),
        at,
        status,
      })),
    bindings: bindings.map(({ organizationId, installationId }) => ({ organizationId, installationId })),
  }
}
