// Tells listeners in this process that a flow has changed. A hint to read again, so it carries the id only.

/**
 * More listeners than any process needs, so reaching it means that somebody forgets to unsubscribe: better an error
 * there than memory that grows until the process dies.
 */
const MAX_LISTENERS = 10_000

export interface FlowChanges {
  /** @throws RangeError when {@link MAX_LISTENERS} are subscribed already. */
  subscribe(listener: (flowId: string) => void): () => void
  notify(flowIds: Iterable<string>): void
  /** Hears when changes may have been missed. */
  subscribeMissed(listener: () => void): () => void
  notifyMissed(): void
  clear(): void
}

export function createFlowChanges(): FlowChanges {
  // Keyed by subscription, not by function: the same function may be subscribed twice and unsubscribed once.
  const listeners = new Map<symbol, (flowId: string) => void>()
  const missedListeners = new Map<symbol, () => void>()

  return {
    subscribe: (listener) => add(listeners, listener),

    notify(flowIds) {
      for (const flowId of flowIds) callAll(listeners, (listener) => listener(flowId))
    },

    subscribeMissed: (listener) => add(missedListeners, listener),

    notifyMissed() {
      callAll(missedListeners, (listener) => listener())
    },

    clear() {
      listeners.clear()
      missedListeners.clear()
    },
  }
}

function add<Listener>(listeners: Map<symbol, Listener>, listener: Listener): () => void {
  if (listeners.size >= MAX_LISTENERS) {
    throw new RangeError(
      `storage: more than ${MAX_LISTENERS} listeners for flow changes; call the function that onFlowChanged returned`,
    )
  }
  const subscription = Symbol('flow change listener')
  listeners.set(subscription, listener)
  return () => void listeners.delete(subscription)
}

function callAll<Listener>(listeners: Map<symbol, Listener>, call: (listener: Listener) => void): void {
  // A copy, because a listener may unsubscribe itself or others while it is called.
  for (const listener of Array.from(listeners.values())) {
    try {
      call(listener)
    } catch {
      // The change is committed. Neither the caller that made it nor the other listeners may suffer from one
      // that fails; each of them reads the flow again by itself.
    }
  }
}
