// What a handler of the Layers side is given and what it returns: plain values, no HTTP framework.

import type { SandboxKey, SandboxOrganization } from '../options.ts'
import type { World } from '../world.ts'

/** An answer before it becomes bytes. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

/** A request after it has been identified and counted. */
export interface Call {
  readonly world: World
  readonly requestId: string
  readonly key: SandboxKey
  /** The organization acted in: the key's own, or the child named by `X-Layers-Organization`. */
  readonly organization: SandboxOrganization
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly bodyText: string
  /** Where the GitHub side listens, without a trailing slash. */
  readonly githubUrl: string
}
