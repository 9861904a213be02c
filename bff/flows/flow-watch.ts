// Lets a request wait for a flow to change, so that a result is seen at once and not at the next poll.
import type { Storage } from '../storage/storage.ts'

/** Above this many waiting requests, further ones are answered at once and ask again: memory stays bounded. */
const MAX_WAITING = 10_000
/** The same for one person, whose tabs then take turns instead of everybody's places. */
const MAX_WAITING_PER_PERSON = 30

export interface WaitLimit {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Who waits. */
  readonly person: { readonly tenantId: string; readonly userId: string }
}

export interface FlowWatch {
  /**
   * Asks `probe` now and after each change of the flow until it returns something; undefined when time is up, the signal
   * aborts, or the watch closes.
   */
  waitFor<Result>(
    flowId: string,
    probe: () => Promise<Result | undefined>,
    limit: WaitLimit,
  ): Promise<Result | undefined>
  close(): void
}

export function createFlowWatch(storage: Pick<Storage, 'onFlowChanged' | 'onChangesMissed'>): FlowWatch {
  const waiting = new Map<string, Set<() => void>>()
  const waitingPerPerson = new Map<string, number>()
  let waitingCount = 0
  let isClosed = false
  const unsubscribe = storage.onFlowChanged((flowId) => {
    for (const wake of waiting.get(flowId) ?? []) wake()
  })
  const unsubscribeMissed = storage.onChangesMissed(wakeAll)

  function wakeAll(): void {
    for (const wakers of waiting.values()) for (const wake of wakers) wake()
  }

  function countIn(person: string, change: 1 | -1): number {
    waitingCount += change
    const count = (waitingPerPerson.get(person) ?? 0) + change
    if (count > 0) waitingPerPerson.set(person, count)
    else waitingPerPerson.delete(person)
    return count
  }

  function subscribe(flowId: string, wake: () => void): () => void {
    const wakers = waiting.get(flowId) ?? new Set()
    waiting.set(flowId, wakers.add(wake))
    return () => {
      wakers.delete(wake)
      if (wakers.size === 0 && waiting.get(flowId) === wakers) waiting.delete(flowId)
    }
  }

  return {
    async waitFor(flowId, probe, { timeoutMs, signal, person: { tenantId, userId } }) {
      const person = JSON.stringify([tenantId, userId])
      const isTooMany = countIn(person, 1) > MAX_WAITING_PER_PERSON || waitingCount > MAX_WAITING
      // Subscribed before the first look, so that a change between the two is not missed.
      let change = Promise.withResolvers<'changed' | 'over'>()
      const unsubscribeFlow = subscribe(flowId, () => change.resolve('changed'))
      const giveUp = (): void => change.resolve('over')
      let isOver = timeoutMs <= 0 || isTooMany
      const timer = setTimeout(() => {
        isOver = true
        giveUp()
      }, timeoutMs)
      signal.addEventListener('abort', giveUp, { once: true })
      try {
        for (;;) {
          const result = await probe()
          if (result !== undefined || isOver || isClosed || signal.aborted) return result
          await change.promise
          change = Promise.withResolvers()
        }
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
        unsubscribeFlow()
        countIn(person, -1)
      }
    },

    close() {
      isClosed = true
      unsubscribe()
      unsubscribeMissed()
      wakeAll()
    },
  }
}
