// Ends a server so that nobody notices: it says that it is not ready, serves on while balancers look away, and then finishes what runs.
import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Bff } from './create-bff.ts'

/** A stop that hangs is cut after this long, not counting the delay for balancers, so that a supervisor never has to. */
const HARD_STOP_MS = 20_000
/** How long connections are taken in that were made before: on a busy machine many may wait for it. */
const ACCEPT_MS = 5_000
/** A request that has not come whole by then was not accepted. Node looks after slow ones no longer once a server closes. */
const SLOW_REQUEST_MS = 10_000
/** How long an answer may take to be read, and a connection that a browser opened ahead may stay, when there is nothing else to wait for. */
const LINGER_MS = 1_000

export interface GracefulStop {
  /** Has to see each response before it is answered. */
  watch(response: ServerResponse): void
  /** See {@link BffServer.stop}. */
  stop(): Promise<void>
}

export function createGracefulStop(
  server: Server,
  bff: Pick<Bff, 'drain' | 'close'>,
  drainMs: number,
): GracefulStop {
  const answering = new Set<ServerResponse>()
  const delay = Promise.withResolvers<void>()
  let stopping: Promise<void> | undefined
  let accepted = 0
  server.on('connection', () => (accepted += 1))

  async function stop(): Promise<void> {
    bff.drain()
    // Node then sends `Connection: close` (RFC 9112 §9.6): whoever asks next opens a connection, and a balancer elsewhere.
    for (const response of answering) response.shouldKeepAlive = false
    const delayTimer = setTimeout(delay.resolve, drainMs)
    await delay.promise
    clearTimeout(delayTimer)

    const timeIsUp = Promise.withResolvers<'cut'>()
    const hardTimer = setTimeout(() => timeIsUp.resolve('cut'), HARD_STOP_MS)
    const outcome = await Promise.race([finish(), timeIsUp.promise])
    clearTimeout(hardTimer)
    server.closeAllConnections()
    if (outcome === 'cut')
      throw new Error(
        `the stop took longer than ${HARD_STOP_MS / 1000} seconds and was cut; the next start finishes what was accepted`,
      )
  }

  async function finish(): Promise<'finished'> {
    await leaveNobody()
    const closed = new Promise((resolve) => server.close(resolve))
    const slowTimer = setTimeout(cutSlowRequests, SLOW_REQUEST_MS)
    await bff.close()
    const lingerTimer = setTimeout(() => server.closeAllConnections(), LINGER_MS)
    await closed
    clearTimeout(slowTimer)
    clearTimeout(lingerTimer)
    return 'finished'
  }

  /**
   * `server.close()` resets connections that were not accepted yet, and destroys those whose answer was handed over but not sent to the
   * end. When this ends, there are neither, or they have had their time.
   */
  async function leaveNobody(): Promise<void> {
    const startedAt = performance.now()
    for (;;) {
      const acceptedBefore = accepted
      // A turn of the event loop accepts one connection, and the one after it reads what it asks.
      await nextTurn()
      await nextTurn()
      const tookMs = performance.now() - startedAt
      if (accepted > acceptedBefore && tookMs < ACCEPT_MS) continue
      const unsent = [...answering].filter((response) => response.writableEnded)
      if (unsent.length === 0 || tookMs >= LINGER_MS) return
      await Promise.race([Promise.all(unsent.map(untilClosed)), sleep(LINGER_MS, undefined, { ref: false })])
    }
  }

  function cutSlowRequests(): void {
    for (const response of answering) if (!response.req.complete) response.destroy()
  }

  return {
    watch(response) {
      answering.add(response)
      response.once('close', () => answering.delete(response))
      if (stopping !== undefined) response.shouldKeepAlive = false
    },
    stop() {
      if (stopping !== undefined) delay.resolve()
      return (stopping ??= stop())
    },
  }
}

async function untilClosed(response: ServerResponse): Promise<void> {
  if (!response.closed) await once(response, 'close')
}
