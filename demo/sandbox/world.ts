// Everything one sandbox remembers. A reset throws the world away and makes a new one.

import { randomBytes } from 'node:crypto'
import { createClock, type Clock } from './clock.ts'
import { createFaults, type Faults } from './faults.ts'
import { createAppPermissions, type AppPermissions } from './github/app-permissions.ts'
import type { Apps } from './github/apps.ts'
import { createDirectory, type Directory } from './github/directory.ts'
import { createInstallations, type Installations } from './github/installations.ts'
import { createGrants, type Grants } from './github/oauth/grants.ts'
import { createRateBudget, type RateBudget } from './github/rest/rate-budget.ts'
import { createDeliveries, HOOK_IDS, type Deliveries } from './github/webhooks/deliveries.ts'
import { createInstallationEvents, createPing, createRenamedEvent } from './github/webhooks/payloads.ts'
import { createIdempotencyRecords, type IdempotencyRecords } from './layers/idempotency.ts'
import { createRateLimits, type RateLimits } from './layers/rate-limits.ts'
import { createStates, type States } from './layers/states.ts'
import type { Binding } from './layers/bindings.ts'
import {
  APP_NAMES,
  DEFAULT_KEYS,
  DEFAULT_ORGANIZATIONS,
  type AppName,
  type SandboxKey,
  type SandboxOptions,
  type SandboxOrganization,
} from './options.ts'
import type { RandomBytes } from './random-text.ts'
import { createRequestLog, DEFAULT_CAPACITY, type RequestLog } from './request-log.ts'

export const COOP_VALUES = ['same-origin', 'same-origin-allow-popups', 'unsafe-none'] as const
export type CoopValue = (typeof COOP_VALUES)[number]

export interface World {
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly allowLoopbackHttpReturnUrls: boolean
  /** Outlive a reset: they are registered, not remembered. */
  readonly apps: Apps
  readonly appPermissions: AppPermissions
  /** By bearer token. */
  readonly keys: ReadonlyMap<string, SandboxKey>
  /** By id; a scenario may change a status. */
  readonly organizations: Map<string, SandboxOrganization>
  readonly states: States
  /** By organization id. */
  readonly bindings: Map<string, Binding>
  readonly directory: Directory
  /** The connector's. */
  readonly installations: Installations
  readonly installationsOf: Readonly<Record<AppName, Installations>>
  readonly grants: Grants
  readonly rateBudget: RateBudget
  readonly webhooks: Deliveries
  readonly rateLimits: RateLimits
  readonly idempotencyRecords: IdempotencyRecords
  readonly requests: RequestLog
  /** What GitHub's API and token endpoint received. */
  readonly githubRequests: RequestLog
  readonly faults: Faults
  /** Tells the webhooks too. @throws Error when somebody else has the new login */
  renameAccount(login: string, newLogin: string): void
  /** @throws RangeError when the App has no webhook */
  pingWebhook(app: AppName): void
  killSwitch: boolean
  redirectOnUpdate: boolean
  coop: CoopValue
}

/** GitHub numbers installations in sequence; this is where the sandbox starts. */
const FIRST_INSTALLATION_ID = 61_200_417

/** What outlives the worlds of one sandbox. */
export interface Surroundings {
  readonly apps: Apps
  /** Where the GitHub side listens, without a trailing slash. */
  readonly getGithubUrl: () => string
}

/** @throws Error when keys and organizations do not fit together */
export function createWorld(options: SandboxOptions, { apps, getGithubUrl }: Surroundings): World {
  const clock = createClock(options.now ?? Date.now)
  const random = options.randomBytes ?? randomBytes
  const keys = options.keys ?? DEFAULT_KEYS
  const organizations = options.organizations ?? Object.values(DEFAULT_ORGANIZATIONS)
  checkConsistent(keys, organizations)
  const directory = createDirectory(options.accounts)
  const capacity = options.capacity ?? DEFAULT_CAPACITY
  let nextInstallationId = FIRST_INSTALLATION_ID
  const webhooks = createDeliveries({ apps, clock, randomBytes: random })
  const createInstallationsOf = (app: AppName): Installations =>
    createInstallations({
      clock,
      directory,
      nextId: () => nextInstallationId++,
      onChange: (change) => {
        for (const event of createInstallationEvents(getContext(), app, change)) webhooks.announce(app, event)
      },
    })
  const installationsOf = {
    connector: createInstallationsOf('connector'),
    partner: createInstallationsOf('partner'),
  }
  const getContext = () => ({ apps, directory, installationsOf, githubUrl: getGithubUrl() })
  return {
    clock,
    randomBytes: random,
    allowLoopbackHttpReturnUrls: options.allowLoopbackHttpReturnUrls ?? false,
    apps,
    appPermissions: createAppPermissions(),
    keys: new Map(keys.map((key) => [key.key, key])),
    organizations: new Map(organizations.map((organization) => [organization.id, organization])),
    states: createStates(clock, random, capacity),
    bindings: new Map(),
    directory,
    installations: installationsOf.connector,
    installationsOf,
    grants: createGrants(clock, random),
    rateBudget: createRateBudget(clock),
    webhooks,
    rateLimits: createRateLimits(clock),
    idempotencyRecords: createIdempotencyRecords(),
    requests: createRequestLog(capacity),
    githubRequests: createRequestLog(capacity),
    faults: createFaults(),
    renameAccount: (login, newLogin) => {
      const from = directory.getAccount(login).login
      const account = directory.rename(login, newLogin)
      for (const app of APP_NAMES) {
        const installation = installationsOf[app].findByAccount(newLogin)
        if (!installation) continue
        webhooks.announce(app, createRenamedEvent(getContext(), installation, account, from, clock.now()))
      }
    },
    pingWebhook: (app) => {
      if (apps[app].webhook === null) throw new RangeError(`the App ${app} has no webhook`)
      webhooks.announce(app, createPing(getContext(), app, HOOK_IDS[app], clock.now()))
    },
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
