// GitHub's webhooks, from unknown to what they tell about an installation. Their wire spelling stays here
// (https://docs.github.com/en/webhooks/webhook-events-and-payloads#installation).
import { z } from 'zod'
import { GITHUB_LOGIN } from '../identify.ts'
import type { InstallationFact } from '../storage/storage.ts'

export interface ToldFact {
  readonly installationId: number
  readonly fact: InstallationFact
}

/** Described as text; payloads of installations have had seconds since 1970 as well. */
const instant = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z
    .int()
    .positive()
    .transform((seconds) => seconds * 1000),
])

const anyEvent = z.object({ action: z.unknown() })
const installation = z.object({ id: z.int().positive() })
const removed = z.object({ installation })
const suspended = z.object({ installation: installation.extend({ updated_at: instant }) })
const renamed = z.object({
  installation,
  // An enterprise account has no login, and is not what an installation here belongs to.
  account: z.object({ login: z.string().regex(GITHUB_LOGIN).optional(), updated_at: instant.optional() }),
})

/** The event's action, for the log and to choose by; undefined when it has none, or none that is a plain word. */
export function findAction(payload: unknown): string | undefined {
  const parsed = anyEvent.safeParse(payload)
  const action = parsed.success ? parsed.data.action : undefined
  return typeof action === 'string' && /^[a-z_]{1,64}$/.test(action) ? action : undefined
}

/**
 * What the event tells; undefined when it is one that changes nothing here.
 *
 * @param receivedAt stands for GitHub's own time where the payload leaves that out.
 * @throws z.ZodError when it is an event that matters and cannot be read.
 */
export function findFact(event: string, payload: unknown, receivedAt: number): ToldFact | undefined {
  switch (`${event}.${findAction(payload) ?? ''}`) {
    case 'installation.deleted':
      return { installationId: removed.parse(payload).installation.id, fact: { kind: 'removed' } }
    case 'installation.suspend':
      return toSuspension('suspended', suspended.parse(payload))
    case 'installation.unsuspend':
      return toSuspension('unsuspended', suspended.parse(payload))
    case 'installation_target.renamed': {
      const { installation: target, account } = renamed.parse(payload)
      const { login, updated_at: changedAt = receivedAt } = account
      if (login === undefined) return undefined
      return { installationId: target.id, fact: { kind: 'renamed', login, changedAt } }
    }
    default:
      return undefined
  }
}

function toSuspension(
  kind: 'suspended' | 'unsuspended',
  { installation: { id, updated_at: changedAt } }: z.infer<typeof suspended>,
): ToldFact {
  return { installationId: id, fact: { kind, changedAt } }
}
