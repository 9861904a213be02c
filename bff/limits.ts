// How often a user, a tenant or an address may do what costs something: starting flows, and guessing at returns.
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ConnectError } from './errors.ts'

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
  /**
   * Webhooks that were refused before their signature was known to be right, from one address in five minutes. Default 60. After that
   * none from there is read until the time is over. Those with a right signature are not counted.
   */
  readonly refusedWebhooksPerAddress?: number
  /** Webhooks from one address that are read at the same moment. Default 2. More only matter behind a proxy that is not listed. */
  readonly webhooksAtOncePerAddress?: number
  /** Bindings of one tenant that may fail within 15 minutes before it has to wait. Default 5. */
  readonly failedBindingsPerTenant?: number
}

const WINDOW_SECONDS = 5 * 60
const FAILED_BINDINGS_WINDOW_MS = 15 * 60_000

export interface Limits {
  /** So many failed bindings of one tenant within the time are enough. */
  readonly failedBindings: { readonly count: number; readonly windowMs: number }
  readonly webhooksAtOncePerAddress: number
  /** Throws `rate_limited` with `Retry-After`. */
  checkStart(tenantId: string, userId: string): Promise<void>
  checkStrayReturn(address: string): Promise<void>
  checkRepositories(tenantId: string, userId: string): Promise<void>
  checkRefusedWebhook(address: string): Promise<void>
  /** Counts nothing: throws when the address has no refused webhook left. */
  peekRefusedWebhook(address: string): Promise<void>
}

export function createLimits(options: LimitOptions = {}): Limits {
  const startsPerUser = createLimiter(options.startsPerUser ?? 20)
  const startsPerTenant = createLimiter(options.startsPerTenant ?? 60)
  const strayReturnsPerAddress = createLimiter(options.strayReturnsPerAddress ?? 120)
  const repositoriesPerUser = createLimiter(options.repositoriesPerUser ?? 100)
  const repositoriesPerTenant = createLimiter(options.repositoriesPerTenant ?? 300)
  const refusedWebhooksPerAddress = createLimiter(options.refusedWebhooksPerAddress ?? 60)
  return {
    failedBindings: { count: options.failedBindingsPerTenant ?? 5, windowMs: FAILED_BINDINGS_WINDOW_MS },
    webhooksAtOncePerAddress: options.webhooksAtOncePerAddress ?? 2,
    async checkStart(tenantId, userId) {
      await consume(startsPerUser, JSON.stringify([tenantId, userId]))
      await consume(startsPerTenant, tenantId)
    },
    checkStrayReturn: (address) => consume(strayReturnsPerAddress, address),
    async checkRepositories(tenantId, userId) {
      await consume(repositoriesPerUser, JSON.stringify([tenantId, userId]))
      await consume(repositoriesPerTenant, tenantId)
    },
    checkRefusedWebhook: (address) => consume(refusedWebhooksPerAddress, address),
    peekRefusedWebhook: (address) => peek(refusedWebhooksPerAddress, address),
  }
}

function createLimiter(points: number): RateLimiterMemory {
  return new RateLimiterMemory({ points, duration: WINDOW_SECONDS })
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    throw refuse(refusal)
  }
}

async function peek(limiter: RateLimiterMemory, key: string): Promise<void> {
  const counted = await limiter.get(key)
  if (counted !== null && counted.remainingPoints <= 0) throw refuse(counted)
}

function refuse({ msBeforeNext }: RateLimiterRes): ConnectError {
  return new ConnectError('rate_limited', { retryAfterSeconds: Math.ceil(msBeforeNext / 1000) })
}
