// A BFF that is killed again and again: there is always one, or one about to come.
import { BffGoneError, loadTrafficBff, type TrafficBff } from '../traffic/traffic-bff.ts'
import type { Kill, Opening } from '../traffic/orders.ts'

export interface KilledBffOptions {
  readonly directory: string
  readonly onOutput: (text: string) => void
}

export interface KilledBff {
  /** For customers: the base URL of the BFF that runs; waits for the next one while there is none. */
  readonly target: () => Promise<string>
  /** Opens the next process; the one after that is loaded meanwhile. Resolves when it listens. */
  start(opening: Opening): Promise<void>
  /**
   * Resolves when the process is dead. False: it had not got to the point when `givenUp` resolved, and was killed from outside instead.
   */
  dieAt(kill: Kill, givenUp: Promise<unknown>): Promise<boolean>
  /** Kills it from outside. */
  die(): Promise<void>
  close(): Promise<void>
}

export function createKilledBff(options: KilledBffOptions): KilledBff {
  let next: Promise<TrafficBff> = loadTrafficBff(options)
  let running: TrafficBff | undefined
  let current = Promise.withResolvers<string>()

  async function die(): Promise<void> {
    running?.signal('SIGKILL')
    await running?.gone
    current = Promise.withResolvers<string>()
  }

  return {
    target: () => current.promise,
    async start(opening) {
      running = await next
      next = loadTrafficBff(options)
      current.resolve(await running.open(opening))
    },
    async dieAt(kill, givenUp) {
      if (running === undefined) throw new Error('no BFF is running')
      const { gone } = running
      try {
        await running.killAt(kill)
      } catch (error) {
        if (!(error instanceof BffGoneError)) throw error
      }
      const isReached = await Promise.race([gone.then(() => true), givenUp.then(() => false)])
      await die()
      return isReached
    },
    die,
    async close() {
      await die()
      const spare = await next.catch(() => undefined)
      spare?.signal('SIGKILL')
      await spare?.gone
    },
  }
}
