// Webhook events on their way: sent one after the other, held back on demand, and recorded. Nothing is sent twice by itself.

import { BoundedMap } from '../../bounded-map.ts'
import type { Clock } from '../../clock.ts'
import type { AppName } from '../../options.ts'
import { createGuid, type RandomBytes } from '../../random-text.ts'
import type { RecordedDelivery, WebhookSignature } from '../../records.ts'
import type { Apps } from '../apps.ts'
import type { WebhookEvent } from './payloads.ts'
import { sendWebhook } from './send.ts'

const CAPACITY = 10_000

/** GitHub numbers hooks; each App has one. */
export const HOOK_IDS: Readonly<Record<AppName, number>> = { connector: 480_112_301, partner: 480_112_302 }

export interface Deliveries {
  /** Sends an event, unless the App has no webhook. */
  announce(app: AppName, event: WebhookEvent): void
  /** From now on, events wait. */
  hold(): void
  /**
   * Sends what waits: all of it, and new events wait no longer; or only these, in this order. Resolves when they are settled.
   * @throws RangeError for an id that does not wait
   */
  release(ids?: readonly string[]): Promise<void>
  /**
   * Sends a delivery again, with the same id and body. Resolves when it is settled.
   * @throws RangeError for an unknown id
   */
  redeliver(id: string, signature: WebhookSignature): Promise<void>
  /** Resolves when everything that does not wait has been answered, or failed. */
  settled(): Promise<void>
  /** Oldest first; the latest 10,000. */
  list(): RecordedDelivery[]
  /** Ends what is on its way, for good. */
  stop(): void
}

export interface DeliveriesOptions {
  readonly apps: Apps
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

export function createDeliveries({ apps, clock, randomBytes }: DeliveriesOptions): Deliveries {
  const deliveries = new BoundedMap<string, RecordedDelivery>(CAPACITY)
  const stop = new AbortController()
  let isHolding = false
  let tail = Promise.resolve()

  function getDelivery(id: string): RecordedDelivery {
    const delivery = deliveries.get(id)
    if (!delivery) throw new RangeError(`no delivery has the id ${id}`)
    return delivery
  }

  /** In the order of the calls; each waits for the one before. */
  function enqueue(id: string, signature: WebhookSignature): Promise<void> {
    tail = tail.then(() => attempt(id, signature))
    return tail
  }

  async function attempt(id: string, signature: WebhookSignature): Promise<void> {
    const delivery = deliveries.get(id)
    if (!delivery || stop.signal.aborted) return
    const app = apps[delivery.app]
    const { webhook } = app
    const hookId = HOOK_IDS[delivery.app]
    const status =
      webhook === null
        ? null
        : await sendWebhook({ app, webhook, hookId, delivery, signature, stopped: stop.signal })
    const attempts = [...delivery.attempts, { at: clock.now(), status, signature }]
    deliveries.set(id, { ...delivery, isHeld: false, status, attempts })
  }

  return {
    announce(app, { event, action, payload }) {
      if (apps[app].webhook === null) return
      const id = createGuid(randomBytes)
      const body = JSON.stringify(payload)
      const at = clock.now()
      deliveries.set(id, { id, app, event, action, at, body, status: null, attempts: [], isHeld: isHolding })
      if (!isHolding) void enqueue(id, 'valid')
    },
    hold() {
      isHolding = true
    },
    release(ids) {
      const held = [...deliveries.values()].filter(({ isHeld }) => isHeld).map(({ id }) => id)
      for (const id of ids ?? []) {
        if (!held.includes(id)) throw new RangeError(`no delivery with the id ${id} waits`)
      }
      if (ids === undefined) isHolding = false
      for (const id of ids ?? held) {
        // At once, so that a second release does not send it again.
        deliveries.set(id, { ...getDelivery(id), isHeld: false })
        void enqueue(id, 'valid')
      }
      return tail
    },
    redeliver(id, signature) {
      getDelivery(id)
      return enqueue(id, signature)
    },
    async settled() {
      // What is on its way may cause more.
      for (let last = tail; ; last = tail) {
        await last
        if (last === tail) return
      }
    },
    list: () => [...deliveries.values()],
    stop: () => stop.abort(),
  }
}
