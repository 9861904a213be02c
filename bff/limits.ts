// How often a user, a tenant or an address may do what costs something, and what nobody has a right to.
import { randomBytes } from 'node:crypto'
import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible'
import { ConnectError } from './errors.ts'
import { createFlowSecrets, type FlowSecrets } from './flow-secrets.ts'
import { BoundedRateLimiterMemory } from './limits/bounded-memory.ts'
import type { SharedCounters } from './limits/shared-counters.ts'

/**
 * Whole numbers from 1. A user is one of a tenant; an IPv6 address counts by its /64. With PostgreSQL all processes share one budget, except
 * for `readsPerUser`, `refusalsPerAddress` and `launchesPerAddress`: counting these there would cost the database more than what is counted.
 */
export interface LimitOptions {
  /** Flows one user may start in five minutes. Default 20. Each costs the partner's write budget at Layers. */
  readonly startsPerUser?: number
  /** Flows one tenant may start in five minutes. Default 60. */
  readonly startsPerTenant?: number
  /** Returns that match no flow of their browser, from one address in five minutes. Default 120. Others are not counted. */
  readonly strayReturnsPerAddress?: number
  /** Pages of repositories one user may ask for in five minutes. Default 100. Each costs the partner's read budget at Layers. */
  readonly repositoriesPerUser?: number
  /** Pages of repositories one tenant may ask for in five minutes. Default 300. */
  readonly repositoriesPerTenant?: number
  /** Requests by which one user looks (long polls, status), in five minutes. Default 3000: three tabs that never rest ask for 600. */
  readonly readsPerUser?: number
  /** Requests by which one user changes something (start, launch, finish, cancel, forget), in five minutes. Default 300. */
  readonly changesPerUser?: number
  /** With connect tokens, how often launch pages of one address may ask for GitHub's URL in five minutes. Default 600. */
  readonly launchesPerAddress?: number
  /**
   * Requests that are refused (4xx) before it is known who sent them, from one address in five minutes. Default 600. After that the answer
   * is `rate_limited` instead, and the log has its line `request` only; whoever is signed in at the same address notices nothing.
   */
  readonly refusalsPerAddress?: number
  /**
   * Webhooks that were refused before their signature was known to be right, from one address in five minutes. Default 60. After that
   * none from there is read until the time is over. Those with a right signature are not counted.
   */
  readonly refusedWebhooksPerAddress?: number
  /** Webhooks from one address that are read at the same moment. Default 2. More only matter behind a proxy that is not listed. */
  readonly webhooksAtOncePerAddress?: number
  /** Bindings of one tenant that may fail within 15 minutes before it has to wait. Default 5. */
  readonly failedBindingsPerTenant?: number
  /**
   * Accepted returns of all tenants that wait for Layers, from which on no flow is started any more. Default 10 000. Returns of flows that
   * were started before are always accepted.
   */
  readonly unfinishedBindings?: number
}

const WINDOW_SECONDS = 5 * 60
const FAILED_BINDINGS_WINDOW_MS = 15 * 60_000

interface Person {
  readonly tenantId: string
  readonly userId: string
}

/** Each check counts once, and throws `rate_limited` with `Retry-After`. */
export interface Limits {
  /** So many failed bindings of one tenant within the time are enough. */
  readonly failedBindings: { readonly count: number; readonly windowMs: number }
  readonly webhooksAtOncePerAddress: number
  readonly unfinishedBindings: number
  checkStart(tenantId: string, userId: string): Promise<void>
  checkStrayReturn(address: string): Promise<void>
  checkRepositories(tenantId: string, userId: string): Promise<void>
  checkRead(person: Person): Promise<void>
  checkChange(person: Person): Promise<void>
  checkLaunch(address: string): Promise<void>
  checkRefusal(address: string): Promise<void>
  checkRefusedWebhook(address: string): Promise<void>
  /** Counts nothing: throws when the address has no refused webhook left. */
  peekRefusedWebhook(address: string): Promise<void>
}

export interface LimitsParts {
  /** Under what is counted: nobody's id or address. Default: with a key that is forgotten with the process. */
  readonly secrets?: Pick<FlowSecrets, 'limitKeyOf'>
  /** Where all processes count together. Default: each counts in its own memory. */
  readonly shared?: SharedCounters | undefined
}

export function createLimits(options: LimitOptions = {}, parts: LimitsParts = {}): Limits {
  const { secrets = createFlowSecrets(randomBytes(32)), shared } = parts

  function createOwn(name: keyof LimitOptions, points: number): Limit {
    const memory = new BoundedRateLimiterMemory({ points, durationSeconds: WINDOW_SECONDS })
    return createLimit(memory, (values) => secrets.limitKeyOf(name, ...values))
  }
  function createShared(name: keyof LimitOptions, points: number): Limit {
    if (shared === undefined) return createOwn(name, points)
    const memory = new BoundedRateLimiterMemory({ points, durationSeconds: WINDOW_SECONDS })
    return createLimit(shared.share(name, memory), (values) => secrets.limitKeyOf(name, ...values))
  }

  const startsPerUser = createShared('startsPerUser', options.startsPerUser ?? 20)
  const startsPerTenant = createShared('startsPerTenant', options.startsPerTenant ?? 60)
  const strayReturns = createShared('strayReturnsPerAddress', options.strayReturnsPerAddress ?? 120)
  const repositoriesPerUser = createShared('repositoriesPerUser', options.repositoriesPerUser ?? 100)
  const repositoriesPerTenant = createShared('repositoriesPerTenant', options.repositoriesPerTenant ?? 300)
  const changes = createShared('changesPerUser', options.changesPerUser ?? 300)
  const refusedWebhooks = createShared('refusedWebhooksPerAddress', options.refusedWebhooksPerAddress ?? 60)
  const reads = createOwn('readsPerUser', options.readsPerUser ?? 3000)
  const launches = createOwn('launchesPerAddress', options.launchesPerAddress ?? 600)
  const refusals = createOwn('refusalsPerAddress', options.refusalsPerAddress ?? 600)

  return {
    failedBindings: { count: options.failedBindingsPerTenant ?? 5, windowMs: FAILED_BINDINGS_WINDOW_MS },
    unfinishedBindings: options.unfinishedBindings ?? 10_000,
    webhooksAtOncePerAddress: options.webhooksAtOncePerAddress ?? 2,
    async checkStart(tenantId, userId) {
      await startsPerUser.consume(tenantId, userId)
      await startsPerTenant.consume(tenantId)
    },
    checkStrayReturn: (address) => strayReturns.consume(address),
    async checkRepositories(tenantId, userId) {
      await repositoriesPerUser.consume(tenantId, userId)
      await repositoriesPerTenant.consume(tenantId)
    },
    checkRead: ({ tenantId, userId }) => reads.consume(tenantId, userId),
    checkChange: ({ tenantId, userId }) => changes.consume(tenantId, userId),
    checkLaunch: (address) => launches.consume(address),
    checkRefusal: (address) => refusals.consume(address),
    checkRefusedWebhook: (address) => refusedWebhooks.consume(address),
    peekRefusedWebhook: (address) => refusedWebhooks.peek(address),
  }
}

interface Limit {
  consume(...values: readonly string[]): Promise<void>
  peek(...values: readonly string[]): Promise<void>
}

function createLimit(limiter: RateLimiterAbstract, keyOf: (values: readonly string[]) => string): Limit {
  return {
    async consume(...values) {
      try {
        await limiter.consume(keyOf(values))
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        throw refuse(refusal)
      }
    },
    async peek(...values) {
      const counted = await limiter.get(keyOf(values))
      if (counted !== null && counted.remainingPoints <= 0) throw refuse(counted)
    },
  }
}

function refuse({ msBeforeNext }: RateLimiterRes): ConnectError {
  return new ConnectError('rate_limited', { retryAfterSeconds: Math.ceil(msBeforeNext / 1000) })
}
