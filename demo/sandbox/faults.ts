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

/** What happens to a call instead of, or after, its normal handling. */
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

export interface Faults {
  /** Queues a fault for a route. Faults of a route happen one per call, in the order they were queued. */
  queue(route: LayersRouteName, fault: Fault, times: number): void
  /** Queues a delay. Delays have a queue of their own, so that a call can be late and fail. */
  queueDelay(route: LayersRouteName, delayMs: number, times: number): void
  take(route: LayersRouteName): Fault | undefined
  takeDelayMs(route: LayersRouteName): number | undefined
  /** Queues an oddity of GitHub's redirect. Different ones combine in one redirect. */
  queueReturn(fault: ReturnFault, times: number): void
  takeReturn(fault: ReturnFault): boolean
  isReturnQueued(fault: ReturnFault): boolean
  /** How many wait, by route and kind, or by oddity; empty when nothing waits. */
  describe(): Record<string, number>
}

export function createFaults(): Faults {
  const faults = new Map<LayersRouteName, Fault[]>()
  const delays = new Map<LayersRouteName, number[]>()
  const returns = new Map<ReturnFault, number>()

  return {
    queue: (route, fault, times) => append(faults, route, fault, times),
    queueDelay: (route, delayMs, times) => append(delays, route, delayMs, times),
    take: (route) => faults.get(route)?.shift(),
    takeDelayMs: (route) => delays.get(route)?.shift(),
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
    describe() {
      const waiting: Record<string, number> = {}
      const count = (name: string, times: number) => {
        if (times > 0) waiting[name] = (waiting[name] ?? 0) + times
      }
      for (const [route, queue] of faults) for (const fault of queue) count(`${route} ${fault.kind}`, 1)
      for (const [route, queue] of delays) count(`${route} delay`, queue.length)
      for (const [fault, times] of returns) count(`return ${fault}`, times)
      return waiting
    },
  }
}

function append<Item>(
  queues: Map<LayersRouteName, Item[]>,
  route: LayersRouteName,
  item: Item,
  times: number,
): void {
  const queue = queues.get(route) ?? []
  checkCapacity(queue.length + times)
  for (let count = 0; count < times; count += 1) queue.push(item)
  queues.set(route, queue)
}

function checkCapacity(length: number): void {
  if (length > QUEUE_CAPACITY) throw new RangeError(`at most ${QUEUE_CAPACITY} can wait at a time`)
}
