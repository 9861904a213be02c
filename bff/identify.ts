// The port that says who is asking, and the check of what it answered.
import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { ConnectError } from './errors.ts'
import { GITHUB_LOGIN, isStorableId, LAYERS_ORGANIZATION, MAX_ID_LENGTH } from './identity-rules.ts'

/** Who is asking, as the partner's own session says. Never taken from anything the browser can choose. */
export interface Identity {
  /** The partner's id of the customer organization. 1–200 characters, well-formed Unicode without U+0000. Stored; shown to nobody. */
  readonly tenantId: string
  /** The partner's id of the person. The same rules. */
  readonly userId: string
  /** True when this person may connect and disconnect GitHub for the tenant; otherwise they may look. */
  readonly canConnect: boolean
  /**
   * The Layers organization of this tenant (`org_…`), sent as `X-Layers-Organization`. Give each tenant its own: Layers
   * keeps one installation per organization. Without it, the partner key's organization is one binding for all tenants.
   */
  readonly layersOrganization?: string | undefined
  /**
   * The GitHub account this tenant is expected to connect: its login, in any case. When another one comes back, nothing is
   * connected. Leave it out when you do not know.
   */
  readonly expectedAccount?: string | undefined
  /**
   * Until when this answer holds, epoch milliseconds. Only connect tokens have it: the browser cannot show its token on GitHub's
   * redirect, so a flow's return relies on the last token seen, and only until that expires. Leave it out for host sessions.
   */
  readonly validUntil?: number | undefined
}

/**
 * Reads the host's session from a request. Null when nobody is signed in. It is called for each request, also on
 * GitHub's redirect, where cookies with `SameSite=Strict` are missing; then it is asked again from the return page.
 * When it throws or answers something else, nobody is let in: the request fails with `internal`, and nothing is used up.
 */
export type Identify = (request: IncomingMessage) => Identity | null | Promise<Identity | null>

export { GITHUB_LOGIN } from './identity-rules.ts'

const id = z.string().min(1).max(MAX_ID_LENGTH).refine(isStorableId)

const identitySchema = z.object({
  tenantId: id,
  userId: id,
  canConnect: z.boolean(),
  layersOrganization: z
    .string()
    .regex(LAYERS_ORGANIZATION)
    .nullish()
    .transform((organization) => organization ?? undefined),
  expectedAccount: z
    .string()
    .regex(GITHUB_LOGIN)
    .nullish()
    .transform((login) => login ?? undefined),
  validUntil: z
    .int()
    .positive()
    .nullish()
    .transform((until) => until ?? undefined),
})

/** Asks the port and parses its answer. Throws `internal` when it throws or answers something else (fails closed). */
export async function identifyRequest(
  identify: Identify,
  request: IncomingMessage,
): Promise<Identity | null> {
  const answer: unknown = await ask(identify, request)
  if (answer === null || answer === undefined) return null
  const parsed = identitySchema.safeParse(answer)
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || '(the answer itself)').join(', ')
  throw new ConnectError('internal', {
    detail: `identify() answered something that is not an Identity: check ${fields}`,
  })
}

/** A session store that hangs must not hold every request. */
const IDENTIFY_TIMEOUT_MS = 5_000

async function ask(identify: Identify, request: IncomingMessage): Promise<unknown> {
  const { promise: timeout, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('identify() took too long')), IDENTIFY_TIMEOUT_MS)
  try {
    return await Promise.race([identify(request), timeout])
  } catch (cause) {
    if (cause instanceof ConnectError) throw cause
    throw new ConnectError('internal', {
      detail: `identify() threw, or did not answer within ${IDENTIFY_TIMEOUT_MS} ms; nobody is let in`,
      cause,
    })
  } finally {
    clearTimeout(timer)
  }
}

/** The identity, or `session_required` when nobody is signed in. */
export function requireIdentity(identity: Identity | null): Identity {
  if (identity === null) throw new ConnectError('session_required')
  return identity
}

/** Throws `forbidden` unless the person may connect. */
export function checkMayConnect(identity: Identity): void {
  if (!identity.canConnect) throw new ConnectError('forbidden')
}
