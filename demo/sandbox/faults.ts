// Disturbances that wait for the next calls: what a scenario queues and the origins take.

export const LAYERS_ROUTES = ['install_url', 'bind', 'get_installation', 'repos', 'whoami'] as const
export type LayersRouteName = (typeof LAYERS_ROUTES)[number]

export const WRONG_SHAPES = [
  'html',
  'empty',
  'truncated',
  'missing_fields',
  'wrong_types',
  'huge',
  'other_state',
  'other_host',
  'other_installation',
  'redirect',
  'expired',
] as const
export type WrongShape = (typeof WRONG_SHAPES)[number]

/** Calls to GitHub that the BFF's server makes: the code exchange and the REST calls. */
export const GITHUB_ROUTES = [
  'github_token',
  'github_user',
  'github_user_installations',
  'github_memberships',
  'github_membership',
  'github_organization_installations',
  'github_app',
  'github_app_installation',
  'github_revoke_token',
] as const
export type GithubRouteName = (typeof GITHUB_ROUTES)[number]

/** The wrong shapes that an answer of GitHub's can have too. */
export const GITHUB_WRONG_SHAPES = [
  'html',
  'empty',
  'truncated',
  'missing_fields',
  'wrong_types',
  'huge',
  'redirect',
] as const satisfies readonly WrongShape[]
export type GithubWrongShape = (typeof GITHUB_WRONG_SHAPES)[number]

/** Primary: the calls of this hour are used up. Secondary: too fast. */
export const RATE_LIMITS = ['primary', 'secondary'] as const
export type RateLimit = (typeof RATE_LIMITS)[number]

/** What happens to a call to GitHub instead of, or after, its normal handling. */
export type GithubFault =
  | {
      readonly kind: 'fail'
      readonly status: number
      readonly message: string
      readonly retryAfterSeconds: number | null
    }
  | { readonly kind: 'rate_limit'; readonly limit: RateLimit; readonly status: 403 | 429 }
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  | { readonly kind: 'wrong_shape'; readonly shape: GithubWrongShape }

/** What happens to a call to Layers instead of, or after, its normal handling. */
export type Fault =
  | {
      readonly kind: 'fail'
      readonly status: number
      readonly code: string
      readonly message: string
      readonly retryAfterSeconds: number | null
      readonly details: Readonly<Record<string, unknown>> | null
    }
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  | { readonly kind: 'wrong_shape'; readonly shape: WrongShape }

export const RETURN_FAULTS = [
  'foreign_id',
  'return_twice',
  'no_state',
  'other_state',
  'no_return',
  'with_code',
] as const
export type ReturnFault = (typeof RETURN_FAULTS)[number]

/** Longest queue per route or kind; a scenario that would exceed it is refused. */
export const QUEUE_CAPACITY = 10_000

/** What waits for the calls to a set of routes. */
export interface CallFaults<Route extends string, CallFault> {
  /** Queues a fault for a route. Faults of a route happen one per call, in the order they were queued. */
  queue(route: Route, fault: CallFault, times: number): void
  /** Queues a delay. Delays have a queue of their own, so that a call can be late and fail. */
  queueDelay(route: Route, delayMs: number, times: number): void
  take(route: Route): CallFault | undefined
  takeDelayMs(route: Route): number | undefined
  /** How many wait, by route and kind; empty when nothing waits. */
  describe(): Record<string, number>
}

export interface Faults {
  readonly layers: CallFaults<LayersRouteName, Fault>
  readonly github: CallFaults<GithubRouteName, GithubFault>
  /** Queues an oddity of GitHub's redirect. Different ones combine in one redirect. */
  queueReturn(fault: ReturnFault, times: number): void
  takeReturn(fault: ReturnFault): boolean
  isReturnQueued(fault: ReturnFault): boolean
  /** Queues the account, by number, whose installation id a redirect is to bring instead of the right one. */
  queueReturnedAccount(accountId: number, times: number): void
  takeReturnedAccount(): number | undefined
  /** How many wait, by route and kind, or by oddity; empty when nothing waits. */
  describe(): Record<string, number>
}

export function createFaults(): Faults {
  const layers = createCallFaults<LayersRouteName, Fault>()
  const github = createCallFaults<GithubRouteName, GithubFault>()
  const returns = new Map<ReturnFault, number>()
  const returnedAccounts: number[] = []

  return {
    layers,
    github,
    queueReturn(fault, times) {
      const waiting = (returns.get(fault) ?? 0) + times
      checkCapacity(waiting)
      returns.set(fault, waiting)
    },
    takeReturn(fault) {
      const waiting = returns.get(fault) ?? 0
      if (waiting > 0) returns.set(fault, waiting - 1)
      return waiting > 0
    },
    isReturnQueued: (fault) => (returns.get(fault) ?? 0) > 0,
    queueReturnedAccount(accountId, times) {
      checkCapacity(returnedAccounts.length + times)
      for (let count = 0; count < times; count += 1) returnedAccounts.push(accountId)
    },
    takeReturnedAccount: () => returnedAccounts.shift(),
    describe() {
      const waiting = { ...layers.describe(), ...github.describe() }
      for (const [fault, times] of returns) if (times > 0) waiting[`return ${fault}`] = times
      if (returnedAccounts.length > 0) waiting['return installation'] = returnedAccounts.length
      return waiting
    },
  }
}

function createCallFaults<Route extends string, CallFault extends { readonly kind: string }>(): CallFaults<
  Route,
  CallFault
> {
  const faults = new Map<Route, CallFault[]>()
  const delays = new Map<Route, number[]>()

  return {
    queue: (route, fault, times) => append(faults, route, fault, times),
    queueDelay: (route, delayMs, times) => append(delays, route, delayMs, times),
    take: (route) => faults.get(route)?.shift(),
    takeDelayMs: (route) => delays.get(route)?.shift(),
    describe() {
      const waiting: Record<string, number> = {}
      const count = (name: string, times: number) => {
        if (times > 0) waiting[name] = (waiting[name] ?? 0) + times
      }
      for (const [route, queue] of faults) for (const fault of queue) count(`${route} ${fault.kind}`, 1)
      for (const [route, queue] of delays) count(`${route} delay`, queue.length)
      return waiting
    },
  }
}

function append<Route, Item>(queues: Map<Route, Item[]>, route: Route, item: Item, times: number): void {
  const queue = queues.get(route) ?? []
  checkCapacity(queue.length + times)
  for (let count = 0; count < times; count += 1) queue.push(item)
  queues.set(route, queue)
}

function checkCapacity(length: number): void {
  if (length > QUEUE_CAPACITY) throw new RangeError(`at most ${QUEUE_CAPACITY} can wait at a time`)
}
