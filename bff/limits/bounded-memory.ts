// Counts in the memory of this process, for no more keys than fit: the library's own limiter keeps all of them, 0.6 kB each.
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'

/** Of each limit: about twelve megabytes. */
export const MAX_KEYS = 20_000

/**
 * When there is no room, the key whose time is over first is forgotten. Who forces that has as many addresses as there are keys, and with
 * them as many budgets already.
 */
export class BoundedRateLimiterMemory extends RateLimiterMemory {
  readonly #maxKeys: number
  readonly #known = new Set<string>()
  /** The known keys in the order in which their time is over: that of their first use, because all last equally long. */
  #queue: { readonly key: string; readonly endsAt: number }[] = []
  /** How many at the front of the queue are forgotten already. */
  #forgotten = 0

  /** @param options.durationSeconds whole seconds. */
  constructor(options: {
    readonly points: number
    readonly durationSeconds: number
    readonly maxKeys?: number
  }) {
    super({ points: options.points, duration: options.durationSeconds })
    this.#maxKeys = options.maxKeys ?? MAX_KEYS
  }

  override async consume(key: string): Promise<RateLimiterRes> {
    const now = Date.now()
    this.#forgetUntil((endsAt) => endsAt > now)
    if (!this.#known.has(key)) {
      this.#forgetUntil(() => this.#known.size < this.#maxKeys)
      this.#known.add(key)
      this.#queue.push({ key, endsAt: now + this.duration * 1000 })
    }
    return super.consume(key)
  }

  #forgetUntil(isEnough: (endsAt: number) => boolean): void {
    for (;;) {
      const oldest = this.#queue[this.#forgotten]
      if (oldest === undefined || isEnough(oldest.endsAt)) break
      this.#known.delete(oldest.key)
      // Done when it returns; the promise is for limiters that ask a database.
      void this.delete(oldest.key)
      this.#forgotten += 1
    }
    // Only now and then, because it moves all that is left.
    if (this.#forgotten <= this.#maxKeys) return
    this.#queue = this.#queue.slice(this.#forgotten)
    this.#forgotten = 0
  }
}
