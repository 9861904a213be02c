// A value that cannot be printed: every way of turning it into text gives `[secret]`.
import { inspect } from 'node:util'

const HIDDEN = '[secret]'

/** Holds a secret string. The only way to the value is {@link Secret.reveal}, so that each use can be found by its name. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** Hands the value to `read` and returns what that returns. Never keep or log what you are given. */
  reveal<Result>(read: (value: string) => Result): Result {
    return read(this.#value)
  }

  toString(): string {
    return HIDDEN
  }

  toJSON(): string {
    return HIDDEN
  }

  [inspect.custom](): string {
    return HIDDEN
  }
}
