// A map that forgets its oldest entries, so that a sandbox left running for weeks stays small.

/** A Map with at most `capacity` entries; adding one more drops the one that was added first. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #capacity: number

  constructor(capacity: number) {
    super()
    this.#capacity = capacity
  }

  override set(key: Key, value: Value): this {
    super.set(key, value)
    if (this.size > this.#capacity) {
      const oldest = this.keys().next()
      if (!oldest.done) this.delete(oldest.value)
    }
    return this
  }
}
