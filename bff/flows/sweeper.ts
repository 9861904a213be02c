// Ends flows whose time is up and deletes old ones, at regular intervals.
import type { InfoEvent } from '../events.ts'
import type { Log } from '../log.ts'
import { StorageError, type Storage } from '../storage/storage.ts'

const EXPIRE_EVERY_MS = 5_000
const PURGE_EVERY_MS = 60 * 60_000

export interface Sweeper {
  /** Resolves when a sweep that was under way has ended. */
  stop(): Promise<void>
}

export function createSweeper(deps: {
  readonly storage: Pick<Storage, 'expireFlows' | 'purgeFlows' | 'purgeInstallationFacts'>
  readonly log: Log
  readonly retentionMs: number
  readonly onFatal: (error: unknown) => void
}): Sweeper {
  const running = new Set<Promise<void>>()
  const sweep = (task: () => Promise<number>, event: InfoEvent) => (): void => {
    const work = task().then(
      (count) => (count > 0 ? deps.log.info(event, { count }) : undefined),
      (error: unknown) => {
        if (error instanceof StorageError && error.kind === 'fatal') deps.onFatal(error)
        else deps.log.warn('sweep_failed', { error })
      },
    )
    running.add(work)
    void work.finally(() => running.delete(work))
  }
  const expire = sweep(() => deps.storage.expireFlows(), 'flows_expired')
  const purge = sweep(() => deps.storage.purgeFlows(deps.retentionMs), 'flows_purged')
  const purgeWebhooks = sweep(() => deps.storage.purgeInstallationFacts(), 'webhooks_purged')
  for (const task of [expire, purge, purgeWebhooks]) task()
  const timers = [
    setInterval(expire, EXPIRE_EVERY_MS),
    setInterval(purge, PURGE_EVERY_MS),
    setInterval(purgeWebhooks, PURGE_EVERY_MS),
  ]
  for (const timer of timers) timer.unref()
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(running)
    },
  }
}
