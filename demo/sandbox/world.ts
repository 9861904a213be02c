// Everything one sandbox remembers. A reset throws the world away and makes a new one.

import { randomBytes } from 'node:crypto'
import { createClock, type Clock } from './clock.ts'
import { createFaults, type Faults } from './faults.ts'
import { createInstallations, type Installations } from './github/installations.ts'
import { createIdempotencyRecords, type IdempotencyRecords } from './layers/idempotency.ts'
import { createRateLimits, type RateLimits } from './layers/rate-limits.ts'
import { createStates, type States } from './layers/states.ts'
import type { Binding } from './layers/bindings.ts'
import {
  DEFAULT_KEYS,
  DEFAULT_ORGANIZATIONS,
  type SandboxKey,
  type SandboxOptions,
  type SandboxOrganization,
} from './options.ts'
import type { RandomBytes } from './random-text.ts'
import { createRequestLog, type RequestLog } from './request-log.ts'

export const COOP_VALUES = ['same-origin', 'same-origin-allow-popups', 'unsafe-none'] as const
export type CoopValue = (typeof COOP_VALUES)[number]

export interface World {
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly allowLoopbackHttpReturnUrls: boolean
  readonly appSlug: string
  /** By bearer token. */
  readonly keys: ReadonlyMap<string, SandboxKey>
  /** By id; a scenario may change a status. */
  readonly organizations: Map<string, SandboxOrganization>
  readonly states: States
  /** By organization id. */
  readonly bindings: Map<string, Binding>
  readonly installations: Installations
  readonly rateLimits: RateLimits
  readonly idempotencyRecords: IdempotencyRecords
  readonly requests: RequestLog
  readonly faults: Faults
  killSwitch: boolean
  redirectOnUpdate: boolean
  coop: CoopValue
}

/** @throws Error when keys and organizations do not fit together */
export function createWorld(options: SandboxOptions): World {
  const clock = createClock(options.now ?? Date.now)
  const random = options.randomBytes ?? randomBytes
  const keys = options.keys ?? DEFAULT_KEYS
  const organizations = options.organizations ?? Object.values(DEFAULT_ORGANIZATIONS)
  checkConsistent(keys, organizations)
  return {
    clock,
    randomBytes: random,
    allowLoopbackHttpReturnUrls: options.allowLoopbackHttpReturnUrls ?? false,
    appSlug: options.appSlug ?? 'layers-connector',
    keys: new Map(keys.map((key) => [key.key, key])),
    organizations: new Map(organizations.map((organization) => [organization.id, organization])),
    states: createStates(clock, random),
    bindings: new Map(),
    installations: createInstallations(clock),
    rateLimits: createRateLimits(clock),
    idempotencyRecords: createIdempotencyRecords(),
    requests: createRequestLog(),
    faults: createFaults(),
    killSwitch: false,
    redirectOnUpdate: true,
    coop: 'same-origin',
  }
}

function checkConsistent(keys: readonly SandboxKey[], organizations: readonly SandboxOrganization[]): void {
  const ids = new Set(organizations.map((organization) => organization.id))
  if (keys.length === 0) throw new Error('a sandbox needs at least one key')
  if (ids.size < organizations.length) throw new Error('two organizations have the same id')
  for (const { organizationId } of keys) {
    if (!ids.has(organizationId))
      throw new Error(`a key belongs to ${organizationId}, which is not in organizations`)
  }
  for (const { id, parentOrganizationId } of organizations) {
    if (parentOrganizationId !== null && !ids.has(parentOrganizationId)) {
      throw new Error(`${id} has the parent ${parentOrganizationId}, which is not in organizations`)
    }
  }
}
