// Leaves an upstream alone that is down: after a row of failures nothing is sent for a while, and then one call finds out.
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll } from 'cockatiel'

export interface CircuitBreakerSettings {
  /** Failures one after the other until it opens. Default 5. */
  readonly failures: number
  /** How long nothing is sent before one call may find out, in milliseconds. Default 20 000. */
  readonly openMs: number
}

/** One call in 20 s, after those that were under way when the upstream went down, stays below 12 a minute. */
export const DEFAULT_CIRCUIT_BREAKER: CircuitBreakerSettings = { failures: 5, openMs: 20_000 }

/** Somebody else's call is finding out right now; it takes no longer than a call may. */
const PROBE_WAIT_MS = 2_000

export interface CircuitBreaker {
  /**
   * Makes the call, and hands out what came of it.
   *
   * @throws CircuitOpenError at once, without making the call, while the upstream is left alone.
   */
  run<Result>(call: () => Promise<Result>): Promise<Result>
  /** True when {@link CircuitBreaker.run} would refuse right now. */
  isOpen(): boolean
  /** True from a failure to the next answer: whoever can wait sends one call at a time. */
  isDoubtful(): boolean
}

/** No call was made. */
export class CircuitOpenError extends Error {
  override readonly name = 'CircuitOpenError'
  /** When a call may be made again at the earliest. */
  readonly retryAfterMs: number
  /** How long the upstream has been left alone by now. */
  readonly openForMs: number

  constructor(retryAfterMs: number, openForMs: number) {
    super('no call is made while the upstream is down')
    this.retryAfterMs = retryAfterMs
    this.openForMs = openForMs
  }
}

interface Answered<Result> {
  /** Wrapped, so that a rejection that is an answer reaches the caller past the policy. */
  readonly result: Promise<Result>
}

/**
 * Time is read here and not in the library, which knows the wall clock only: set back by an hour, it would stay open for that long.
 * Nor do calls wait here for the one that finds out, because a crowd of them would be sent at once then.
 */
const WHEN_ASKED = { duration: Number.NEGATIVE_INFINITY, next: () => WHEN_ASKED }

/** @param options.now a clock in milliseconds that never goes back, with any beginning. */
export function createCircuitBreaker(
  options: CircuitBreakerSettings & {
    readonly now: () => number
    /** Whether the upstream is down, by what a call threw. Whatever else it throws is an answer, and counts as a success. */
    readonly isOutage: (error: unknown) => boolean
    readonly onOpened: () => void
    /** @param openForMs how long the upstream was left alone. */
    readonly onClosed: (openForMs: number) => void
  },
): CircuitBreaker {
  const { failures, openMs, now, isOutage } = options
  const policy = circuitBreaker(handleAll, {
    halfOpenAfter: WHEN_ASKED,
    breaker: new ConsecutiveBreaker(failures),
  })
  let isDoubtful = false
  let firstOpenedAt: number | undefined
  let openedAt = 0
  policy.onBreak(() => {
    openedAt = now()
    if (firstOpenedAt !== undefined) return
    firstOpenedAt = openedAt
    options.onOpened()
  })
  policy.onReset(() => {
    const openForMs = now() - (firstOpenedAt ?? openedAt)
    firstOpenedAt = undefined
    options.onClosed(openForMs)
  })

  function findRefusal(): CircuitOpenError | undefined {
    if (policy.state === CircuitState.Closed) return undefined
    const at = now()
    const leftMs = policy.state === CircuitState.Open ? openedAt + openMs - at : PROBE_WAIT_MS
    return leftMs > 0 ? new CircuitOpenError(leftMs, at - (firstOpenedAt ?? at)) : undefined
  }

  /** Throws for an outage only, because what is thrown counts as a failure. */
  async function judge<Result>(call: () => Promise<Result>): Promise<Answered<Result>> {
    const result = call()
    const error = await result.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    isDoubtful = isOutage(error)
    if (isDoubtful) throw error
    return { result }
  }

  return {
    isOpen: () => findRefusal() !== undefined,
    isDoubtful: () => isDoubtful,
    async run(call) {
      const refusal = findRefusal()
      if (refusal !== undefined) throw refusal
      const { result } = await policy.execute(() => judge(call))
      return result
    },
  }
}
