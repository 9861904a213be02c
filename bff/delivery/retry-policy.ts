// How long to wait before a binding is tried again.

export interface RetryPolicy {
  /** Default 500. */
  readonly baseMs: number
  /** Default 30 000. */
  readonly capMs: number
  /** 0 ≤ x < 1. Default Math.random: it spreads load and protects nothing. */
  readonly random: () => number
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = { baseMs: 500, capMs: 30_000, random: Math.random }

/**
 * Full jitter: anything up to the doubled step, so that many clients do not come back at once
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), but not before `Retry-After`.
 *
 * @param attempts how often it was tried; 1 after the first failure.
 */
export function getRetryDelayMs(
  attempts: number,
  retryAfterMs: number | undefined,
  policy: RetryPolicy,
): number {
  // The exponent is capped as well: 2 ** 1024 is Infinity.
  const step = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(Math.max(attempts - 1, 0), 16))
  return Math.max(retryAfterMs ?? 0, Math.floor(policy.random() * step))
}
