// Keeps a number of BFF processes running on one database while they are killed: a spare is loaded in time, so that a kill is followed by
// a start at once.
import { setTimeout as delay } from 'node:timers/promises'
import type { Opening } from '../traffic/orders.ts'
import type { Random } from '../traffic/random.ts'
import { loadTrafficBff, type TrafficBff, type TrafficBffOptions } from '../traffic/traffic-bff.ts'

const PAUSE_AFTER_FAILED_START_MS = 100

export interface Fleet {
  /** Kills one of those that run, unless it is the last. False when none was killed. */
  killOne(random: Random): boolean
  /** Again is the same as once. */
  close(): Promise<void>
}

/** Resolves when all of them run. */
export async function startFleet(size: number, opening: Opening, options: TrafficBffOptions): Promise<Fleet> {
  const running = new Set<TrafficBff>()
  const alive = new Set<TrafficBff>()
  const starting = new Set<Promise<void>>()
  const closing = new AbortController()
  let spare: Promise<TrafficBff> | undefined

  async function load(): Promise<TrafficBff> {
    const bff = await loadTrafficBff(options)
    alive.add(bff)
    void bff.gone.then(() => alive.delete(bff))
    return bff
  }

  /** Goes on until one runs: the database may be away at that moment. */
  async function startOne(): Promise<void> {
    while (!closing.signal.aborted) {
      const loading = spare ?? load()
      spare = undefined
      const bff = await loading
      const isOpen = await bff.open(opening).then(
        () => true,
        () => false,
      )
      if (isOpen) {
        running.add(bff)
        return
      }
      bff.signal('SIGKILL')
      await delay(PAUSE_AFTER_FAILED_START_MS)
    }
  }

  function replace(): void {
    const start = startOne().finally(() => starting.delete(start))
    starting.add(start)
  }

  await Promise.all(Array.from({ length: size }, startOne))
  return {
    killOne(random) {
      if (running.size < 2) return false
      const victim = random.pick([...running])
      running.delete(victim)
      victim.signal('SIGKILL')
      replace()
      spare ??= load()
      return true
    },
    async close() {
      closing.abort()
      await Promise.all([...starting, spare])
      for (const bff of alive) bff.signal('SIGKILL')
      await Promise.all([...alive].map(({ gone }) => gone))
    },
  }
}
