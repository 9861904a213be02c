// Ends flows whose time is up and deletes old ones, at regular intervals.
import type { InfoEvent } from '../events.ts'
import type { FlowSecrets } from '../flow-secrets.ts'
import type { Log } from '../log.ts'
import { StorageError, type ReducedAge, type Storage } from '../storage/storage.ts'

const EXPIRE_EVERY_MS = 5_000
const REDUCE_EVERY_MS = 5 * 60_000
const PURGE_EVERY_MS = 60 * 60_000

/**
 * When nobody looks at a flow any more that has ended: its cookie is gone, a page that is opened again does not show it, and it counts no
 * longer as a failed binding; all within a quarter of an hour. Approvals are shown for a week.
 */
const REDUCED_AFTER: ReducedAge = { endedMs: 60 * 60_000, awaitingMs: 7 * 24 * 60 * 60_000 }

export interface Sweeper {
  /** Resolves when a sweep that was under way has ended. */
  stop(): Promise<void>
}

export function createSweeper(deps: {
  readonly storage: Pick<Storage, 'expireFlows' | 'reduceFlows' | 'purgeFlows' | 'purgeInstallationFacts'>
  readonly secrets: Pick<FlowSecrets, 'hashOf'>
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
  const reduce = sweep(() => deps.storage.reduceFlows(REDUCED_AFTER, deps.secrets.hashOf), 'flows_reduced')
  const purge = sweep(() => deps.storage.purgeFlows(deps.retentionMs), 'flows_purged')
  const purgeWebhooks = sweep(() => deps.storage.purgeInstallationFacts(), 'webhooks_purged')
  for (const task of [expire, reduce, purge, purgeWebhooks]) task()
  const timers = [
    setInterval(expire, EXPIRE_EVERY_MS),
    setInterval(reduce, REDUCE_EVERY_MS),
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
